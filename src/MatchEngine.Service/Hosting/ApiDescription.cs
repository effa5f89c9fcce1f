using System.Globalization;
using System.Text.Json.Nodes;
using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Rest;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// The OpenAPI description: who may call what, and the bodies that the service reads itself. There are two documents, alike but for
/// requests with images: generators of clients want one form of a request in a document.
/// </summary>
internal static class ApiDescription
{
    /// <summary>The document in which images are base64 in JSON.</summary>
    public const string Json = "v1";

    /// <summary>The document in which images are files of a <c>multipart/form-data</c> body.</summary>
    public const string Files = "v1-files";

    private const string Key = "apiKey";
    private const string Bearer = "bearer";
    private const string Cookie = "cookie";

    /// <summary>Describes both documents.</summary>
    public static void Add(IServiceCollection services)
    {
        services.AddOpenApi(Json, options => Configure(options, asFiles: false));
        services.AddOpenApi(Files, options => Configure(options, asFiles: true));
    }

    private static void Configure(OpenApiOptions options, bool asFiles)
    {
        // What the generators of clients read: null as a property of a type, not as a type of its own.
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0;
        options.AddSchemaTransformer(AsClientsReadIt);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "MatchEngine",
                Version = "v1",
                Description =
                    "A face recognition service. A candidate list is a lead for further inquiry, never an identification of anyone. "
                        + (asFiles
                            ? $"Images go as files of a multipart body here; /openapi/{Json}.json has them in JSON."
                            : $"Images go as base64 in JSON here; /openapi/{Files}.json has them as files of a multipart body.")
                        // Of every operation of its method: as parameters of each they would only stand in the way of its own.
                        + $" Any POST takes the header {IdempotentRequests.Header}: sent again with "
                        + "the same body it is answered as it was, "
                        + "and nothing is done twice. A search takes Prefer: respond-async, and is then answered later, "
                        + "at /v1/operations.",
            };
            // Where the service listens is not where clients reach it, and a document that is committed has one answer.
            document.Servers =
            [
                new OpenApiServer
                {
                    Url = "https://localhost:8443", Description = "As it is started first; the address of your service goes in its place",
                },
            ];
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
            ApiExamples.Add(document);
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
                        [file.ContentType] = new() { Schema = Binary() },
                    },
                };
            if (metadata.OfType<TakesImages>().FirstOrDefault() is { } takes)
                operation.RequestBody = asFiles
                    ? await FilesAsync(takes, context, cancellationToken)
                    : await JsonAsync(takes, context, cancellationToken);
            AddBinaryAnswers(operation, metadata);
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

    /// <summary>
    /// Whole numbers and names of values are read by converters, of which the framework cannot say what they take; no defaults.
    /// </summary>
    private static Task AsClientsReadIt(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(int) || bare == typeof(long))
        {
            schema.Type = bare == type ? JsonSchemaType.Integer : JsonSchemaType.Integer | JsonSchemaType.Null;
            schema.Format = bare == typeof(int) ? "int32" : "int64";
        }
        else if (bare.IsEnum)
        {
            // One schema for all who refer to it: whether there may be null is theirs to say.
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. (schema.Enum ?? []).OfType<JsonNode>()];
        }
        // Generators take a member with a default for one that is always there, and then a request has to name it.
        schema.Default = null;
        return Task.CompletedTask;
    }

    /// <summary>Pictures and archives have no type in the code, and so no content in the framework's description.</summary>
    private static void AddBinaryAnswers(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var produced in metadata.OfType<IProducesResponseTypeMetadata>().Where(
            one => one.Type is null || one.Type == typeof(void)))
        {
            if (operation.Responses?.GetValueOrDefault(
                produced.StatusCode.ToString(CultureInfo.InvariantCulture)) is not OpenApiResponse answer)
                continue;
            foreach (var type in produced.ContentTypes)
            {
                answer.Content ??= new Dictionary<string, OpenApiMediaType>();
                answer.Content[type] = new OpenApiMediaType { Schema = Binary() };
            }
        }
    }

    /// <summary>A request with its images as base64 beside the other members: a schema of its own by the request's name.</summary>
    private static async Task<OpenApiRequestBody> JsonAsync(
        TakesImages takes, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var request = await RequestAsync(takes.Request, context, cancellationToken);
        request.AdditionalPropertiesAllowed = false;
        foreach (var image in takes.Images)
        {
            request.Properties![image.Name] = OneOrSeveral(
                image,
                new OpenApiSchema { Type = JsonSchemaType.String, Format = "byte", Description = $"{image.Description}, in base64" });
            if (image.Required)
                (request.Required ??= new HashSet<string>()).Add(image.Name);
        }
        context.Document!.AddComponent(takes.Request.Name, request);
        return new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new() { Schema = new OpenApiSchemaReference(takes.Request.Name, context.Document) },
            },
        };
    }

    /// <summary>A request with its images as files beside a part that holds the other members.</summary>
    private static async Task<OpenApiRequestBody> FilesAsync(
        TakesImages takes, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        context.Document!.AddComponent(takes.Request.Name, await RequestAsync(takes.Request, context, cancellationToken));
        var body = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                [Submission.RequestPart] = new OpenApiSchemaReference(takes.Request.Name, context.Document),
            },
            Required = new HashSet<string>(),
        };
        var encodings = new Dictionary<string, OpenApiEncoding> { [Submission.RequestPart] = new() { ContentType = "application/json" } };
        foreach (var image in takes.Images)
        {
            body.Properties[image.Name] = OneOrSeveral(image, Binary(image.Description));
            encodings[image.Name] = new OpenApiEncoding { ContentType = "image/*" };
            if (image.Required)
                body.Required.Add(image.Name);
        }
        return new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["multipart/form-data"] = new() { Schema = body, Encoding = encodings } },
        };
    }

    /// <summary>The schema of a request whose records of ours are named, as elsewhere in the document, and not repeated in it.</summary>
    private static async Task<OpenApiSchema> RequestAsync(
        Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken);
        foreach (var member in WireJson.Options.GetTypeInfo(type).Properties)
        {
            if (member.PropertyType.Assembly != typeof(ApiDescription).Assembly || member.PropertyType.IsEnum)
                continue;
            context.Document!.AddComponent(
                member.PropertyType.Name, await context.GetOrCreateSchemaAsync(member.PropertyType, null, cancellationToken));
            schema.Properties![member.Name] = new OpenApiSchemaReference(member.PropertyType.Name, context.Document);
        }
        return schema;
    }

    private static OpenApiSchema Binary(string? description = null) =>
        new() { Type = JsonSchemaType.String, Format = "binary", Description = description };

    private static OpenApiSchema OneOrSeveral(ImageField image, OpenApiSchema schema) =>
        image.Several ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = schema, Description = image.Description } : schema;
}
