using System.Security.Cryptography;

namespace MatchEngine.Service.Pages;

/// <summary>
/// Style, script and icon, from within the program. Their addresses hold one digest of the content of all, so that a browser keeps them
/// until one changes, and a module of script finds its neighbours by their names.
/// </summary>
internal static class PageAssets
{
    private static readonly Dictionary<string, (byte[] Content, string Type)> Files = new[]
    {
        ("app.css", "text/css"), ("app.js", "text/javascript"), ("bench.js", "text/javascript"), ("desk.js", "text/javascript"),
        ("marks.js", "text/javascript"), ("prepare.js", "text/javascript"), ("view.js", "text/javascript"),
        ("docs.js", "text/javascript"), ("icon.svg", "image/svg+xml"),
    }
        .ToDictionary(file => file.Item1, file => (Read(file.Item1), file.Item2 + "; charset=utf-8"));

    private static readonly string Root =
        $"/assets/{Digest([.. Files.OrderBy(file => file.Key, StringComparer.Ordinal).SelectMany(file => file.Value.Content)])}/";

    public static string Style => Root + "app.css";

    public static string Script => Root + "app.js";

    public static string ReferenceScript => Root + "docs.js";

    public static string Icon => Root + "icon.svg";

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/assets/{digest}/{file}", (string digest, string file, HttpContext context) =>
            {
                if (!Files.TryGetValue(file, out var found) || Root != $"/assets/{digest}/")
                    return Results.NotFound();
                context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return Results.Bytes(found.Content, found.Type);
            })
            .AllowAnonymous().ExcludeFromDescription();

    /// <summary>What tells one content from another in an address.</summary>
    public static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..16];

    private static byte[] Read(string name)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"Assets.{name}")
            ?? throw new InvalidOperationException($"the resource {name} is missing from the assembly");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
