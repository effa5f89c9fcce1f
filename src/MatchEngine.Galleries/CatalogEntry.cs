using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries;

/// <summary>
/// A line of a catalog's listing. One gallery that cannot be read does not hide the others: its line holds the problem instead of the
/// numbers.
/// </summary>
/// <param name="Name">The gallery's name.</param>
/// <param name="Summary">What it holds; null when it cannot be read.</param>
/// <param name="Problem">Why it cannot be read; null when it can.</param>
public sealed record CatalogEntry(string Name, GallerySummary? Summary, StoreException? Problem);
