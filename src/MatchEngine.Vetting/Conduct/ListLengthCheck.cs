using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Lists of 2, 20 and 50 are as long as was asked.</summary>
internal sealed class ListLengthCheck() : ConductCheck(
    "list-length",
    "A list is as long as the requester asks, from 2 to 50 candidates: never longer, and no shorter while there are more subjects.",
    "PIA-054, FBI NGI Interstate Photo System", Ability.Search, Ability.ListLength)
{
    private static readonly int[] Lengths = [2, 20, 50];

    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var person = session.NextPerson();
        var seen = new List<string>();
        var (wrong, untold) = (new List<string>(), new List<int>());
        var lists = await steps.ListsAsync(
            Lengths.Select(length => ($"a list of {length}", new SearchQuery(person.Person.Probe) { ListLength = length })),
            cancellationToken).ConfigureAwait(false);
        foreach (var (length, list) in Lengths.Zip(lists))
        {
            var got = list.Candidates.Count;
            seen.Add($"{got} of {length}");
            if (got > length || got + list.Withheld < Math.Min(length, session.People.Count))
                wrong.Add($"{got} candidates where {length} were asked for of at least {session.People.Count} subjects");
            else if (got < length)
                untold.Add(length);
        }
        if (wrong.Count > 0)
            return CheckOutcome.Fail(string.Join("; ", wrong));
        // Which length was honoured cannot be told from a list of everybody.
        return untold.Count == Lengths.Length
            ? CheckOutcome.NotTestable($"{session.People.Count} subjects are fewer than the shortest list")
            : CheckOutcome.Pass(string.Join(", ", seen) + (untold.Count == 0
                ? ""
                : $"; with {session.People.Count} subjects a list of "
                    + $"{string.Join(" and of ", untold)} cannot be told from one of everybody"));
    }
}
