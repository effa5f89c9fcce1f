namespace MatchEngine.Frs.Notifying;

/// <summary>What somebody is told (PIA-054, Principles: when another user opens a search or a record, its owner is told).</summary>
/// <param name="Id">Its number; rises with time.</param>
/// <param name="Time">When (UTC).</param>
/// <param name="Kind">One of <see cref="NotificationKinds"/>.</param>
/// <param name="Actor">The account that did it, or <see cref="Frs.Actor.ServiceAccount"/>.</param>
/// <param name="Search">The search it is about.</param>
/// <param name="Gallery">The gallery it is about.</param>
/// <param name="Subject">The subject it is about.</param>
/// <param name="Read">Whether the reader has marked it as read.</param>
public sealed record Notification(
    long Id, DateTimeOffset Time, string Kind, string Actor, string? Search, string? Gallery, string? Subject, bool Read);
