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
internal sealed class DropsTheDisclaimer : FakeService
{
    private int _searches;

    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var answer = base.Search(caller, query);
        return Interlocked.Increment(ref _searches) % 7 == 0 ? answer with { Disclaimer = null } : answer;
    }
}

/// <summary>Says the disclaimer in other words now and then.</summary>
internal sealed class RewordsTheDisclaimer : FakeService
{
    private int _searches;

    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var answer = base.Search(caller, query);
        return Interlocked.Increment(ref _searches) % 7 == 0 ? answer with { Disclaimer = Disclaimer.TrimEnd('.') } : answer;
    }
}

/// <summary>Takes a floor and lists who is below it.</summary>
internal sealed class IgnoresTheFloor : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var floored = base.Search(caller, query);
        return base.Search(caller, query with { ScoreFloor = null }) with { StrangersExpected = floored.StrangersExpected };
    }
}

/// <summary>Takes a length and lists as many as it likes.</summary>
internal sealed class IgnoresTheLength : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query) => base.Search(caller, query with { ListLength = 30 });
}

/// <summary>Gives one name.</summary>
internal sealed class ReturnsOneName : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var answer = base.Search(caller, query);
        return answer with { Candidates = [.. answer.Candidates.Take(1)], Withheld = 0 };
    }
}

/// <summary>Gives the name that is left alone above a floor.</summary>
internal sealed class ReturnsTheOneAbove : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var answer = base.Search(caller, query);
        return answer.Withheld == 0
            ? answer
            : answer with { Withheld = 0, Candidates = [.. base.Search(caller, query with { ScoreFloor = null }).Candidates.Take(1)] };
    }
}

/// <summary>Shows everybody the records of all.</summary>
internal sealed class LeaksRecords : FakeService
{
    protected override bool MayRead(Caller caller, Caller owner) => true;
}

/// <summary>Has one gallery for all organisations.</summary>
internal sealed class SharesEverything : FakeService
{
    protected override SortedDictionary<string, List<float[]>> Gallery(Caller caller) =>
        base.Gallery(caller == Caller.OtherOrganisation ? Caller.Examiner : caller);
}

/// <summary>Ranks the second before the first.</summary>
internal sealed class RanksTheSecondFirst : FakeService
{
    protected override IEnumerable<(string Subject, double Score)> Rank(IEnumerable<(string Subject, double Score)> scores)
    {
        var ranked = base.Rank(scores).ToList();
        if (ranked.Count > 1)
            (ranked[0], ranked[1]) = (ranked[1], ranked[0]);
        return ranked;
    }
}

/// <summary>Sends the list from its end.</summary>
internal sealed class AnswersBackwards : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var answer = base.Search(caller, query);
        return answer with { Candidates = [.. answer.Candidates.Reverse()] };
    }
}

/// <summary>Lists the first twice.</summary>
internal sealed class ListsTheFirstTwice : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var answer = base.Search(caller, query);
        return answer.Candidates is [var first, _, _, ..]
            ? answer with { Candidates = [first, first with { Rank = 2 }, .. answer.Candidates.Skip(2)] }
            : answer;
    }
}

/// <summary>Tells the same pair another score each time.</summary>
internal sealed class ChangesScores : FakeService
{
    private int _searches;

    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var shift = 0.0001 * (Interlocked.Increment(ref _searches) % 5);
        var answer = base.Search(caller, query);
        return answer with { Candidates = [.. answer.Candidates.Select(one => one with { Score = one.Score - shift })] };
    }
}

/// <summary>Leaves out the last score.</summary>
internal sealed class LosesAScore : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var answer = base.Search(caller, query);
        return answer with
        {
            Candidates = [.. answer.Candidates.SkipLast(1), .. answer.Candidates.TakeLast(1).Select(one => one with { Score = null })],
        };
    }
}

/// <summary>Orders equals by chance.</summary>
internal sealed class BreaksTiesByChance : FakeService
{
    private int _searches;

    protected override IEnumerable<(string Subject, double Score)> Rank(IEnumerable<(string Subject, double Score)> scores) =>
        ++_searches % 2 == 0
            ? base.Rank(scores)
            : scores.OrderByDescending(one => one.Score).ThenByDescending(one => one.Subject, StringComparer.Ordinal);
}

/// <summary>Does not come back from one search.</summary>
internal sealed class Stalls : FakeService
{
    private int _searches;

    public override SearchAnswer Search(Caller caller, SearchQuery query) =>
        Interlocked.Increment(ref _searches) == 12 ? throw new StalledException() : base.Search(caller, query);
}

/// <summary>The server is to send nothing until the client goes.</summary>
internal sealed class StalledException : Exception;

/// <summary>Names another model on its lists than it says it uses.</summary>
internal sealed class LiesAboutItsModel : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query) => base.Search(caller, query) with { Model = "fake-colours-2" };
}

/// <summary>Is another one at the end.</summary>
internal sealed class ChangesItsModel : FakeService
{
    private int _searches;

    public override TargetIdentity Identify(Caller caller) =>
        base.Identify(caller) with { Model = Volatile.Read(ref _searches) > 0 ? "fake-colours-2" : "fake-colours" };

    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        Interlocked.Increment(ref _searches);
        return base.Search(caller, query);
    }
}

/// <summary>Says that somebody was removed, and still finds them.</summary>
internal sealed class FindsTheRemoved : FakeService
{
    public override RemovalAnswer Remove(Caller caller, string subject) => new(Gallery(caller).ContainsKey(subject));
}

/// <summary>Removes some searches later.</summary>
internal sealed class RemovesLate : FakeService
{
    private readonly Queue<(int After, Caller Caller, string Subject)> _due = new();
    private int _searches;

    public override RemovalAnswer Remove(Caller caller, string subject)
    {
        lock (_due)
            _due.Enqueue((_searches + 8, caller, subject));
        return new RemovalAnswer(true);
    }

    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        lock (_due)
        {
            _searches++;
            while (_due.TryPeek(out var next) && next.After < _searches)
            {
                _due.Dequeue();
                base.Remove(next.Caller, next.Subject);
            }
        }
        return base.Search(caller, query);
    }
}

/// <summary>Searches for whoever asks, whyever.</summary>
internal sealed class AsksForNoPurpose : FakeService
{
    protected override void RequirePurpose(SearchPurpose? purpose)
    {
    }
}

/// <summary>Writes no purpose into its record.</summary>
internal sealed class RecordsNoPurpose : FakeService
{
    public override SearchRecordAnswer Read(Caller caller, string searchId) => base.Read(caller, searchId) with { Purpose = "a; b; c" };
}

/// <summary>Keeps no records.</summary>
internal sealed class KeepsNoRecord : FakeService
{
    public override SearchRecordAnswer Read(Caller caller, string searchId) =>
        throw new FakeRefusal(FailureKind.NotFound, "search_not_found", "no such search");
}

/// <summary>Takes who sends no key for the examiner.</summary>
internal sealed class OpensToNobody : FakeService
{
    protected override SortedDictionary<string, List<float[]>> Gallery(Caller caller) =>
        base.Gallery(caller == Caller.Nobody ? Caller.Examiner : caller);
}

/// <summary>Takes any key.</summary>
internal sealed class TakesAnyKey : FakeService
{
    protected override SortedDictionary<string, List<float[]>> Gallery(Caller caller) =>
        base.Gallery(caller == Caller.Stranger ? Caller.Examiner : caller);
}

/// <summary>Compares and tells who it is.</summary>
internal sealed class ComparesByName : FakeService
{
    public override ComparisonAnswer Compare(Caller caller, ComparisonQuery query)
    {
        var answer = base.Compare(caller, query);
        return answer with { Members = [.. answer.Members, "last_name"] };
    }
}

/// <summary>Sees a face wherever it looks.</summary>
internal sealed class SeesFacesEverywhere : FakeService
{
    protected override float[] Template(FaceInput face)
    {
        try
        {
            return base.Template(face);
        }
        catch (FakeRefusal refusal) when (refusal.Kind == FailureKind.NoFace)
        {
            return FakeFace.Template(FakeFace.Photo(999));
        }
    }
}

/// <summary>Takes one of several people.</summary>
internal sealed class TakesOneOfSeveral : FakeService
{
    protected override float[] Template(FaceInput face)
    {
        try
        {
            return base.Template(face);
        }
        catch (FakeRefusal refusal) when (refusal.Kind == FailureKind.SeveralFaces)
        {
            return FakeFace.Template(FakeFace.Photo(998));
        }
    }
}

/// <summary>Looks for a picture in whatever it gets.</summary>
internal sealed class ReadsAnyRecord : FakeService
{
    protected override float[] Template(FaceInput face)
    {
        var bytes = ((PhotoInput)face).Bytes;
        var start = bytes.Span.IndexOf((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);
        return base.Template(start > 0 ? new PhotoInput(bytes[start..]) : face);
    }
}

/// <summary>Fails over a file that it cannot read.</summary>
internal sealed class BreaksOnDamage : FakeService
{
    protected override float[] Template(FaceInput face)
    {
        try
        {
            return base.Template(face);
        }
        catch (FakeRefusal refusal) when (refusal.Kind is FailureKind.UnreadableImage or FailureKind.TooLarge)
        {
            throw new InvalidOperationException("broken", refusal);
        }
    }
}

/// <summary>Answers a file that it cannot read with whoever comes to hand.</summary>
internal sealed class GuessesAtDamage : FakeService
{
    protected override float[] Template(FaceInput face)
    {
        try
        {
            return base.Template(face);
        }
        catch (FakeRefusal refusal) when (refusal.Kind is FailureKind.UnreadableImage or FailureKind.TooLarge)
        {
            return FakeFace.Template(FakeFace.Photo(997));
        }
    }
}

/// <summary>Takes a picture as it is stored.</summary>
internal sealed class IgnoresOrientation : FakeService
{
    protected override float[] Template(FaceInput face)
    {
        var bytes = ((PhotoInput)face).Bytes;
        // The segment in which a camera says how it was held.
        if (bytes.Length < 6 || bytes.Span[2] != 0xFF || bytes.Span[3] != 0xE1)
            return base.Template(face);
        var length = 2 + (bytes.Span[4] << 8) + bytes.Span[5];
        return base.Template(new PhotoInput((byte[])[.. bytes.Span[..2], .. bytes.Span[(2 + length)..]]));
    }
}

/// <summary>Says that it expects few strangers, and lists many.</summary>
internal sealed class UnderstatesStrangers : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var answer = base.Search(caller, query);
        return answer with { StrangersExpected = answer.StrangersExpected is { } told ? told with { Value = told.Value / 5 } : null };
    }
}

/// <summary>Says why it says nothing of strangers: that is honest.</summary>
internal sealed class SaysWhyNotOfStrangers : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query) =>
        base.Search(caller, query) with { StrangersExpected = null, StrangersUnsaid = "too-few-comparisons" };
}

/// <summary>Says nothing of strangers.</summary>
internal sealed class SaysNothingOfStrangers : FakeService
{
    public override SearchAnswer Search(Caller caller, SearchQuery query) => base.Search(caller, query) with { StrangersExpected = null };
}
