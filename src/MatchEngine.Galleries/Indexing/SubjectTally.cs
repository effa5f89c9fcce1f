using MatchEngine.Rates.Summaries;
using MatchEngine.Rates.Tails;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Indexing;

/// <summary>What an index is asked to count of a search, and the summary that comes of it.</summary>
internal static class SubjectTally
{
    // Of a list's length, so that the candidates lie among those counted though estimates order them a little differently.
    private const int CountedOfList = 2;

    // Half of the exceedances that a fit would make use of: counting costs by the subject, and nearer to the scores in question the tail is
    // told by fewer as well.
    private const int Counted = TailFit.MostExceedances / 2;

    private static readonly ScoreEdges Edges = new(Enumerable.Range(0, ScoreGrid.Cells).Select(cell => (float)ScoreGrid.ScoreAt(cell)));

    /// <summary>What is asked.</summary>
    /// <param name="listLength">The length of the list.</param>
    /// <param name="floor">Its floor, or null.</param>
    public static TallyRequest Request(int listLength, float? floor = null) =>
        new(Edges, Math.Max(Counted, CountedOfList * listLength), floor);

    /// <summary>The summary of what was counted.</summary>
    /// <param name="tally">The answer to <see cref="Request"/>.</param>
    /// <param name="possibleMates">How many of the subjects can be the probe's person.</param>
    public static ScoreSummary Summary(ScoreTally tally, int possibleMates)
    {
        Span<BestSubject> best = stackalloc BestSubject[ScoreTally.BestKept];
        for (var i = 0; i < tally.Best.Count; i++)
            best[i] = new BestSubject(tally.Best[i].Score, tally.Best[i].CountedAt);
        return ScoreSummary.Of(
            tally.Subjects, possibleMates, tally.From, tally.Counts.Span[tally.From..], best[..tally.Best.Count], tally.ExcessVariance);
    }
}
