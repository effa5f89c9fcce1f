using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A probe is searched with and gone.</summary>
internal sealed class ProbeNotKeptCheck() : ConductCheck(
    "probe-not-kept",
    "A probe is not added to what is searched: searched again, as itself and as a crop, it finds nobody that was not there before.",
    "PIA-054, Safeguards before use", Ability.Search)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        // One that no other check has searched with: had it been kept then, it would be on the first list already.
        if (session.NextStranger() is not { } stranger)
            return CheckOutcome.NotTestable("no photo of somebody who is not enrolled was given");
        var first = await steps.ListAsync("somebody who is not enrolled", new SearchQuery(stranger), cancellationToken)
            .ConfigureAwait(false);
        var again = await steps.ListAsync("the same photo again", new SearchQuery(stranger), cancellationToken).ConfigureAwait(false);
        if (Risen(again, first) is { } itself)
            return Fail("the same photo", itself);
        var crop = await steps.ListAsync(
            "a crop of the photo", new SearchQuery(AlteredPhotos.Crop(stranger, 0.9)), cancellationToken).ConfigureAwait(false);
        // A crop scores a little differently, and may let in somebody who was just off the list: but not above all who were on it.
        if (Risen(crop, first) is { } cropped && first.Candidates is [var best, ..]
            && (cropped.Score is not { } score || score > best.Score))
            return Fail("a crop of it", cropped);
        return CheckOutcome.Pass($"photo and crop find nobody before the {first.Candidates.Count} candidates of the first search");
    }

    // Who comes first and was not there before.
    private static CandidateAnswer? Risen(SearchAnswer list, SearchAnswer before) =>
        list.Candidates is [var top, ..] && before.Candidates.All(old => old.Subject != top.Subject) ? top : null;

    private static CheckOutcome Fail(string what, CandidateAnswer risen) => CheckOutcome.Fail(
        $"searched again, {what} finds {ToldText.Of(risen.Subject, 60)} first, who was not on the first list"
            + (risen.Score is { } score ? $", with a score of {score:0.0000}" : ""));
}
