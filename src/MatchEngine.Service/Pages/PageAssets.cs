using System.Security.Cryptography;

namespace MatchEngine.Service.Pages;

/// <summary>
/// Style, script and icon, from within the program. Their addresses hold a digest of their content,
/// so that a browser keeps them until they change.
/// </summary>
internal static class PageAssets
{
    private static readonly Dictionary<string, (string Address, byte[] Content, string Type)> Files = new[]
    {
        ("app.css", "text/css"), ("app.js", "text/javascript"), ("docs.js", "text/javascript"), ("icon.svg", "image/svg+xml"),
    }
        .ToDictionary(file => file.Item1, file => Read(file.Item1, file.Item2 + "; charset=utf-8"));

    public static string Style => Files["app.css"].Address;

    public static string Script => Files["app.js"].Address;

    public static string ReferenceScript => Files["docs.js"].Address;

    public static string Icon => Files["icon.svg"].Address;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/assets/{digest}/{file}", (string digest, string file, HttpContext context) =>
            {
                if (!Files.TryGetValue(file, out var found) || found.Address != $"/assets/{digest}/{file}")
                    return Results.NotFound();
                context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                return Results.Bytes(found.Content, found.Type);
            })
            .AllowAnonymous().ExcludeFromDescription();

    /// <summary>What tells one content from another in an address.</summary>
    public static string Digest(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content))[..16];

    private static (string, byte[], string) Read(string name, string type)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream($"Assets.{name}")
            ?? throw new InvalidOperationException($"the resource {name} is missing from the assembly");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var content = memory.ToArray();
        return ($"/assets/{Digest(content)}/{name}", content, type);
    }
}
