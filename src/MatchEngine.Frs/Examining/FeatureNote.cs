namespace MatchEngine.Frs.Examining;

/// <summary>How one facial component of two photos compares, as far as an examiner can say.</summary>
public enum FeatureComparison
{
    /// <summary>It looks alike.</summary>
    Similar,

    /// <summary>It differs, and the difference is not the photos'.</summary>
    Different,

    /// <summary>The photos do not show enough of it.</summary>
    CannotTell,
}

/// <summary>
/// What an examiner says of one facial component. It is written as one text, "different: the lobe", which is what the book keeps and every
/// interface gives; a text that does not begin so is a note without a comparison.
/// </summary>
/// <param name="Comparison">How it compares; null where only words were written.</param>
/// <param name="Words">What was seen, or null.</param>
public sealed record FeatureNote(FeatureComparison? Comparison, string? Words)
{
    private static readonly (string Text, FeatureComparison Comparison)[] Beginnings =
    [
        ("similar", FeatureComparison.Similar), ("different", FeatureComparison.Different), ("cannot tell", FeatureComparison.CannotTell),
    ];

    /// <summary>Reads a text of <see cref="Assessment.Features"/>.</summary>
    public static FeatureNote Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var (beginning, comparison) in Beginnings)
        {
            if (text == beginning)
                return new FeatureNote(comparison, null);
            if (text.StartsWith(beginning + ": ", StringComparison.Ordinal))
                return new FeatureNote(comparison, text[(beginning.Length + 2)..]);
        }
        return new FeatureNote(null, text);
    }

    /// <summary>The text; empty where nothing was said.</summary>
    public override string ToString() => Beginnings.FirstOrDefault(pair => pair.Comparison == Comparison).Text is { } beginning
        && Comparison is not null
            ? Words is null ? beginning : $"{beginning}: {Words}"
            : Words ?? "";
}
