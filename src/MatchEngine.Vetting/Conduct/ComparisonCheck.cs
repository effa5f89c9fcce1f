using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A comparison is a number and nothing of a person.</summary>
internal sealed class ComparisonCheck() : ConductCheck(
    "comparison-score-only",
    "A comparison of two photos answers with a score, and with no personal data.",
    "PIA-054, Submission", Ability.Compare, Ability.ComparisonScore)
{
    // Members of an answer that are called so tell something of a person.
    private static readonly string[] Personal =
    [
        "name", "firstname", "lastname", "fullname", "alias", "birth", "birthdate", "dateofbirth", "dob",
        "address", "phone", "email", "sex",
        "gender", "race", "ethnicity", "nationality", "citizenship", "country", "subject", "subjectid", "person", "personid", "biographics",
        "metadata", "licence", "license", "passport", "ssn", "case", "warrant", "conviction",
    ];

    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var person = session.Photos.Enrolled is [var first, ..]
            ? first
            : throw new CheckAbandonedException("no photos were given");
        var answer = await steps.ValueAsync(
            "two photos", session.Target.CompareAsync(
                new ComparisonQuery(person.Enrolled, person.Probe), CallTerms.Usual, cancellationToken)).ConfigureAwait(false);
        var personal = answer.Members.Where(member => Personal.Contains(
            member[(member.LastIndexOf('.') + 1)..].Replace("_", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase)).ToList();
        if (personal.Count > 0)
            return CheckOutcome.Fail($"the answer has {string.Join(", ", personal.Take(5))}");
        return answer.Score is null
            ? CheckOutcome.Fail("the answer has no score")
            : CheckOutcome.Pass($"a score, and {answer.Members.Count} members without personal data");
    }
}
