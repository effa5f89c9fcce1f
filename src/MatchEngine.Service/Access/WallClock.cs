namespace MatchEngine.Service.Access;

/// <summary>
/// The clock that clients have, too. The one that rules go by may be ahead of it (a sandbox moves that one); how fresh a signed request is
/// can only be told by this one.
/// </summary>
/// <param name="Time">Gives the time.</param>
internal sealed record WallClock(TimeProvider Time);
