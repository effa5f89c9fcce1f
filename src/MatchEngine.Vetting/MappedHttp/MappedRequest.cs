using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.MappedHttp;

/// <summary>
/// A request of a mapping, filled with what a call says. What the call does not say is left out with the member that holds it.
/// </summary>
internal sealed class MappedRequest
{
    private readonly Dictionary<Placeholder, string> _texts = [];
    private readonly Dictionary<Placeholder, PhotoInput> _photos = [];

    /// <summary>Says a text; null says nothing.</summary>
    public MappedRequest Say(Placeholder placeholder, string? text)
    {
        if (text is not null)
            _texts[placeholder] = text;
        return this;
    }

    /// <summary>Says a photo.</summary>
    public MappedRequest Say(Placeholder placeholder, PhotoInput photo)
    {
        _photos[placeholder] = photo;
        return Say(Placeholder.MediaType, photo.MediaType);
    }

    /// <summary>Says why; null says nothing.</summary>
    public MappedRequest Say(SearchPurpose? purpose) => Say(Placeholder.CaseNumber, purpose?.CaseNumber)
        .Say(Placeholder.Basis, purpose?.Basis).Say(Placeholder.Requester, purpose?.Requester);

    /// <summary>The request.</summary>
    public HttpRequestMessage Fill(RequestMapping mapping)
    {
        var path = Placeholders.Fill(mapping.Path, one => _texts.TryGetValue(one, out var text) ? Uri.EscapeDataString(text) : null)
            ?? throw new InvalidOperationException($"the path {mapping.Path} names something that the call does not say");
        var query = string.Join('&', mapping.Query.Select(one => (one.Key, Value: Fill(one.Value))).Where(one => one.Value is not null)
            .Select(one => $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(one.Value!)}"));
        var address = path.TrimStart('/') + (query.Length == 0 ? "" : (path.Contains('?') ? "&" : "?") + query);
        var request = new HttpRequestMessage(new HttpMethod(mapping.Method), address)
        {
            Content = mapping switch
            {
                { Json: { } json } => new StringContent((Fill(json) ?? new JsonObject()).ToJsonString(), Encoding.UTF8, "application/json"),
                { Multipart: { } fields } => Multipart(fields),
                _ => null,
            },
        };
        foreach (var (name, text) in mapping.Headers)
            if (Fill(text) is { } filled)
                request.Headers.TryAddWithoutValidation(name, filled);
        return request;
    }

    private MultipartFormDataContent Multipart(Dictionary<string, string> fields)
    {
        var content = new MultipartFormDataContent();
        foreach (var (name, text) in fields)
            if (Placeholders.Whole(text) is { } whole && _photos.TryGetValue(whole, out var photo))
            {
                var file = new ReadOnlyMemoryContent(photo.Bytes);
                file.Headers.ContentType = new MediaTypeHeaderValue(photo.MediaType);
                content.Add(file, name, "photo");
            }
            else if (Fill(text) is { } filled)
            {
                content.Add(new StringContent(filled), name);
            }
        return content;
    }

    // A number is one in JSON too, where it stands alone.
    private JsonNode? Fill(JsonNode node)
    {
        if (node is JsonObject members)
        {
            var filled = new JsonObject();
            foreach (var (name, value) in members)
                if (value is null)
                    filled[name] = null;
                else if (Fill(value) is { } one)
                    filled[name] = one;
            return members.Count > 0 && filled.Count == 0 ? null : filled;
        }
        if (node is JsonArray elements)
            return new JsonArray([.. elements.Select(element => element is null ? null : Fill(element))]);
        if (node.GetValueKind() != System.Text.Json.JsonValueKind.String)
            return node.DeepClone();
        var text = node.GetValue<string>();
        if (Fill(text) is not { } said)
            return null;
        return Placeholders.Whole(text) switch
        {
            Placeholder.ListLength => JsonValue.Create(int.Parse(said, CultureInfo.InvariantCulture)),
            Placeholder.ScoreFloor => JsonValue.Create(double.Parse(said, CultureInfo.InvariantCulture)),
            _ => JsonValue.Create(said),
        };
    }

    private string? Fill(string text) => Placeholders.Fill(text, one => _photos.TryGetValue(one, out var photo)
        ? Convert.ToBase64String(photo.Bytes.Span)
        : _texts.GetValueOrDefault(one));
}
