namespace MatchEngine.Vetting.Targets;

/// <summary>Something that can be asked of a target.</summary>
public enum Ability
{
    /// <summary>A photo of a subject is enrolled.</summary>
    Enrol,

    /// <summary>A template of a subject is enrolled.</summary>
    EnrolTemplate,

    /// <summary>A subject is removed.</summary>
    Remove,

    /// <summary>A photo is searched with.</summary>
    Search,

    /// <summary>A template is searched with.</summary>
    SearchTemplate,

    /// <summary>Two photos are compared.</summary>
    Compare,

    /// <summary>A comparison tells a score, not only a decision.</summary>
    ComparisonScore,

    /// <summary>Candidates come with scores.</summary>
    CandidateScore,

    /// <summary>A search names its longest list.</summary>
    ListLength,

    /// <summary>A search names its score floor.</summary>
    ScoreFloor,

    /// <summary>A search says why it is made.</summary>
    Purpose,

    /// <summary>Answers have a place for a disclaimer.</summary>
    Disclaimer,

    /// <summary>The target says which model made an answer, or what it is.</summary>
    Model,

    /// <summary>The target says how many strangers are to be expected.</summary>
    StrangersExpected,

    /// <summary>What was recorded of a search can be read.</summary>
    SearchRecord,

    /// <summary>The target asks for credentials, and the examiner has some.</summary>
    Credentials,

    /// <summary>The examiner has an account of a second organisation.</summary>
    OtherOrganisation,

    /// <summary>It answers at once, so that how long it takes can be told.</summary>
    PromptAnswers,
}
