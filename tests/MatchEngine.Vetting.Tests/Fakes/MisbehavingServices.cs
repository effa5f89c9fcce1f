using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Fakes;

/// <summary>Keeps every probe as a subject.</summary>
internal sealed class KeepsProbes : FakeService
{
    private int _kept;

    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var answer = base.Search(caller, query);
        Enrol(caller, new EnrolmentQuery($"kept-{Interlocked.Increment(ref _kept)}", query.Probe));
        return answer;
    }
}

/// <summary>Answers without the disclaimer now and then.</summary>
internal sealed class DropsDisclaimer : FakeService
{
    private int _searches;

    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var answer = base.Search(caller, query);
        return Interlocked.Increment(ref _searches) % 3 == 0 ? answer with { Disclaimer = null } : answer;
    }
}

/// <summary>Takes a floor and lists who is below it.</summary>
internal sealed class IgnoresFloor : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query) => base.Search(caller, query with { ScoreFloor = null });
}

/// <summary>Gives one name.</summary>
internal sealed class ReturnsOneName : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var answer = base.Search(caller, query);
        return answer with { Candidates = [.. answer.Candidates.Take(1)] };
    }
}

/// <summary>Shows everybody the records of all.</summary>
internal sealed class LeaksRecords : FakeService
{
    protected override bool MayRead(Caller caller, Caller owner) => true;
}

/// <summary>Ranks the second before the first.</summary>
internal sealed class AnswersOutOfOrder : FakeService
{
    protected override IEnumerable<(string Subject, double Score)> Rank(IEnumerable<(string Subject, double Score)> scores)
    {
        var ranked = base.Rank(scores).ToList();
        if (ranked.Count > 1)
            (ranked[0], ranked[1]) = (ranked[1], ranked[0]);
        return ranked;
    }
}

/// <summary>Tells the same pair another score each time.</summary>
internal sealed class ChangesScores : FakeService
{
    private int _searches;

    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var shift = 0.0007 * (Interlocked.Increment(ref _searches) % 5);
        var answer = base.Search(caller, query);
        return answer with { Candidates = [.. answer.Candidates.Select(one => one with { Score = one.Score + shift })] };
    }
}

/// <summary>Names another model on its lists than it says it uses.</summary>
internal sealed class LiesAboutItsModel : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query) => base.Search(caller, query) with { Model = "fake-colours-2" };
}

/// <summary>Says that somebody was removed, and still finds them.</summary>
internal sealed class FindsTheRemoved : FakeService
{
    public override RemovalAnswer Remove(Caller caller, string subject)
    {
        lock (Gallery(caller))
            return new RemovalAnswer(Gallery(caller).ContainsKey(subject));
    }
}
