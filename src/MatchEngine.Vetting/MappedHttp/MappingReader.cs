using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MatchEngine.Vetting.Targets;
using Newtonsoft.Json.Linq;

namespace MatchEngine.Vetting.MappedHttp;

/// <summary>Reads a mapping file and refuses one that says something which is not understood, naming the member.</summary>
internal static class MappingReader
{
    private const int MaxBytes = 1 << 20;

    // Neither an address nor a header holds a photo.
    private static readonly Placeholder[] Photos = [Placeholder.Image, Placeholder.First, Placeholder.Second];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Reads a file.</summary>
    /// <param name="file">Its path.</param>
    /// <exception cref="TargetUnusableException">It cannot be read, or says something that is not understood.</exception>
    public static ServiceMapping ReadFile(string file)
    {
        byte[] bytes;
        try
        {
            using var stream = File.OpenRead(file);
            bytes = new byte[MaxBytes + 1];
            bytes = bytes[..stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TargetUnusableException($"the mapping {file} cannot be read: {error.Message}", error);
        }
        return bytes.Length <= MaxBytes
            ? Read(bytes, Path.GetFileName(file))
            : throw new TargetUnusableException($"the mapping {file} is longer than {MaxBytes} bytes");
    }

    /// <summary>Reads a text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">What to call it.</param>
    /// <exception cref="TargetUnusableException">It says something that is not understood.</exception>
    public static ServiceMapping Read(ReadOnlySpan<byte> json, string name)
    {
        ServiceMapping mapping;
        try
        {
            mapping = JsonSerializer.Deserialize<ServiceMapping>(json, Json) ?? throw Wrong("the whole", "it is null");
        }
        catch (JsonException error)
        {
            throw new TargetUnusableException($"{name}: {error.Path ?? "$"}: {error.Message}", error);
        }
        try
        {
            Check(mapping);
            return mapping;
        }
        catch (MemberException error)
        {
            throw new TargetUnusableException($"{name}: {error.Message}");
        }
    }

    private static void Check(ServiceMapping mapping)
    {
        if (!Uri.TryCreate(mapping.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw Wrong("address", "an address such as http://localhost:5005 was expected");
        if (mapping.Scores.Better is not ("bigger" or "smaller"))
            throw Wrong("scores.better", "bigger or smaller was expected: which of two scores is of faces that are more alike");
        foreach (var (header, value) in mapping.Headers)
            CheckText($"headers.{header}", value, [Placeholder.Credential]);
        if (mapping.Search is null && mapping.Compare is null)
            throw Wrong("search", "a service that neither searches nor compares cannot be examined");
        CheckIdentity(mapping.Identity);
        Placeholder[] purpose = [Placeholder.CaseNumber, Placeholder.Basis, Placeholder.Requester];
        CheckRequest("enrol", mapping.Enrol, [Placeholder.Image, Placeholder.MediaType, Placeholder.Subject, Placeholder.Gallery]);
        CheckRequest("remove", mapping.Remove, [Placeholder.Subject, Placeholder.Gallery]);
        CheckRequest("search", mapping.Search,
            [Placeholder.Image, Placeholder.MediaType, Placeholder.Gallery, Placeholder.ListLength, Placeholder.ScoreFloor, .. purpose]);
        CheckRequest("compare", mapping.Compare, [Placeholder.First, Placeholder.Second, Placeholder.MediaType, .. purpose]);
        CheckRequest("record", mapping.Record, [Placeholder.SearchId, Placeholder.Gallery]);
        RequirePlace("enrol", mapping.Enrol, Placeholder.Image);
        RequirePlace("search", mapping.Search, Placeholder.Image);
        RequirePlace("compare", mapping.Compare, Placeholder.First);
        RequirePlace("compare", mapping.Compare, Placeholder.Second);
        RequirePlace("remove", mapping.Remove, Placeholder.Subject);
        RequirePlace("record", mapping.Record, Placeholder.SearchId);
        CheckPaths("enrol", ("subject", mapping.Enrol?.Subject));
        CheckPaths("search",
            ("candidates", mapping.Search?.Candidates), ("subject", mapping.Search?.Subject), ("score", mapping.Search?.Score),
            ("rank", mapping.Search?.Rank), ("biographics", mapping.Search?.Biographics), ("searchId", mapping.Search?.SearchId),
            ("disclaimer", mapping.Search?.Disclaimer), ("model", mapping.Search?.Model),
            ("strangersExpected", mapping.Search?.StrangersExpected), ("withheld", mapping.Search?.Withheld));
        CheckPaths("compare",
            ("score", mapping.Compare?.Score), ("disclaimer", mapping.Compare?.Disclaimer), ("model", mapping.Compare?.Model));
        CheckPaths("record", ("purpose", mapping.Record?.Purpose), ("recorded", mapping.Record?.Recorded));
    }

    private static void CheckIdentity(IdentityMapping identity)
    {
        CheckRequest("identity.request", identity.Request, [Placeholder.Gallery]);
        IEnumerable<(string Member, string? Text)> texts =
        [
            ("product", identity.Product), ("version", identity.Version), ("model", identity.Model),
            .. identity.Settings.Select(setting => ($"settings.{setting.Key}", (string?)setting.Value)),
        ];
        foreach (var (member, text) in texts.Where(one => MappedAnswer.IsPath(one.Text)))
        {
            CheckPaths("identity", (member, text));
            if (identity.Request is null)
                throw Wrong($"identity.{member}", "a path was given, and identity.request does not say what is asked");
        }
    }

    private static void CheckRequest(string member, RequestMapping? request, Placeholder[] allowed)
    {
        if (request is null)
            return;
        if (!Methods.Contains(request.Method))
            throw Wrong($"{member}.method", $"one of {string.Join(", ", Methods)} was expected");
        if (!request.Path.StartsWith('/') || request.Path.StartsWith("//", StringComparison.Ordinal))
            throw Wrong($"{member}.path", "a path that begins with one slash was expected");
        CheckText($"{member}.path", request.Path, allowed);
        foreach (var (name, text) in request.Query)
            CheckText($"{member}.query.{name}", text, [.. allowed.Except(Photos)]);
        foreach (var (name, text) in request.Headers)
            CheckText($"{member}.headers.{name}", text, [.. allowed.Except(Photos)]);
        if (request.Json is not null && request.Multipart is not null)
            throw Wrong($"{member}.multipart", "a request has a JSON body or a multipart body");
        if (request.Json is not null)
            CheckJson($"{member}.json", request.Json, allowed);
        foreach (var (field, text) in request.Multipart ?? [])
            CheckText($"{member}.multipart.{field}", text, allowed);
    }

    private static void CheckJson(string member, JsonNode node, Placeholder[] allowed)
    {
        if (node is JsonObject members)
            foreach (var (name, value) in members.Where(one => one.Value is not null))
                CheckJson($"{member}.{name}", value!, allowed);
        else if (node is JsonArray elements)
            foreach (var (place, value) in elements.Index().Where(one => one.Item is not null))
                CheckJson($"{member}[{place}]", value!, allowed);
        else if (node.GetValueKind() == JsonValueKind.String)
            CheckText(member, node.GetValue<string>(), allowed);
    }

    private static void CheckText(string member, string text, Placeholder[] allowed)
    {
        foreach (var name in Placeholders.Names(text))
            if (Placeholders.Parse(name) is not { } found || !allowed.Contains(found))
                throw Wrong(member, $"{{{name}}} has no meaning here; there are "
                    + string.Join(", ", allowed.Select(one => $"{{{Placeholders.Name(one)}}}")));
    }

    private static void CheckPaths(string member, params (string Name, string? Path)[] paths)
    {
        foreach (var (name, path) in paths)
        {
            if (path is null || MappedAnswer.HeaderOf(path) is not null)
                continue;
            if (!path.StartsWith('$'))
                throw Wrong($"{member}.{name}", $"a JSONPath was expected, which begins with $, or {MappedAnswer.HeaderMark}NAME");
            try
            {
                _ = new JObject().SelectTokens(path).Any();
            }
            catch (Newtonsoft.Json.JsonException error)
            {
                throw Wrong($"{member}.{name}", error.Message);
            }
        }
    }

    private static void RequirePlace(string member, RequestMapping? request, Placeholder placeholder)
    {
        if (request is not null && !Uses(request, placeholder))
            throw Wrong(member, $"{{{Placeholders.Name(placeholder)}}} goes nowhere");
    }

    /// <summary>Whether a request has a place for something.</summary>
    public static bool Uses(RequestMapping? request, Placeholder placeholder)
    {
        var name = Placeholders.Name(placeholder);
        IEnumerable<string> texts = request is null
            ? []
            : [request.Path, .. request.Query.Values, .. request.Headers.Values, .. (request.Multipart
                ?? []).Values, .. Texts(request.Json)];
        return texts.Any(text => Placeholders.Names(text).Contains(name));
    }

    private static IEnumerable<string> Texts(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Texts(member.Value)),
        JsonArray elements => elements.SelectMany(Texts),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };

    private static MemberException Wrong(string member, string what) => new($"{member}: {what}");

    private sealed class MemberException(string message) : Exception(message);
}
