using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>A record that says that it shows a tattoo is not searched as a face.</summary>
internal sealed class TattooRecordCheck() : ConductCheck(
    "tattoo-record",
    "An ANSI/NIST record whose image type is not FACE is refused, whatever its image shows.",
    "ANSI/NIST-ITL 1-2011, 10.003 IMT", Ability.Search)
{
    protected override async Task<CheckOutcome> TryAsync(ConductSession session, CheckSteps steps, CancellationToken cancellationToken) =>
        Unfit.Judge(await steps.SearchAsync(
            "a Type-10 record of a tattoo", new SearchQuery(AlteredPhotos.TattooRecord(session.NextPerson().Person.Probe)),
            cancellationToken).ConfigureAwait(false));
}
