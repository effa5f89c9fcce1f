using MatchEngine.Vetting.Accuracy;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Load;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Dossiers;

/// <summary>What was examined: what it was called, what it says that it is, before and after, and what cannot be asked of it.</summary>
/// <param name="Name">What it was called on the command line.</param>
/// <param name="Address">Where it was reached; null for one that is not reached over a network.</param>
/// <param name="AtStart">What it said at the start; null where it says nothing.</param>
/// <param name="AtEnd">What it said at the end.</param>
/// <param name="Missing">What cannot be asked, with the reason.</param>
public sealed record ExaminedTarget(
    string Name, string? Address, TargetIdentity? AtStart, TargetIdentity? AtEnd, IReadOnlyDictionary<Ability, string> Missing)
{
    /// <summary>Whether it was the same at the end; null where it does not say what it is.</summary>
    public bool? IsSame => AtStart is null || AtEnd is null ? null
        : (AtStart.Product, AtStart.Version, AtStart.Model) == (AtEnd.Product, AtEnd.Version, AtEnd.Model)
            && AtStart.Settings.Count == AtEnd.Settings.Count
            && AtStart.Settings.All(s => AtEnd.Settings.TryGetValue(s.Key, out var value) && value == s.Value);
}

/// <summary>How the photos that were used are.</summary>
/// <param name="Measure">What was measured.</param>
/// <param name="Role">Of which photos: gallery, or probes.</param>
/// <param name="Photos">How many there are.</param>
/// <param name="Measured">Of how many it could be measured.</param>
/// <param name="Quantiles">The 5th, 25th, 50th, 75th and 95th percentile; empty where nothing was measured.</param>
public sealed record PhotoQualities(string Measure, string Role, int Photos, int Measured, IReadOnlyList<double> Quantiles);

/// <summary>Where the examination comes from.</summary>
/// <param name="Software">What made it.</param>
/// <param name="DataSet">The data set's name; null where none was used.</param>
/// <param name="DataSetDigest">Digest of its metadata.</param>
/// <param name="PhotosDigest">SHA-256 over the digests of all photos that were used, in order of their names.</param>
/// <param name="Protocol">The protocol's name.</param>
/// <param name="ProtocolDigest">Digest of all of its values.</param>
/// <param name="Seed">Seed of the split.</param>
/// <param name="OutcomesDigest">SHA-256 over what came of every call, in order of step and photo.</param>
/// <param name="Machine">The machine that examined: operating system, processor, cores.</param>
public sealed record DossierProvenance(
    string Software, string? DataSet, string? DataSetDigest, string? PhotosDigest, string? Protocol, string? ProtocolDigest, ulong? Seed,
    string? OutcomesDigest, string Machine);

/// <summary>A finished examination.</summary>
public sealed record Dossier
{
    /// <summary>Name and version of the layout.</summary>
    public const string Schema = "matchengine-dossier/1";

    /// <summary>What was examined.</summary>
    public required ExaminedTarget Target { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Who owns the target and agreed; null where it runs on this machine.</summary>
    public OwnerAgreement? Agreement { get; init; }

    /// <summary>What was found of its conduct; empty where that was not examined.</summary>
    public IReadOnlyList<Finding> Conduct { get; init; } = [];

    /// <summary>Its accuracy; null where that was not examined.</summary>
    public AccuracyResult? Accuracy { get; init; }

    /// <summary>How many of those whom the examination enrolled are still there, and why; null where nobody is.</summary>
    public string? LeftBehind { get; init; }

    /// <summary>What it does under load; null where that was not examined.</summary>
    public LoadReport? Load { get; init; }

    /// <summary>Why a part was not examined, by its name: <c>conduct</c>, <c>accuracy</c>, <c>load</c>, <c>photos</c>.</summary>
    public IReadOnlyDictionary<string, string> NotExamined { get; init; } = new Dictionary<string, string>();

    /// <summary>How the photos are; empty where that was not examined.</summary>
    public IReadOnlyList<PhotoQualities> Photos { get; init; } = [];

    /// <summary>What no machine can answer.</summary>
    public IReadOnlyList<OpenQuestion> Questions { get; init; } = OpenQuestion.All;

    /// <summary>The last day on which it can be relied on.</summary>
    public required DateOnly Expires { get; init; }

    /// <summary>Where it comes from.</summary>
    public required DossierProvenance Provenance { get; init; }

    /// <summary>What is to be examined anew before <see cref="Expires"/>, when it happens.</summary>
    public static IReadOnlyList<string> Triggers { get; } =
    [
        "The service, its model or its version changes, or it says another one than stands here.",
        "A setting changes: floor, list length, gallery, account, purpose, retention.",
        "Probes of another kind are searched with than those of the data set used here, or people of other groups.",
        "The gallery becomes more than twice as large as the largest that was examined.",
        "A complaint, an incident or a finding of an audit says other than stands here.",
        "A document that stands under the norms is replaced.",
    ];
}
