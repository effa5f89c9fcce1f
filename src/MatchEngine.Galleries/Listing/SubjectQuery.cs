using System.Globalization;

namespace MatchEngine.Galleries.Listing;

/// <summary>Which subjects of a gallery are wanted, and which page of them; what is null is not asked for.</summary>
/// <remarks>
/// A page begins behind a place and not at a number: whoever comes or goes meanwhile moves nobody from one page to another. A place is the
/// id of a subject where the order is that of ids, and the number of its row where it is that of coming; neither has to be there any more.
/// </remarks>
public sealed record SubjectQuery
{
    /// <summary>Only those whose id holds this text; the case of the letters A–Z plays no part.</summary>
    public string? IdPart { get; init; }

    /// <summary>Only those with a photo whose quality was assessed and lies below this, 0 … 100.</summary>
    public double? QualityBelow { get; init; }

    /// <summary>Only those with so many encounters or more.</summary>
    public int? LeastEncounters { get; init; }

    /// <summary>Only those with an encounter that was enrolled from this time on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Only those with an encounter that was enrolled before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Only those that are this organisation's data; null: everybody's.</summary>
    public string? Provider { get; init; }

    /// <summary>The order.</summary>
    public SubjectOrder Order { get; init; }

    /// <summary>Whether the order is turned round.</summary>
    public bool Descending { get; init; }

    /// <summary>The place behind which the page begins; null with <see cref="Before"/>, or for the first page.</summary>
    public string? After { get; init; }

    /// <summary>The place before which the page ends; null with <see cref="After"/>, or for the first page.</summary>
    public string? Before { get; init; }

    /// <summary>The largest number of subjects on the page.</summary>
    public int Count { get; init; } = 50;

    /// <summary>What keeps it from being answered, in a sentence; null: nothing.</summary>
    public string? Problem() =>
        After is not null && Before is not null ? "a page begins after a place or ends before one, not both"
        : Order == SubjectOrder.Came && (After ?? Before) is { } place && Row(place) is null ? "the place is none of this order"
        : QualityBelow is { } quality && !(quality is >= 0 and <= 100) ? "a quality lies within 0 … 100"
        : LeastEncounters is < 1 ? "the least number of photos is 1 or more"
        : null;

    /// <summary>The row that a place in the order of coming stands for; null: it is none.</summary>
    public static long? Row(string place) =>
        long.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : null;
}
