using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Rest;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MatchEngine.Service.Hosting;

/// <summary>The OpenAPI description: who may call what, and the bodies that the service reads itself.</summary>
internal static class ApiDescription
{
    private const string Key = "apiKey";
    private const string Bearer = "bearer";
    private const string Cookie = "cookie";

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "MatchEngine",
                Version = "v1",
                Description =
                    "A face recognition service. A candidate list is a lead for further inquiry, never an identification of anyone.",
            };
            // The address under which it was fetched holds for a client; a list of listening addresses does not.
            document.Servers = [];
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key" },
                [Key] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey,
                    In = ParameterLocation.Header,
                    Name = KeyAuthentication.KeyHeader,
                    Description = "An API key",
                },
                [Cookie] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.ApiKey,
                    In = ParameterLocation.Cookie,
                    Name = "matchengine",
                    Description = "The cookie of an interactive sign-in",
                },
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(async (operation, context, cancellationToken) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            AddHeaders(operation);
            if (!metadata.OfType<IAllowAnonymous>().Any())
            {
                operation.Security =
                [
                    new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] },
                    new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, context.Document)] = [] },
                    new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Cookie, context.Document)] = [] },
                ];
                var roles = metadata.OfType<IAuthorizeData>().Where(data => data.Policy is not null)
                    .SelectMany(data => Policies.Roles[data.Policy!]).Distinct();
                operation.Description = $"Roles: {string.Join(", ", roles)}.";
            }
            if (metadata.OfType<TakesFile>().FirstOrDefault() is { } file)
                operation.RequestBody = new OpenApiRequestBody
                {
                    Required = true,
                    Content = new Dictionary<string, OpenApiMediaType>
                    {
                        [file.ContentType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                    },
                };
            if (metadata.OfType<TakesImages>().FirstOrDefault() is { } takes)
                operation.RequestBody = await BodyAsync(takes, context, cancellationToken);
        });
    }

    private static void AddHeaders(OpenApiOperation operation)
    {
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (response is not OpenApiResponse described)
                continue;
            described.Headers ??= new Dictionary<string, IOpenApiHeader>();
            described.Headers[RequestIds.Header] = new OpenApiHeader
            {
                Description = "The request's id",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
            if (status is "429" or "503")
                described.Headers["Retry-After"] = new OpenApiHeader
                {
                    Description = "Seconds to wait",
                    Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
                };
        }
    }

    /// <summary>The two forms of a request with images: multipart with files, and JSON with base64.</summary>
    private static async Task<OpenApiRequestBody> BodyAsync(
        TakesImages takes, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var request = await context.GetOrCreateSchemaAsync(takes.Request, null, cancellationToken);
        var multipart = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema> { [Submission.RequestPart] = request },
            Required = new HashSet<string>(),
        };
        var json = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>(request.Properties ?? new Dictionary<string, IOpenApiSchema>()),
            Required = new HashSet<string>(request.Required ?? new HashSet<string>()),
            AdditionalPropertiesAllowed = false,
        };
        var encodings = new Dictionary<string, OpenApiEncoding> { [Submission.RequestPart] = new() { ContentType = "application/json" } };
        foreach (var image in takes.Images)
        {
            multipart.Properties[image.Name] = OneOrSeveral(
                image, new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary", Description = image.Description });
            json.Properties[image.Name] = OneOrSeveral(
                image,
                new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte", Description = $"{image.Description}, in base64" });
            encodings[image.Name] = new OpenApiEncoding { ContentType = "image/*" };
            if (image.Required)
            {
                multipart.Required.Add(image.Name);
                json.Required.Add(image.Name);
            }
        }
        return new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["multipart/form-data"] = new OpenApiMediaType { Schema = multipart, Encoding = encodings },
                ["application/json"] = new OpenApiMediaType { Schema = json },
            },
        };
    }

    private static OpenApiSchema OneOrSeveral(ImageField image, OpenApiSchema schema) =>
        image.Several ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = schema, Description = image.Description } : schema;
}
