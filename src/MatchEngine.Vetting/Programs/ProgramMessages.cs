using System.Text.Json.Serialization;

namespace MatchEngine.Vetting.Programs;

/// <summary>What a program is given on its standard input: one JSON object.</summary>
/// <param name="Call"><c>describe</c>, <c>enrol</c>, <c>remove</c>, <c>search</c>, <c>compare</c> or <c>record</c>.</param>
internal sealed record ProgramRequest(string Call)
{
    /// <summary>The photo, in base64.</summary>
    public byte[]? Image { get; init; }

    /// <summary>The second photo of a comparison.</summary>
    public byte[]? Second { get; init; }

    /// <summary>The subject.</summary>
    public string? Subject { get; init; }

    /// <summary>The longest list.</summary>
    public int? ListLength { get; init; }

    /// <summary>The score floor, on the program's own scale.</summary>
    public double? ScoreFloor { get; init; }

    /// <summary>Why.</summary>
    public Targets.SearchPurpose? Purpose { get; init; }

    /// <summary>A search's id.</summary>
    public string? SearchId { get; init; }
}

/// <summary>What a program prints: one JSON object. Members that are not known are passed over.</summary>
internal sealed record ProgramAnswer
{
    /// <summary>Why there is nothing else; null where there is.</summary>
    public ProgramFailure? Failure { get; init; }

    /// <summary>describe: the product.</summary>
    public string? Product { get; init; }

    /// <summary>describe: its version.</summary>
    public string? Version { get; init; }

    /// <summary>Any: the model.</summary>
    public string? Model { get; init; }

    /// <summary>describe: what it can do.</summary>
    public IReadOnlyList<Targets.Ability>? Can { get; init; }

    /// <summary>describe: what scores mean.</summary>
    public ProgramScores? Scores { get; init; }

    /// <summary>enrol: the id under which candidates name the subject.</summary>
    public string? Subject { get; init; }

    /// <summary>search: the list.</summary>
    public IReadOnlyList<ProgramCandidate?>? Candidates { get; init; }

    /// <summary>search: its id.</summary>
    public string? SearchId { get; init; }

    /// <summary>search, compare: the disclaimer.</summary>
    public string? Disclaimer { get; init; }

    /// <summary>search: how many strangers are expected on the list.</summary>
    public double? StrangersExpected { get; init; }

    /// <summary>search: how many candidates are held back.</summary>
    public int Withheld { get; init; }

    /// <summary>compare: the score.</summary>
    public double? Score { get; init; }

    /// <summary>record: the purpose.</summary>
    public string? Purpose { get; init; }

    /// <summary>record: when it was made.</summary>
    public DateTimeOffset? Recorded { get; init; }
}

/// <summary>A line of a list.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Score">Its score.</param>
/// <param name="Rank">Its rank; null: its place.</param>
internal sealed record ProgramCandidate(string? Subject, double? Score, int? Rank);

/// <summary>A refusal.</summary>
/// <param name="Kind">What it means, for example <c>noFace</c>.</param>
/// <param name="Detail">In words.</param>
internal sealed record ProgramFailure(Targets.FailureKind Kind, string? Detail);

/// <summary>What scores mean.</summary>
/// <param name="Better"><c>bigger</c> or <c>smaller</c>.</param>
/// <param name="Low">The lowest, on the program's own scale.</param>
/// <param name="High">The highest.</param>
internal sealed record ProgramScores(string Better, double? Low, double? High);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(ProgramRequest))]
internal sealed partial class ProgramJson : JsonSerializerContext;
