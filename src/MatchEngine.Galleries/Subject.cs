namespace MatchEngine.Galleries;

/// <summary>A person in a gallery.</summary>
/// <param name="Id">The id given by whoever enrolled the subject; unique in the gallery.</param>
/// <param name="Biographics">Free keys and values. Where encounters disagreed, the value that came first was kept; each encounter keeps its
/// own in <see cref="Encounter.Metadata"/>.</param>
/// <param name="Encounters">The subject's encounters, in the order of enrolment; at least one.</param>
public sealed record Subject(string Id, IReadOnlyDictionary<string, string> Biographics, IReadOnlyList<Encounter> Encounters)
{
    /// <summary>The organisation whose data it is; null: the gallery's owner.</summary>
    public string? Provider { get; init; }
}
