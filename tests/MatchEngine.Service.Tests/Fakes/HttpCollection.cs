using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>
/// The requests of a <c>.http</c> file, which editors send one by one: written from the description, and read as these editors read it.
/// </summary>
internal static class HttpCollection
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly Dictionary<string, string> Values = new()
    {
        ["gallery"] = "people", ["subject"] = "anna", ["organisation"] = "fraud", ["other"] = "anna-2", ["rank"] = "1", ["case"] = "C-17",
        ["course"] = "fr-101",
    };

    /// <summary>A request.</summary>
    public sealed record Request(string Name, string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

    /// <summary>Writes a file with every operation of a description.</summary>
    public static string Write(JsonElement document)
    {
        var operations = (
            from path in document.GetProperty("paths").EnumerateObject()
            from method in path.Value.EnumerateObject()
            let tag = method.Value.TryGetProperty("tags", out var tags) ? tags[0].GetString()! : ""
            select (Tag: tag, Path: path.Name, Method: method.Name.ToUpperInvariant(), Operation: method.Value)).ToList();
        var names = operations.SelectMany(one => Parameters(one.Path)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var text = new StringBuilder(
            """
            # Every operation of openapi/v1.json, for editors that send .http files. Written by build/openapi.sh: change it there.
            # The key and ids come out of earlier answers; images are base64, and /9j/4AAQSkZJRgABAQ== is no photo.
            @host = https://localhost:8443
            @apiKey = me_…

            """.ReplaceLineEndings("\n"));
        foreach (var name in names)
            text.Append($"@{name} = {Values.GetValueOrDefault(name, "ID")}\n");
        foreach (var group in operations.GroupBy(one => one.Tag))
        {
            text.Append($"\n#### {(group.Key.Length == 0 ? "the process" : group.Key)}\n");
            foreach (var (_, path, method, operation) in group)
                Write(text, path, method, operation);
        }
        return text.ToString();
    }

    /// <summary>Reads a file.</summary>
    public static IReadOnlyList<Request> Read(string file)
    {
        var requests = new List<Request>();
        foreach (var block in file.ReplaceLineEndings("\n").Split("\n### ").Skip(1))
        {
            var lines = block.Split('\n');
            var name = lines.Single(line => line.StartsWith("# @name ", StringComparison.Ordinal))["# @name ".Length..];
            var first = Array.FindIndex(lines, 1, line => !line.StartsWith('#'));
            var words = lines[first].Split(' ');
            var headers = lines.Skip(first + 1).TakeWhile(line => line.Length > 0)
                .ToDictionary(line => line.Split(": ")[0], line => line.Split(": ")[1]);
            var body = lines.Skip(first + 1 + headers.Count).TakeWhile(line => !line.StartsWith("#### ", StringComparison.Ordinal));
            requests.Add(new Request(name, words[0], words[1]["{{host}}".Length..], headers, string.Join('\n', body).Trim()));
        }
        return requests;
    }

    private static void Write(StringBuilder text, string path, string method, JsonElement operation)
    {
        text.Append($"\n### {operation.GetProperty("summary").GetString()!.Split(". ")[0]}\n");
        text.Append($"# @name {operation.GetProperty("operationId").GetString()}\n");
        text.Append(
            $"{method} {{{{host}}}}{path.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal)}\n");
        if (operation.TryGetProperty("security", out _))
            text.Append("Authorization: Bearer {{apiKey}}\n");
        if (!operation.TryGetProperty("requestBody", out var body))
            return;
        var form = body.GetProperty("content").EnumerateObject().Single();
        text.Append($"Content-Type: {form.Name}\n\n");
        text.Append(form.Value.TryGetProperty("example", out var example)
            ? JsonSerializer.Serialize(example, Indented).ReplaceLineEndings("\n")
            : "< ./people.zip").Append('\n');
    }

    private static IEnumerable<string> Parameters(string path) =>
        path.Split('/').Where(part => part.StartsWith('{')).Select(part => part[1..^1]);
}
