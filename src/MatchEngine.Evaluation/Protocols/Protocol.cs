using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Protocols;

/// <summary>Which comparisons a 1:1 evaluation makes.</summary>
public enum ComparisonPlan
{
    /// <summary>Every photo with every other one.</summary>
    AllPairs,

    /// <summary>The pairs of a file in the format of LFW's View 2, in folds.</summary>
    PairsFile,
}

/// <summary>On which impostor comparisons the one global threshold is set.</summary>
public enum ThresholdSource
{
    /// <summary>On all of them.</summary>
    All,

    /// <summary>On those within the reference group.</summary>
    Reference,
}

/// <summary>How subjects are drawn for intervals.</summary>
public sealed record BootstrapPlan
{
    /// <summary>How often; 0 for no bootstrap, then all intervals take comparisons as independent.</summary>
    public int Replicates { get; init; } = 2000;

    /// <summary>Seed of the draws.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>Which photos are enrolled and which are searched with.</summary>
public sealed record IdentificationPlan
{
    /// <summary>Photos that may be enrolled: column → values.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Gallery { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Photos that may be probes: column → values. A photo is never both; what is enrolled is not searched with.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Probes { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>
    /// How many photos of a subject are enrolled, the first by <see cref="OrderBy"/>; null for all that the filter lets through.
    /// </summary>
    public int? EnrolledPerSubject { get; init; } = 1;

    /// <summary>The column by which the photos of a subject are ordered; null for the name of the photo.</summary>
    public string? OrderBy { get; init; }

    /// <summary>
    /// The share of the subjects, drawn with <see cref="Seed"/>, that are not enrolled: their probes are the non-mated searches.
    /// </summary>
    public double NonMatedShare { get; init; } = 0.5;

    /// <summary>Seed of the draw of left-out subjects and of the nested galleries.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>FPIR at which FNIR is wanted.</summary>
    public IReadOnlyList<double> FalsePositiveRates { get; init; } = [0.1, 0.01, 0.003, 0.001];

    /// <summary>Ranks at which FNIR without threshold is wanted.</summary>
    public IReadOnlyList<int> Ranks { get; init; } = [1, 10, 20, 50];

    /// <summary>
    /// Sizes, in subjects, of the nested random galleries; those above the number of enrolled subjects are left out,
    /// the whole gallery is always measured.
    /// </summary>
    public IReadOnlyList<int> GallerySizes { get; init; } = [100, 300, 1000, 3000, 10_000, 30_000, 100_000];
}

/// <summary>Bands by which error rates are given over time and age.</summary>
public sealed record AgeingPlan
{
    /// <summary>Column with the date of capture (yyyy, yyyy-MM or yyyy-MM-dd); null when there is none.</summary>
    public string? DateColumn { get; init; } = "captured_on";

    /// <summary>Column with the age in years at capture; null when there is none.</summary>
    public string? AgeColumn { get; init; } = "age";

    /// <summary>From which age on somebody is an adult.</summary>
    public double AdultAge { get; init; } = 18;

    /// <summary>Lower edges of the bands of years between two captures.</summary>
    public IReadOnlyList<double> YearBands { get; init; } = [0, 1, 2, 4, 6, 8, 10, 15, 20];

    /// <summary>Lower edges of the bands of age at the earlier capture; children stand in bands of their own.</summary>
    public IReadOnlyList<double> AgeBands { get; init; } = [0, 4, 8, 12, 16, 18, 25, 35, 45, 55, 65];
}

/// <summary>What is to be evaluated and how: the content of a file of <c>eval/</c>.</summary>
public sealed record Protocol
{
    /// <summary>The protocol's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it measures, in a sentence.</summary>
    public string? Description { get; init; }

    /// <summary>Which comparisons a 1:1 evaluation makes.</summary>
    public ComparisonPlan Comparisons { get; init; } = ComparisonPlan.AllPairs;

    /// <summary>The pairs file, relative to the data set's folder.</summary>
    public string? PairsFile { get; init; }

    /// <summary>Photos that take part: column → values; empty for all.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Filter { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>At most so many photos of a subject take part, the first by name; null for all.</summary>
    public int? PhotosPerSubject { get; init; }

    /// <summary>
    /// Whether all subjects take part or one half of them, so that what was chosen on one half can be confirmed on the other.
    /// </summary>
    public SubjectHalf Half { get; init; }

    /// <summary>
    /// A file of known mistakes of the metadata, relative to the protocol file; results are then given with and without it.
    /// </summary>
    public string? Corrections { get; init; }

    /// <summary>
    /// For each column, what its values are called here; values that are not listed are taken as they are,
    /// and "" takes a value as not known.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Labels { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>
    /// For columns of numbers the lower edges of the bands they are sorted into; numbers below the first edge are not known.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<double>> Bands { get; init; } = new Dictionary<string, IReadOnlyList<double>>();

    /// <summary>By which columns, or combinations of columns, rates are given.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Slices { get; init; } = [];

    /// <summary>
    /// Whether a slicing whose columns the data set does not have is left out without a word: these slices stand for whatever labels there
    /// are, and nobody asked for any one of them.
    /// </summary>
    public bool SlicesWhereLabelled { get; init; }

    /// <summary>The reference group: column → value (after <see cref="Labels"/> and <see cref="Bands"/>).</summary>
    public IReadOnlyDictionary<string, string> Reference { get; init; } = new Dictionary<string, string>();

    /// <summary>FMR at which thresholds are wanted.</summary>
    public IReadOnlyList<double> FalseMatchRates { get; init; } = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6];

    /// <summary>
    /// Thresholds at which rates are wanted whatever they turn out to be: those of a system in use. Where there are any, groups are
    /// compared at the first of them.
    /// </summary>
    public IReadOnlyList<double> Thresholds { get; init; } = [];

    /// <summary>FMR of the one global threshold at which slices are compared, where no threshold is given.</summary>
    public double GlobalFmr { get; init; } = 1e-3;

    /// <summary>On which comparisons the global threshold is set.</summary>
    public ThresholdSource ThresholdFrom { get; init; } = ThresholdSource.All;

    /// <summary>Slices of fewer subjects are marked and left out of comparisons between slices.</summary>
    public int MinimumSubjects { get; init; } = 30;

    /// <summary>Weight of FMR against FNMR in FDR, IR and GARBE, 0 … 1.</summary>
    public double Alpha { get; init; } = 0.5;

    /// <summary>How intervals are made.</summary>
    public BootstrapPlan Bootstrap { get; init; } = new();

    /// <summary>Gallery and probes of a 1:N evaluation.</summary>
    public IdentificationPlan Identification { get; init; } = new();

    /// <summary>Bands of time and age; null when neither is wanted.</summary>
    public AgeingPlan? Ageing { get; init; }

    /// <summary>
    /// The same protocol with other slices, written as on a command line: <c>sex,race</c> slices by sex and by race,
    /// <c>sex+race</c> by both together.
    /// </summary>
    /// <param name="by">Columns separated by commas, combinations joined by +.</param>
    public Protocol SlicedBy(string by)
    {
        ArgumentNullException.ThrowIfNull(by);
        return this with
        {
            SlicesWhereLabelled = false,
            Slices = [.. by.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(slice =>
                    (IReadOnlyList<string>)slice.Split('+', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
        };
    }

    /// <summary>Refuses values that make no sense.</summary>
    /// <exception cref="EvaluationException">A value is out of range; the message names it.</exception>
    public void Validate()
    {
        void Require(bool holds, string what)
        {
            if (!holds)
                throw new EvaluationException($"protocol '{Name}': {what}");
        }
        Require(!string.IsNullOrWhiteSpace(Name), "it has no name; add \"name\"");
        Require(
            FalseMatchRates.Count > 0 && FalseMatchRates.All(f => f is > 0 and <= 1),
            "falseMatchRates are rates above 0 and at most 1, and there is at least one");
        Require(Thresholds.All(double.IsFinite), "thresholds are finite numbers");
        Require(GlobalFmr is > 0 and <= 1, "globalFmr is a rate above 0 and at most 1");
        Require(MinimumSubjects >= 2, "minimumSubjects is at least 2");
        Require(Alpha is >= 0 and <= 1, "alpha lies between 0 and 1");
        Require(Bootstrap.Replicates is 0 or >= 100, "bootstrap.replicates is 0 (none) or at least 100");
        Require(PhotosPerSubject is null or >= 1, "photosPerSubject is at least 1");
        Require(
            Comparisons != ComparisonPlan.PairsFile || PairsFile is not null,
            "comparisons is pairs-file and pairsFile is missing; name the file");
        Require(
            Slices.All(slice => slice.Count > 0 && slice.Distinct().Count() == slice.Count),
            "a slice names at least one column, and each once");
        foreach (var (column, edges) in Bands)
            Require(
                edges.Count > 0 && edges.Zip(edges.Skip(1)).All(e => e.First < e.Second),
                $"the bands of '{column}' are lower edges that rise");
        Require(Identification.NonMatedShare is >= 0 and < 1, "identification.nonMatedShare lies between 0 and 1");
        Require(Identification.EnrolledPerSubject is null or >= 1, "identification.enrolledPerSubject is at least 1");
        Require(Identification.Ranks.All(r => r >= 1), "identification.ranks are at least 1");
        Require(Identification.GallerySizes.All(n => n >= 1), "identification.gallerySizes are at least 1");
        Require(
            Identification.FalsePositiveRates.All(f => f is > 0 and <= 1),
            "identification.falsePositiveRates are rates above 0 and at most 1");
    }
}

/// <summary>Which subjects take part.</summary>
public enum SubjectHalf
{
    /// <summary>All.</summary>
    Both,

    /// <summary>Those the first byte of whose name's SHA-256 is even.</summary>
    First,

    /// <summary>The others.</summary>
    Second,
}
