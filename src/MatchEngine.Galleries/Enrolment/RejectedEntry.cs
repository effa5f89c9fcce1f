namespace MatchEngine.Galleries.Enrolment;

/// <summary>An entry of a source that cannot be enrolled: a bad row, a folder that may not be read.</summary>
/// <param name="Failure">What and why.</param>
public sealed record RejectedEntry(EnrolmentFailure Failure) : EnrolmentEntry;
