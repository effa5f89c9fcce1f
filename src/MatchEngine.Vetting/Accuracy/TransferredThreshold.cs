using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Vetting.Accuracy;

/// <summary>A threshold that was set on one half of the people searched for, and what it is worth on the other half.</summary>
/// <param name="WantedFpir">The FPIR that it was set at.</param>
/// <param name="Threshold">The threshold.</param>
/// <param name="SetFpir">FPIR there of the half that it was set on.</param>
/// <param name="SetFnir">FNIR there of that half.</param>
/// <param name="Fpir">FPIR there of the other half.</param>
/// <param name="Fnir">FNIR there of the other half.</param>
/// <param name="Agreement">How the other half's FPIR stands to what was set.</param>
public sealed record TransferredThreshold(
    double WantedFpir, double Threshold, RateEstimate SetFpir, RateEstimate SetFnir, RateEstimate Fpir, RateEstimate Fnir,
    ClaimAgreement Agreement)
{
    /// <summary>Sets thresholds on the first half of the people and applies them to the second.</summary>
    /// <param name="searches">All searches.</param>
    /// <param name="protocol">The wanted FPIR; those that the half does not support are left out.</param>
    /// <param name="cancellationToken">Cancels.</param>
    internal static IReadOnlyList<TransferredThreshold> Of(SearchSet searches, Protocol protocol, CancellationToken cancellationToken)
    {
        SearchSet Half(SubjectHalf half) => searches with
        {
            Searches = [.. searches.Searches.Where(s => PhotoFilter.IsIn(half, searches.Images!.Subjects[s.Subject]))],
            Notes = [],
        };
        var (first, second) = (Half(SubjectHalf.First), Half(SubjectHalf.Second));
        if (first.Searches.Count == 0 || second.Searches.Count == 0)
            return [];
        var plain = protocol with { Slices = [], Ageing = null };
        var set = IdentificationEvaluation.Run([first], plain with { Thresholds = [] }, null, cancellationToken)
            .Points.Where(p => p is { Threshold: not null, Fpir: not null, Fnir: not null }).DistinctBy(p => p.Threshold).ToArray();
        if (set.Length == 0)
            return [];
        var found = IdentificationEvaluation.Run(
            [second], plain with { Thresholds = [.. set.Select(p => p.Threshold!.Value)] }, null, cancellationToken).Thresholds;
        return [.. set.Zip(found).Where(pair => pair.Second is { Fpir: not null, Fnir: not null }).Select(pair => new TransferredThreshold(
            pair.First.WantedFpir!.Value, pair.First.Threshold!.Value, pair.First.Fpir!, pair.First.Fnir!, pair.Second.Fpir!,
            pair.Second.Fnir!, ClaimedRate.Compare(pair.First.WantedFpir, null, pair.Second.Fpir)))];
    }
}
