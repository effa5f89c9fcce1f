using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Access;
using MatchEngine.Service.Files;

namespace MatchEngine.Service.Rest;

/// <summary>An event of the audit log.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Time">When it was written (UTC).</param>
/// <param name="Kind">What happened.</param>
/// <param name="Actor">The account that did it.</param>
/// <param name="Organisation">For which organisation.</param>
/// <param name="Payload">What there is to say of it.</param>
/// <param name="Expires">From when on it may be purged; null: never.</param>
/// <param name="PreviousHash">The hash of the event before it.</param>
/// <param name="Hash">Its own hash.</param>
public sealed record AuditEventResponse(
    long Sequence, DateTimeOffset Time, string Kind, string Actor, string? Organisation, JsonElement Payload,
    DateTimeOffset? Expires, string PreviousHash, string Hash);

/// <summary>A page of events.</summary>
/// <param name="Events">The events.</param>
/// <param name="Next">Give this as <c>after</c> for the next page; null at the end.</param>
public sealed record AuditPage(IReadOnlyList<AuditEventResponse> Events, long? Next);

/// <summary>What came of checking the chain.</summary>
/// <param name="Intact">Whether every event follows the one before it.</param>
/// <param name="Events">How many events hold together from the beginning on.</param>
/// <param name="Head">The hash of the last of them; keep it elsewhere and give it as <c>head</c> later,
/// to notice a tail that was cut off.</param>
/// <param name="Broken">The first broken link, or null.</param>
public sealed record AuditVerificationResponse(bool Intact, long Events, string Head, BrokenLinkResponse? Broken);

/// <summary>The first place at which the chain does not hold.</summary>
/// <param name="Sequence">The number of the event.</param>
/// <param name="Fault">What is wrong.</param>
/// <param name="Detail">A sentence for people.</param>
public sealed record BrokenLinkResponse(long Sequence, AuditFault Fault, string Detail);

/// <summary>How the chain stands, without going through it.</summary>
/// <param name="Sequence">The number of the last event; null when there is none.</param>
/// <param name="Head">Its hash.</param>
/// <param name="Kept">What of it is kept elsewhere.</param>
/// <param name="Unread">Places that keep it and could not be read when the service began.</param>
/// <param name="RolledBack">What was found missing when the service began; null when nothing was.</param>
public sealed record AuditStateResponse(
    long? Sequence, string? Head, IReadOnlyList<KeptHeadResponse> Kept, IReadOnlyList<string> Unread, BrokenLinkResponse? RolledBack);

/// <summary>A head that is kept apart from the log.</summary>
/// <param name="Place">Where.</param>
/// <param name="Sequence">The number of the event.</param>
/// <param name="Head">Its hash.</param>
public sealed record KeptHeadResponse(string Place, long Sequence, string Head);

/// <summary><c>/v1/audit</c>: the audit log, for auditors.</summary>
internal static class AuditResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/audit", (
                string? kind, string? actor, string? organisation, string? gallery, string? caseNumber, DateTimeOffset? since,
                DateTimeOffset? until, long? after, int? count, bool? newestFirst, HttpContext context, ReadingAudit audit) =>
            {
                var filter = new AuditFilter
                {
                    Kind = kind,
                    Actor = actor,
                    Organisation = organisation,
                    Gallery = gallery,
                    CaseNumber = caseNumber,
                    Since = since,
                    Until = until,
                };
                var page = audit.Read(context.Actor(), filter, after ?? 0, count, newestFirst ?? false);
                return new AuditPage([.. page.Events.Select(Response)], page.Next);
            })
            .Needs(Policies.Audit).WithName("listAudit").WithSummary("A page of the audit log").WithTags("audit")
            .Produces<AuditPage>().Problems(400);
        v1.MapGet("/audit/export", (
                string? kind, string? actor, string? organisation, string? gallery, string? caseNumber, DateTimeOffset? since,
                DateTimeOffset? until, string? format, HttpContext context, ReadingAudit audit, KeepingAccounts accounts) =>
            {
                var filter = new AuditFilter
                {
                    Kind = kind,
                    Actor = actor,
                    Organisation = organisation,
                    Gallery = gallery,
                    CaseNumber = caseNumber,
                    Since = since,
                    Until = until,
                };
                return AuditFile.Answer(
                    AuditFile.Format(format), audit.Export(context.Actor(), filter), accounts.Names(context.Actor()));
            })
            .Needs(Policies.Audit).WithName("exportAudit").WithTags("audit")
            .WithSummary(
                "Events by rising number in a file: as JSON lines, by which the chain can be checked anywhere (format=jsonl), "
                    + "or as a table for a spreadsheet (format=csv)")
            .Produces(StatusCodes.Status200OK, contentType: "application/x-ndjson").Problems(400);
        v1.MapGet("/audit/state", (HttpContext context, ReadingAudit audit) =>
            {
                var state = audit.State(context.Actor());
                return new AuditStateResponse(
                    state.Head?.Sequence, state.Head?.Hash,
                    [.. state.Kept.Select(kept => new KeptHeadResponse(kept.Place, kept.Head.Sequence, kept.Head.Hash))], state.Unread,
                    state.RolledBack is { } broken ? new BrokenLinkResponse(broken.Sequence, broken.Fault, broken.Detail) : null);
            })
            .Needs(Policies.Audit).WithName("getAuditState").WithTags("audit")
            .WithSummary("How the chain stands, without going through it: its head, and what of it is kept elsewhere")
            .Produces<AuditStateResponse>();
        v1.MapGet("/audit/verification", async (string? head, HttpContext context, ReadingAudit audit) =>
            {
                var found = await audit.VerifyAsync(context.Actor(), head, context.RequestAborted);
                return new AuditVerificationResponse(
                    found.Broken is null, found.Events, found.Head,
                    found.Broken is { } broken ? new BrokenLinkResponse(broken.Sequence, broken.Fault, broken.Detail) : null);
            })
            .Needs(Policies.Audit).WithName("verifyAudit").WithSummary("Check the chain of the whole log").WithTags("audit")
            .Produces<AuditVerificationResponse>();
    }

    private static AuditEventResponse Response(AuditEvent written) => new(
        written.Sequence, written.Time, written.Kind, written.Actor, written.Organisation, JsonElement.Parse(written.Payload),
        written.Expires, written.PreviousHash, written.Hash);
}
