namespace MatchEngine.Vetting.Targets;

/// <summary>What a target says that it is. What it does not say is null.</summary>
/// <param name="Product">The product's name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Model">The model that makes its templates.</param>
/// <param name="Settings">What else it says of how it is set: name and value.</param>
public sealed record TargetIdentity(
    string? Product, string? Version, string? Model, IReadOnlyDictionary<string, string> Settings);

/// <summary>An enrolment that was carried out.</summary>
/// <param name="Subject">The id under which candidates name the subject: the one that was asked for, or one that the target gave.</param>
/// <param name="New">Whether a template is new; false where the target says that it had it already.</param>
public sealed record EnrolmentAnswer(string Subject, bool New);

/// <summary>A removal that was carried out.</summary>
/// <param name="WasThere">Whether the target says that there was something to remove.</param>
public sealed record RemovalAnswer(bool WasThere);

/// <summary>A candidate list.</summary>
/// <param name="Candidates">In the order in which they came, which need not be that of their ranks.</param>
public sealed record SearchAnswer(IReadOnlyList<CandidateAnswer> Candidates)
{
    /// <summary>The search's id; null where none is told.</summary>
    public string? SearchId { get; init; }

    /// <summary>The disclaimer, word for word; null where there is none.</summary>
    public string? Disclaimer { get; init; }

    /// <summary>The model that the answer names; null where it names none.</summary>
    public string? Model { get; init; }

    /// <summary>How many strangers the target expects on the list; null where it does not say.</summary>
    public ExpectedStrangers? StrangersExpected { get; init; }

    /// <summary>Why the target says that it does not say so; null where it says nothing.</summary>
    public string? StrangersUnsaid { get; init; }

    /// <summary>How many candidates the target says it holds back, because a rule of its own demands more of them.</summary>
    public int Withheld { get; init; }

    /// <summary>What the target says of its own accord about the request, bounded.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];
}

/// <summary>A line of a candidate list.</summary>
/// <param name="Rank">The rank that stands on it; where none does, its place from 1.</param>
/// <param name="Subject">The subject's id.</param>
/// <param name="Score">Higher is more alike (<see cref="ScoreScale"/>); null where none is told.</param>
public sealed record CandidateAnswer(int Rank, string Subject, double? Score)
{
    /// <summary>The names, not the values, of the biographic data that stand beside it.</summary>
    public IReadOnlyList<string> Biographics { get; init; } = [];

    /// <summary>How many strangers the target expects at or above this score; null where it does not say.</summary>
    public ExpectedStrangers? StrangersExpected { get; init; }
}

/// <summary>A number of strangers that a target expects on a list.</summary>
/// <param name="Value">The number.</param>
/// <param name="Low">The lower limit of its interval; null where none is told.</param>
/// <param name="High">The upper limit; null where none is told.</param>
public sealed record ExpectedStrangers(double Value, double? Low, double? High);

/// <summary>A comparison that was carried out.</summary>
/// <param name="Score">Higher is more alike; null where none is told.</param>
public sealed record ComparisonAnswer(double? Score)
{
    /// <summary>The disclaimer, word for word; null where there is none.</summary>
    public string? Disclaimer { get; init; }

    /// <summary>The model that the answer names; null where it names none.</summary>
    public string? Model { get; init; }

    /// <summary>
    /// The names of all members of the answer, those within others as <c>outer.inner</c>: whether personal data is among them.
    /// </summary>
    public IReadOnlyList<string> Members { get; init; } = [];
}

/// <summary>What a target has recorded of a search.</summary>
/// <param name="SearchId">The search's id.</param>
/// <param name="Purpose">The purpose that the record names, in one line; null where it names none.</param>
/// <param name="Recorded">When it was recorded; null where that is not told.</param>
public sealed record SearchRecordAnswer(string SearchId, string? Purpose, DateTimeOffset? Recorded);
