namespace MatchEngine.Galleries;

/// <summary>A link of a subject to another of its gallery. A person entered it; no search makes one.</summary>
/// <param name="SubjectId">The other subject.</param>
/// <param name="Note">What links the two, in the words of who entered it.</param>
/// <param name="EnteredBy">Who entered it.</param>
/// <param name="Entered">When (UTC).</param>
public sealed record SubjectLink(string SubjectId, string Note, string EnteredBy, DateTimeOffset Entered);
