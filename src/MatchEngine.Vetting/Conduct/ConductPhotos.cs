using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Conduct;

/// <summary>Whom the checks of conduct show to a target: still photos of one face each, of people who may be used for that.</summary>
/// <param name="Enrolled">Those who are enrolled for the length of the battery.</param>
/// <param name="Strangers">Photos of people who are not among them, each of another person.</param>
public sealed record ConductPhotos(IReadOnlyList<ConductPerson> Enrolled, IReadOnlyList<PhotoInput> Strangers);

/// <summary>Somebody who is enrolled for the length of the battery.</summary>
/// <param name="Enrolled">The photo by which they are enrolled.</param>
/// <param name="Other">Another photo of them, by which they are searched; null where there is none, and the first is searched with.</param>
public sealed record ConductPerson(PhotoInput Enrolled, PhotoInput? Other)
{
    /// <summary>The photo by which they are searched.</summary>
    public PhotoInput Probe => Other ?? Enrolled;
}
