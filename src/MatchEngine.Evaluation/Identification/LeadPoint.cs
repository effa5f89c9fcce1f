using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Identification;

/// <summary>What a score floor does to the searches of one group: how many yield a lead, and how many of the strangers' do.</summary>
/// <param name="By">The columns; <c>all</c> for all searches together.</param>
/// <param name="Value">The group.</param>
/// <param name="Floor">The score floor.</param>
/// <param name="Leads">Searches, mated or not, that return a candidate at or above the floor.</param>
/// <param name="Fpir">Non-mated searches that do.</param>
/// <param name="Fnir">Mated searches whose mate is not among the candidates at or above the floor.</param>
/// <param name="IsMarked">Whether the group has fewer subjects than the protocol asks for.</param>
public sealed record LeadPoint(
    string By, string Value, double Floor, RateEstimate Leads, RateEstimate Fpir, RateEstimate Fnir, bool IsMarked)
{
    /// <summary>FPIR of all searches together at whose floors the groups are shown, as far as the searches support them.</summary>
    internal static IReadOnlyList<double> Levels { get; } =
        [0.9, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05, 0.03, 0.02, 0.01, 0.005, 0.002, 0.001, 5e-4, 2e-4, 1e-4];
}
