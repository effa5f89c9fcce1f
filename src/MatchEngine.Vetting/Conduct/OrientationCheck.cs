using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A photo is searched upright, however it is stored.</summary>
internal sealed class OrientationCheck() : ConductCheck(
    "exif-orientation",
    "The same photo stored in each of the eight orientations finds the same subject first.",
    "CIPA DC-008 (Exif), tag Orientation", Ability.Search)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken)
    {
        var photo = session.NextPerson().Person.Enrolled;
        var exchanges = new List<Exchange<SearchAnswer>>();
        for (var orientation = 1; orientation <= 8; orientation++)
            exchanges.Add(await steps.SearchAsync(
                $"orientation {orientation}", new SearchQuery(AlteredPhotos.Turned(photo, orientation)),
                cancellationToken).ConfigureAwait(false));
        if (exchanges[0].Failure is { } unanswered)
            return CheckOutcome.NotTestable($"orientation 1 was not answered: {unanswered.Kind}");
        if (exchanges[0].Value!.Candidates is not [var first, ..])
            return CheckOutcome.NotTestable("the upright photo has no candidates");
        var wrong = new List<int>();
        for (var orientation = 2; orientation <= 8; orientation++)
        {
            var turned = exchanges[orientation - 1];
            if (turned.Failure is { IsRefusal: false } failure)
                return CheckOutcome.NotTestable($"orientation {orientation} was not answered: {failure.Kind}");
            if (turned.Value is not { Candidates: [var found, ..] } || !Same(found, first))
                wrong.Add(orientation);
        }
        return wrong.Count == 0
            ? CheckOutcome.Pass($"all eight find {ToldText.Of(first.Subject, 60)} first")
            : CheckOutcome.Fail($"orientation {string.Join(", ", wrong)}: refused, or somebody else first than upright");
    }

    // Another subject with the same photo may come first.
    private static bool Same(CandidateAnswer found, CandidateAnswer first) =>
        found.Subject == first.Subject || (found.Score is not null && found.Score >= first.Score);
}
