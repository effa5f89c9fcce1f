using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Vetting.Accuracy;

/// <summary>What is measured of a target's accuracy, on whom.</summary>
public sealed record AccuracyPlan
{
    /// <summary>The data set's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>What is in it.</summary>
    public required DataSet Images { get; init; }

    /// <summary>
    /// Gallery, probes, slices and seed; its thresholds are the operator's floors, at the first of which groups are compared.
    /// </summary>
    public required Protocol Protocol { get; init; }

    /// <summary>What thresholds are said to be worth, by threshold.</summary>
    public IReadOnlyDictionary<double, ClaimedRate> Claims { get; init; } = new Dictionary<double, ClaimedRate>();

    /// <summary>The list length that is asked for; a mate beyond it is missed.</summary>
    public int ListLength { get; init; } = 50;

    /// <summary>The most comparisons of two photos, half of them mated as far as there are any; 0 for none.</summary>
    public int MaxComparisons { get; init; } = 500;

    /// <summary>Calls at a time.</summary>
    public int AtATime { get; init; } = 2;
}
