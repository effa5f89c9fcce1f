using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>What a check found.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Explanation">Why, in one sentence with the figures.</param>
internal sealed record CheckOutcome(Verdict Verdict, string Explanation)
{
    public static CheckOutcome Pass(string explanation) => new(Verdict.Pass, explanation);

    public static CheckOutcome Fail(string explanation) => new(Verdict.Fail, explanation);

    public static CheckOutcome NotTestable(string reason) => new(Verdict.NotTestable, reason);
}

/// <summary>A requirement of conduct and how it is tried.</summary>
/// <param name="id">The check's id.</param>
/// <param name="requirement">What is required, in our own words.</param>
/// <param name="source">The passage that it comes from, or <c>none</c>.</param>
/// <param name="needs">What it cannot be tried without.</param>
internal abstract class ConductCheck(string id, string requirement, string source, params Ability[] needs)
{
    /// <summary>No source is known but good practice.</summary>
    protected const string NoSource = "none";

    /// <summary>The check's id.</summary>
    public string Id => id;

    /// <summary>What is required.</summary>
    public string Requirement => requirement;

    /// <summary>The passage that it comes from.</summary>
    public string Source => source;

    /// <summary>Tries it.</summary>
    public async Task<Finding> RunAsync(ConductSession session, CancellationToken cancellationToken)
    {
        var steps = new CheckSteps(session);
        CheckOutcome outcome;
        try
        {
            outcome = needs.Where(need => !session.Target.Abilities.Has(need)).Cast<Ability?>().FirstOrDefault() is { } lacking
                ? CheckOutcome.NotTestable($"{Words(lacking)}: {session.Target.Abilities.WhyNot(lacking)}")
                : await TryAsync(session, steps, cancellationToken).ConfigureAwait(false);
        }
        catch (CheckAbandonedException abandoned)
        {
            outcome = CheckOutcome.NotTestable(abandoned.Message);
        }
        return new Finding(id, requirement, source, outcome.Verdict, outcome.Explanation, steps.Evidence);
    }

    /// <summary>Tries it.</summary>
    /// <exception cref="CheckAbandonedException">What it needs was not answered.</exception>
    protected abstract Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken);

    private static string Words(Ability ability) => ability switch
    {
        Ability.Enrol => "nobody can be enrolled",
        Ability.Remove => "nobody can be removed",
        Ability.Search => "it cannot be searched",
        Ability.Compare => "it does not compare",
        Ability.ComparisonScore => "a comparison tells no score",
        Ability.CandidateScore => "candidates have no scores",
        Ability.ListLength => "a search cannot name its list length",
        Ability.ScoreFloor => "a search cannot name a floor",
        Ability.Purpose => "a search cannot name a purpose",
        Ability.Disclaimer => "answers have no known place for a disclaimer",
        Ability.Model => "it does not tell its model",
        Ability.StrangersExpected => "it does not say how many strangers to expect",
        Ability.SearchRecord => "records of searches cannot be read",
        Ability.Credentials => "no credential is in use",
        Ability.OtherOrganisation => "there is no account of another organisation",
        Ability.PromptAnswers => "it does not answer at once",
        _ => $"it lacks {ability}",
    };
}
