using System.Security.Cryptography;
using System.Text;
using MatchEngine.Faces;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Accuracy;

/// <summary>What came of an enrolment, for the journal.</summary>
/// <param name="Subject">The id that the target gave; null where it refused.</param>
/// <param name="Failure">Why it was not enrolled; null where it was.</param>
internal sealed record EnrolmentOutcome(string? Subject, string? Failure);

/// <summary>What came of a search, for the journal.</summary>
/// <param name="Failure">Why there is no list; null where there is one.</param>
/// <param name="Candidates">The list, as it came.</param>
/// <param name="Withheld">Candidates that the target says it held back.</param>
internal sealed record SearchOutcome(string? Failure, IReadOnlyList<CandidateOutcome> Candidates, int Withheld)
{
    /// <summary>The most candidates that are kept of a list, however many a target tells: a line of the journal is bounded.</summary>
    public const int MostCandidates = 10_000;
}

/// <summary>A candidate, for the journal.</summary>
/// <param name="Subject">The id that the target gives.</param>
/// <param name="Score">The score as it came; null where none came.</param>
internal sealed record CandidateOutcome(string Subject, double? Score)
{
    /// <summary>The longest id that is kept, in characters; nobody is enrolled under a longer one.</summary>
    public const int LongestSubject = 200;

    /// <summary>A candidate; one with a longer id is nobody whom this run enrolled, and keeps a digest of it.</summary>
    public static CandidateOutcome Of(CandidateAnswer candidate) => new(
        candidate.Subject.Length <= LongestSubject
            ? candidate.Subject
            : "id of SHA-256 " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(candidate.Subject))),
        candidate.Score);
}

/// <summary>What came of a comparison, for the journal.</summary>
/// <param name="Score">The score as it came; null where there is none.</param>
/// <param name="Failure">Why; null where there is one.</param>
internal sealed record ComparisonOutcome(double? Score, string? Failure);

/// <summary>The names of failures in reports: those of the house where it has one, so that two systems can be compared.</summary>
internal static class FailureNames
{
    public static string Of(TargetFailure failure) => failure.Kind switch
    {
        FailureKind.NoFace => AcquisitionFailure.NoFace.ToCode(),
        FailureKind.SeveralFaces => AcquisitionFailure.MultipleFaces.ToCode(),
        FailureKind.PoorQuality => AcquisitionFailure.LowQuality.ToCode(),
        FailureKind.UnreadableImage => AcquisitionFailure.Undecodable.ToCode(),
        FailureKind.TooLarge => AcquisitionFailure.TooLarge.ToCode(),
        var other => "target: " + System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(other.ToString()),
    };
}
