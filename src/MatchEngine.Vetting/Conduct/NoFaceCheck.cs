using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A photo of nobody finds nobody.</summary>
internal sealed class NoFaceCheck() : ConductCheck(
    "no-face", "A photo without a face is refused, or gives no candidates.", "PIA-054, Principles", Ability.Search)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken) =>
        Unfit.Judge(
            await steps.SearchAsync("a grey wall", new SearchQuery(AlteredPhotos.Nobody()), cancellationToken).ConfigureAwait(false));
}
