using Scalar.AspNetCore;

namespace MatchEngine.Service.Pages;

/// <summary>
/// <c>/docs</c>: the service's description for people to read and try, by Scalar. Its script comes out of its package, from this service;
/// the package's own page has a script within it, which the Content-Security-Policy of all pages forbids, and so this page is ours.
/// </summary>
internal static class ApiReferencePage
{
    private const string ScriptResource = "ScalarStaticAssets.scalar.js";

    private static readonly Lazy<(string Address, byte[] Packed)> Script = new(Read);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/docs", () => Results.Content(
                $"""
                <!doctype html>
                <html lang="en" data-scalar="{Script.Value.Address}">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>MatchEngine: the REST interface</title>
                <link rel="icon" href="{PageAssets.Icon}">
                <script src="{PageAssets.ReferenceScript}" defer></script>
                </head>
                <body>
                <div id="reference"></div>
                <noscript>This page needs a script; <a href="/openapi/v1.json">openapi/v1.json</a> says the same.</noscript>
                </body>
                </html>
                """,
                "text/html; charset=utf-8"))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/docs/{digest}/scalar.js", (string digest, HttpContext context) =>
            {
                if (Script.Value.Address != $"/docs/{digest}/scalar.js")
                    return Results.NotFound();
                context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                // As it lies in the package; there is no browser that cannot unpack it.
                context.Response.Headers.ContentEncoding = "gzip";
                return Results.Bytes(Script.Value.Packed, "text/javascript; charset=utf-8");
            })
            .AllowAnonymous().ExcludeFromDescription();
    }

    private static (string, byte[]) Read()
    {
        using var stream = typeof(ScalarOptions).Assembly.GetManifestResourceStream(ScriptResource)
            ?? throw new InvalidOperationException($"the resource {ScriptResource} is missing from Scalar's assembly");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var packed = memory.ToArray();
        return ($"/docs/{PageAssets.Digest(packed)}/scalar.js", packed);
    }
}
