using System.Globalization;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Properties;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Rest;

namespace MatchEngine.Service.Sandbox;

/// <summary>Looks at requests with keys and at what became of them, after the answer: at no image, and at no body.</summary>
internal sealed class ConductObserver(
    RequestDelegate next, ClientConduct conduct, ISearches searches, OpenGalleries galleries, ServiceRules rules)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var came = TimeProvider.System.GetUtcNow();
        await next(context);
        if (context.User.Identity is not { IsAuthenticated: true } || context.Actor().Key is not { } key
            || context.Session() is not null || context.GetEndpoint() is not RouteEndpoint endpoint
            || context.Request.Path.StartsWithSegments("/v1/sandbox", StringComparison.OrdinalIgnoreCase))
            return;
        var request = context.TraceIdentifier;
        conduct.Note(
            key, $"{context.Request.Method} {endpoint.RoutePattern.RawText}", request, came, RetryAt(context.Response));
        if (endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName != SearchesResource.Name)
            return;
        if (context.Features.Get<SearchAnswer>() is { } answer && searches.Find(answer.Id) is { } search)
            conduct.Note(key, request, search, search.Galleries.Select(galleries.FindProperties).OfType<GalleryProperties>()
                .Where(rules.Knows).Select(rules.ProfileOf));
        else if (context.Features.Get<ProblemException>() is { } problem)
            // The rule of a refusal begins with the name of the profile that has it.
            conduct.Note(key, request, problem.Kind.Code, problem.Rule?.Split(':')[0]);
    }

    private static DateTimeOffset? RetryAt(HttpResponse answer) =>
        answer.StatusCode is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable
            && int.TryParse(answer.Headers.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeProvider.System.GetUtcNow().AddSeconds(seconds)
            : null;
}
