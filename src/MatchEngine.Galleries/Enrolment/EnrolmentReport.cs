namespace MatchEngine.Galleries.Enrolment;

/// <summary>What came of an enrolment. Each entry of the source is counted once: enrolled, duplicate or failed.</summary>
/// <param name="Enrolled">Images of which at least one face is new in the gallery.</param>
/// <param name="Encounters">Faces that are new in the gallery; more than <paramref name="Enrolled"/> only with
/// <see cref="EnrolmentFaces.Each"/>.</param>
/// <param name="Duplicates">Images that were enrolled for their subject already.</param>
/// <param name="Failed">Images and rows that gave nothing.</param>
/// <param name="Failures">Why, in the order of the source; the first <see cref="MaxListed"/> of them.</param>
/// <param name="Warnings">What to look at, in the order of the source; the first <see cref="MaxListed"/> of them.</param>
/// <param name="Elapsed">Time taken.</param>
public sealed record EnrolmentReport(
    long Enrolled,
    long Encounters,
    long Duplicates,
    long Failed,
    IReadOnlyList<EnrolmentFailure> Failures,
    IReadOnlyList<EnrolmentWarning> Warnings,
    TimeSpan Elapsed)
{
    /// <summary>
    /// How many failures, warnings and ids are listed; all are counted. It bounds memory when a source has millions.
    /// </summary>
    public const int MaxListed = 100_000;

    /// <summary>
    /// The ids of the encounters that are new in the gallery, in the order of the source; the first <see cref="MaxListed"/> of them.
    /// </summary>
    public IReadOnlyList<string> Made { get; init; } = [];
}
