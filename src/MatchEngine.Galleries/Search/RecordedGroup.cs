namespace MatchEngine.Galleries.Search;

/// <summary>
/// The group of a subject as a card's calibrations name it, from what the gallery's owner recorded: the biographics <c>sex</c> and
/// <c>race</c>. It is never guessed from a photo.
/// </summary>
public static class RecordedGroup
{
    /// <summary>The biographic key of the sex.</summary>
    public const string Sex = "sex";

    /// <summary>The biographic key of the race label.</summary>
    public const string Race = "race";

    /// <summary>The group's name, such as <c>F, asian</c>; null where a label is missing.</summary>
    /// <param name="biographics">What is recorded, as far as the reader may see it. Values are those of the data set that the model was
    /// calibrated on; keys are taken in any case.</param>
    public static string? Of(IReadOnlyDictionary<string, string> biographics)
    {
        ArgumentNullException.ThrowIfNull(biographics);
        return Value(biographics, Sex) is { } sex && Value(biographics, Race) is { } race ? $"{sex}, {race}" : null;
    }

    private static string? Value(IReadOnlyDictionary<string, string> biographics, string key) => biographics
        .Where(pair => pair.Key.Equals(key, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(pair.Value))
        .Select(pair => pair.Value.Trim())
        .FirstOrDefault();
}
