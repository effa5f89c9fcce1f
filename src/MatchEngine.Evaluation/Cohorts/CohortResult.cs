using MatchEngine.Evaluation.Inputs;
using MatchEngine.Rates.Cohorts;

namespace MatchEngine.Evaluation.Cohorts;

/// <summary>What searches said of strangers, against the strangers that came.</summary>
/// <param name="Gallery">The data set whose people are enrolled.</param>
/// <param name="Probes">The data set whose photos were searched with; it may be the same.</param>
/// <param name="GallerySubjects">How many people are enrolled.</param>
/// <param name="GalleryPhotos">With how many photos.</param>
/// <param name="FailedProbes">Photos of which no template could be made: they were not searched with.</param>
/// <param name="Plan">Floors and enrolment.</param>
/// <param name="Rows">The table: all probes first, then slices; floors as they were given.</param>
/// <param name="Notes">What is missing and why.</param>
public sealed record CohortResult(
    DataSet Gallery, DataSet Probes, int GallerySubjects, int GalleryPhotos, int FailedProbes, CohortPlan Plan,
    IReadOnlyList<CohortSlice> Rows, IReadOnlyList<string> Notes);

/// <summary>A row of the table.</summary>
/// <param name="Mate">Whether the probes' people were enrolled.</param>
/// <param name="By">The label columns, or null for all probes.</param>
/// <param name="Value">The group, or null for all probes.</param>
/// <param name="Row">The sums, their ratio and its interval.</param>
public sealed record CohortSlice(MateEnrolment Mate, string? By, string? Value, CohortRow Row)
{
    /// <summary>The slice in words.</summary>
    public string Name => By is null ? "all" : $"{By}: {Value}";

    /// <summary>Whether any search said a number; else there is nothing to judge.</summary>
    public bool IsJudged => Row.Searches > 0;

    /// <summary>Whether the ratio itself is judged, and not only its interval.</summary>
    public bool IsJudgedByCount => Row.Counted >= CohortRow.LeastCounted;
}

/// <summary>Whether the person in a probe was in the gallery.</summary>
public enum MateEnrolment
{
    /// <summary>Not: everybody is a stranger.</summary>
    NotEnrolled,

    /// <summary>With another photo.</summary>
    Enrolled,
}
