namespace MatchEngine.Vectors;

/// <summary>
/// How many of the subjects that a probe was compared with reach fixed scores: of each its best template counts, the possible mate's too.
/// The same whatever the number of threads.
/// </summary>
/// <param name="Subjects">How many subjects were compared: those who may be listed, whether they were or not.</param>
/// <param name="From">The first edge (<see cref="ScoreEdges"/>) from which on everybody is counted.</param>
/// <param name="Counts">For each edge how many subjects' scores lie between it and the next one; 0 below <paramref name="From"/>.</param>
/// <param name="Best">The best subjects, as far as they were counted, by falling score; at most <see cref="BestKept"/>.</param>
/// <param name="ExcessVariance">
/// By how much the variance of the scores that were counted exceeds that of the scores themselves: 0 where templates were compared in full;
/// below 0 where sketches gave estimates, which lack a part of the score.
/// </param>
public sealed record ScoreTally(
    long Subjects, int From, ReadOnlyMemory<long> Counts, IReadOnlyList<TalliedSubject> Best, double ExcessVariance)
{
    /// <summary>How many subjects were counted.</summary>
    public long Counted { get; } = Sum(Counts.Span);

    /// <summary>How many of the best subjects are told.</summary>
    public const int BestKept = 8;

    private static long Sum(ReadOnlySpan<long> counts)
    {
        var sum = 0L;
        foreach (var count in counts)
            sum += count;
        return sum;
    }
}

/// <summary>One of the best subjects of a tally.</summary>
/// <param name="Score">Its score: that of the list where it is listed, else the one by which it was counted.</param>
/// <param name="CountedAt">The score by which it was counted: by the bodies of the templates, or estimated from their sketches.</param>
public readonly record struct TalliedSubject(float Score, float CountedAt);
