using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace MatchEngine.Service.Hosting;

/// <summary>
/// An example for each body of the description. Those of requests are written by hand (<c>ApiExamples.json</c>); answers, and requests that
/// nobody has written yet, are made from their schema with the values of that file by the names of members.
/// </summary>
internal static class ApiExamples
{
    private const int MaxDepth = 8;

    private static readonly JsonObject Written = Read();

    /// <summary>Gives every JSON body of the document its example.</summary>
    public static void Add(OpenApiDocument document)
    {
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
        {
            if (Json(operation.RequestBody?.Content) is { } request)
                request.Example = Request(operation.OperationId) ?? Of(request.Schema, requiredOnly: true);
            foreach (var (status, response) in operation.Responses ?? [])
            {
                // A problem's example stands for all: what differs is told by its code.
                if (status[0] == '2' && Json(response.Content) is { } answer)
                    answer.Example = Of(answer.Schema, requiredOnly: false);
            }
        }
    }

    private static JsonNode? Request(string? operation) =>
        operation is null ? null : Written["requests"]![operation]?.DeepClone();

    private static OpenApiMediaType? Json(IDictionary<string, OpenApiMediaType>? content) =>
        content is not null && content.TryGetValue("application/json", out var json) ? json : null;

    private static JsonNode? Of(IOpenApiSchema? schema, bool requiredOnly, string name = "", int depth = 0)
    {
        if (schema is null || depth > MaxDepth)
            return null;
        if (Written["values"]!.AsObject().TryGetPropertyValue(name, out var value) && Fits(value, schema))
            return value?.DeepClone();
        if (schema.OneOf?.FirstOrDefault(one => one.Properties is { Count: > 0 } || one.Enum is { Count: > 0 }) is { } meant)
            return Of(meant, requiredOnly, name, depth);
        if (schema.Enum?.FirstOrDefault(one => one is not null) is { } first)
            return first.DeepClone();
        if (schema.Properties is { Count: > 0 } members)
        {
            var made = new JsonObject();
            foreach (var (member, type) in members)
                if (!requiredOnly || schema.Required?.Contains(member) == true)
                    made[member] = Of(type, requiredOnly, member, depth + 1);
            return made;
        }
        return (schema.Type & ~JsonSchemaType.Null) switch
        {
            JsonSchemaType.Array => Of(schema.Items, requiredOnly, "", depth + 1) is { } element ? new JsonArray(element) : [],
            JsonSchemaType.Object => new JsonObject(),
            JsonSchemaType.Boolean => true,
            JsonSchemaType.Integer => 1,
            JsonSchemaType.Number => 1.5,
            JsonSchemaType.String => Text(schema, name),
            _ => null,
        };
    }

    private static JsonNode? Text(IOpenApiSchema schema, string name) => schema.Format switch
    {
        "date-time" => "2026-01-31T09:30:00Z",
        "date" => "2026-01-31",
        "byte" or "binary" => "/9j/4AAQSkZJRgABAQ==",
        // Null says that there is none; an example of what nobody has to say would only mislead.
        _ when schema.Type!.Value.HasFlag(JsonSchemaType.Null) => null,
        _ => name.Length > 0 ? name : "people",
    };

    /// <summary>Whether a value by the name of a member is of the member's kind: the same name means other things elsewhere.</summary>
    private static bool Fits(JsonNode? value, IOpenApiSchema schema) => value?.GetValueKind() switch
    {
        null => schema.Type?.HasFlag(JsonSchemaType.Null) == true,
        System.Text.Json.JsonValueKind.String => schema.Type?.HasFlag(JsonSchemaType.String) == true && schema.Format is null
            && schema.Enum is not { Count: > 0 },
        System.Text.Json.JsonValueKind.Number => schema.Type?.HasFlag(JsonSchemaType.Number) == true
            || schema.Type?.HasFlag(JsonSchemaType.Integer) == true,
        System.Text.Json.JsonValueKind.Array => schema.Type?.HasFlag(JsonSchemaType.Array) == true,
        _ => schema.Properties is not { Count: > 0 } && schema.Type?.HasFlag(JsonSchemaType.Array) != true,
    };

    private static JsonObject Read()
    {
        using var stream = typeof(ApiExamples).Assembly.GetManifestResourceStream("ApiExamples.json")!;
        return JsonNode.Parse(stream)!.AsObject();
    }
}
