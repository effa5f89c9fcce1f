using MatchEngine.Evaluation.Acquisition;
using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Reports;

/// <summary>
/// A finished evaluation with everything that is needed to repeat it. It holds no date and no path:
/// the same inputs and seed give the same report, byte for byte.
/// </summary>
public sealed record EvaluationReport
{
    /// <summary>The protocol as it was run, overrides included.</summary>
    public required Protocol Protocol { get; init; }

    /// <summary>What was left out because it could not be used.</summary>
    public required InputFaults Faults { get; init; }

    /// <summary>The data set, or null when only scores were given.</summary>
    public DataSet? DataSet { get; init; }

    /// <summary>Id of the card of the model that made the embeddings, or a name for the system that made the scores.</summary>
    public string? System { get; init; }

    /// <summary>Digest of that card, or null when scores were given.</summary>
    public string? ModelDigest { get; init; }

    /// <summary>Size of a template as it is stored, in bytes; null when scores were given.</summary>
    public int? TemplateBytes { get; init; }

    /// <summary>Which photos the system took, or null when scores were given.</summary>
    public AcquisitionGates? Gates { get; init; }

    /// <summary>SHA-256 of each file that was given beside the data set (scores, logs), by its name without folder.</summary>
    public IReadOnlyDictionary<string, string> InputDigests { get; init; } = new SortedDictionary<string, string>();

    /// <summary>What the given thresholds are said to be worth, by threshold; empty when nobody says anything.</summary>
    public IReadOnlyDictionary<double, ClaimedRate> Claims { get; init; } = new Dictionary<double, ClaimedRate>();

    /// <summary>Result of a 1:1 evaluation, or null.</summary>
    public VerificationResult? Verification { get; init; }

    /// <summary>Result of a 1:N evaluation, or null.</summary>
    public IdentificationResult? Identification { get; init; }

    /// <summary>What an approximate index costs, by rank and threshold; empty when none was compared.</summary>
    public IReadOnlyList<IndexCost> IndexCosts { get; init; } = [];

    /// <summary>The 1:1 result after the known mistakes of the metadata were put right, or null.</summary>
    public VerificationResult? Corrected { get; init; }

    /// <summary>Where the corrections come from, or null.</summary>
    public string? CorrectionsSource { get; init; }
}
