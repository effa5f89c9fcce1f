using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>What stands in a page's address: filters, and where a long list goes on.</summary>
internal static class PageQuery
{
    /// <summary>A text that was given; null where the field was left empty.</summary>
    public static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>The beginning (UTC) of a day; null where none was given.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static DateTimeOffset? Day(string? text) => Given(text) is not { } day
        ? null
        : DateOnly.TryParseExact(day, "yyyy-MM-dd", out var date)
            ? new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero)
            : throw new ProblemException(Problem.BadValue, "a day is written like 2026-01-31");

    /// <summary>The address of the next page: the same filters from another place on.</summary>
    /// <param name="context">The request of this page.</param>
    /// <param name="key">The name of the place.</param>
    /// <param name="place">The place.</param>
    public static string Next(HttpContext context, string key, string place) => context.Request.Path + QueryString.Create([
        .. context.Request.Query.Where(pair => pair.Key != key && pair.Key != "done")
            .Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)),
        KeyValuePair.Create(key, (string?)place)]);
}
