using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Evaluation.Identification;

/// <summary>What an approximate index costs: FNIR of its searches minus FNIR of exhaustive searches with the same probes.</summary>
/// <param name="Rank">R.</param>
/// <param name="Threshold">T; null without threshold.</param>
/// <param name="Exact">Misses of the exhaustive search.</param>
/// <param name="Approximate">Misses of the index.</param>
/// <param name="Trials">Mated searches that both made.</param>
/// <param name="LostByIndex">Searches that found the mate exhaustively and missed it with the index.</param>
/// <param name="Difference">FNIR of the index minus FNIR of the exhaustive search.</param>
/// <param name="Range">Its interval by drawing subjects, formed pair by pair; null without subjects.</param>
public sealed record IndexCost(
    int Rank, double? Threshold, long Exact, long Approximate, long Trials, long LostByIndex, double Difference, Interval? Range)
{
    /// <summary>Compares two sets of searches probe by probe.</summary>
    /// <param name="exact">Searches of the exhaustive index.</param>
    /// <param name="approximate">Searches of the index in question, with the same probes and gallery.</param>
    /// <param name="rank">R.</param>
    /// <param name="threshold">T, or null for none.</param>
    /// <param name="bootstrap">How subjects are drawn.</param>
    /// <exception cref="EvaluationException">The two do not have the same mated searches.</exception>
    public static IndexCost Of(SearchSet exact, SearchSet approximate, int rank, double? threshold, BootstrapPlan bootstrap)
    {
        ArgumentNullException.ThrowIfNull(exact);
        ArgumentNullException.ThrowIfNull(approximate);
        ArgumentNullException.ThrowIfNull(bootstrap);
        var other = approximate.Mated.ToDictionary(s => s.Probe, StringComparer.Ordinal);
        var pairs = exact.Mated.Select(s => (Exact: s, Other: other.GetValueOrDefault(s.Probe))).ToArray();
        if (pairs.Length != other.Count || pairs.Any(p => p.Other is null))
            throw new EvaluationException(
                "the two sets of searches do not have the same mated probes; search with the same probes to compare two indexes");
        var at = threshold ?? double.NegativeInfinity;
        var misses = pairs.Select(
            p => (Subject: p.Exact.Subject, Exact: p.Exact.IsMiss(rank, at), Other: p.Other!.IsMiss(rank, at))).ToArray();
        var (e, o) = (misses.LongCount(m => m.Exact), misses.LongCount(m => m.Other));
        Interval? range = null;
        if (exact.Images is { } images && bootstrap.Replicates > 0 && misses.Length > 0)
        {
            var (errorsExact, errorsOther, trials) = (
                new long[images.Subjects.Count], new long[images.Subjects.Count], new long[images.Subjects.Count]);
            foreach (var (subject, missExact, missOther) in misses)
            {
                trials[subject]++;
                errorsExact[subject] += missExact ? 1 : 0;
                errorsOther[subject] += missOther ? 1 : 0;
            }
            var drawn = new SubjectBootstrap(images.Subjects.Count, bootstrap.Replicates, bootstrap.Seed).Run(
                [new OneWayRate(errorsOther, trials), new OneWayRate(errorsExact, trials)]);
            range = BootstrapResult.Difference(drawn[0], drawn[1]);
        }
        return new IndexCost(
            rank, threshold, e, o, misses.Length, misses.LongCount(m => m.Other && !m.Exact),
            misses.Length == 0 ? double.NaN : (double)(o - e) / misses.Length, range);
    }
}
