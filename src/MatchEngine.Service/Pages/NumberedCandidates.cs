using System.Security.Cryptography;
using System.Text;
using MatchEngine.Frs.Examining;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>
/// The candidates of an examination under the numbers by which its pages name them: their ranks; or, where the profile wants them judged
/// blind, their places in an order that says nothing. The order is the same each time, and no secret: it keeps ranks out of sight.
/// </summary>
/// <param name="seen">The examination, as its examiner sees it.</param>
public sealed class NumberedCandidates(SeenExamination seen)
{
    /// <summary>All, in the order of their numbers.</summary>
    public IReadOnlyList<(int Number, ExaminedCandidate Candidate)> All { get; } = seen switch
    {
        { Candidates: null } => [],
        { IsBlind: true } => [.. seen.Candidates.OrderBy(candidate => Order(seen.Examination.Id, candidate), StringComparer.Ordinal)
            .Select((candidate, place) => (place + 1, candidate))],
        _ => [.. seen.Candidates.Select(candidate => (candidate.Rank, candidate))],
    };

    /// <summary>The candidate of a number.</summary>
    /// <exception cref="ProblemException">There is none.</exception>
    public ExaminedCandidate Require(int number) => All.FirstOrDefault(candidate => candidate.Number == number).Candidate
        ?? throw new ProblemException(Problem.NotFound, "the list has no candidate of this number");

    /// <summary>The number to begin with: the first candidate of which nothing was said, else the first; null of an empty list.</summary>
    public int? Next => All.Where(candidate => candidate.Candidate.Kept is null).Concat(All).Select(candidate => (int?)candidate.Number)
        .FirstOrDefault();

    /// <summary>Whether rank, score and subject of a candidate are not told yet.</summary>
    public bool Hides(ExaminedCandidate candidate)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        return seen.IsBlind && candidate.Kept is null;
    }

    /// <summary>What a candidate is called.</summary>
    public string Name(int number) => seen.IsBlind ? $"Candidate {number}" : $"Rank {number}";

    private static string Order(string examination, ExaminedCandidate candidate) => Convert.ToHexString(
        SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{examination}\n{candidate.Rank}"))));
}
