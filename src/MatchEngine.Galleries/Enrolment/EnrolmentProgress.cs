namespace MatchEngine.Galleries.Enrolment;

/// <summary>How far an enrolment has come. Everything counted here is committed.</summary>
/// <param name="Enrolled">Images of which at least one face is new in the gallery.</param>
/// <param name="Duplicates">Images that were there already.</param>
/// <param name="Failed">Images and rows that gave nothing.</param>
/// <param name="Elapsed">Time since the start.</param>
public readonly record struct EnrolmentProgress(long Enrolled, long Duplicates, long Failed, TimeSpan Elapsed)
{
    /// <summary>Entries of the source that are done with.</summary>
    public long Done => Enrolled + Duplicates + Failed;
}
