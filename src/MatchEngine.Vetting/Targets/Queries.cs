namespace MatchEngine.Vetting.Targets;

/// <summary>An enrolment that is asked for.</summary>
/// <param name="Subject">The subject's id: letters, digits, '-' and '_'.</param>
/// <param name="Face">By what.</param>
public sealed record EnrolmentQuery(string Subject, FaceInput Face);

/// <summary>A search that is asked for.</summary>
/// <param name="Probe">The probe.</param>
public sealed record SearchQuery(FaceInput Probe)
{
    /// <summary>The longest list; null where the target decides.</summary>
    public int? ListLength { get; init; }

    /// <summary>The lowest score, on the scale of <see cref="TargetAbilities.Scores"/>; null for none.</summary>
    public double? ScoreFloor { get; init; }

    /// <summary>Why; null to say nothing.</summary>
    public SearchPurpose? Purpose { get; init; } = SearchPurpose.Examination;
}

/// <summary>A comparison that is asked for.</summary>
/// <param name="First">A photo.</param>
/// <param name="Second">Another photo.</param>
public sealed record ComparisonQuery(PhotoInput First, PhotoInput Second)
{
    /// <summary>Why; null to say nothing.</summary>
    public SearchPurpose? Purpose { get; init; } = SearchPurpose.Examination;
}

/// <summary>Why a search is made.</summary>
/// <param name="CaseNumber">The case that it belongs to.</param>
/// <param name="Basis">The suspected crime, or another legal basis.</param>
/// <param name="Requester">Who asked for it.</param>
public sealed record SearchPurpose(string CaseNumber, string Basis, string Requester)
{
    /// <summary>What a search of an examination says: that it is one.</summary>
    public static SearchPurpose Examination { get; } = new("VETTING", "Examination of the service before use", "Vetting unit");
}
