using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Access;
using MatchEngine.Service.Files;
using Microsoft.AspNetCore.Mvc;

namespace MatchEngine.Service.Pages;

/// <summary>A page of the audit log.</summary>
/// <param name="Page">The events.</param>
/// <param name="Filter">Which events were asked for.</param>
/// <param name="OldestFirst">Whether they stand in the order of writing.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="More">The address of the next page; null at the end.</param>
/// <param name="Check">What came of checking the chain; null when it was not asked for.</param>
/// <param name="State">How the chain stands, without going through it.</param>
/// <param name="Asked">The filters as they stand in the address.</param>
public sealed record AuditModel(
    AuditPage Page, AuditFilter Filter, bool OldestFirst, IReadOnlyDictionary<string, string> Names,
    string? More, AuditVerification? Check, AuditState State, string Asked);

/// <summary>The audit log, for auditors.</summary>
internal static class AuditPages
{
    private const int PageSize = 100;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/audit", (
                string? kind, string? actor, string? organisation, string? gallery, [FromQuery(Name = "case")] string? number,
                string? since, string? until, long? after, bool? oldestFirst, HttpContext context, ReadingAudit audit,
                KeepingAccounts accounts) =>
                context.Page<AuditView, AuditModel>(Read(
                    Filter(kind, actor, organisation, gallery, number, since, until), after, oldestFirst ?? false, context, audit, accounts,
                    null)))
            .For(Policies.Audit);
        pages.MapGet("/audit/export", (
                string? kind, string? actor, string? organisation, string? gallery, [FromQuery(Name = "case")] string? number,
                string? since, string? until, string? format, HttpContext context, ReadingAudit audit, KeepingAccounts accounts) =>
            {
                var names = accounts.Names(context.Actor());
                var filter = ById(Filter(kind, actor, organisation, gallery, number, since, until), names);
                return AuditFile.Answer(AuditFile.Format(format), audit.Export(context.Actor(), filter), names);
            })
            .For(Policies.Audit);
        // A check reads the whole log: a form's work, not a link's.
        pages.MapPost("/audit", async (HttpContext context, ReadingAudit audit, KeepingAccounts accounts) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var check = await audit.VerifyAsync(context.Actor(), form.Text("head"), context.RequestAborted);
                return context.WantsFragment()
                    ? context.Page<AuditCheckPart, AuditVerification>(check)
                    : context.Page<AuditView, AuditModel>(Read(new AuditFilter(), null, false, context, audit, accounts, check));
            })
            .For(Policies.Audit);
    }

    private static AuditModel Read(
        AuditFilter filter, long? after, bool oldestFirst, HttpContext context, ReadingAudit audit, KeepingAccounts accounts,
        AuditVerification? check)
    {
        var names = accounts.Names(context.Actor());
        var page = audit.Read(context.Actor(), ById(filter, names), after ?? 0, PageSize, !oldestFirst);
        var more = page.Next is { } next
            ? PageQuery.Next(context, "after", next.ToString(System.Globalization.CultureInfo.InvariantCulture))
            : null;
        var asked = QueryString.Create(context.Request.Query.Where(pair => pair.Key is not ("after" or "done" or "oldestFirst")));
        return new AuditModel(page, filter, oldestFirst, names, more, check, audit.State(context.Actor()), asked.Value ?? "");
    }

    private static AuditFilter Filter(
        string? kind, string? actor, string? organisation, string? gallery, string? number, string? since, string? until) => new()
    {
        Kind = PageQuery.Given(kind),
        Actor = PageQuery.Given(actor),
        Organisation = PageQuery.Given(organisation),
        Gallery = PageQuery.Given(gallery),
        CaseNumber = PageQuery.Given(number),
        Since = PageQuery.Day(since),
        Until = PageQuery.Day(until)?.AddDays(1),
    };

    // People know names; the log knows ids.
    private static AuditFilter ById(AuditFilter filter, IReadOnlyDictionary<string, string> names) => filter with
    {
        Actor = names.FirstOrDefault(pair => string.Equals(pair.Value, filter.Actor, StringComparison.OrdinalIgnoreCase)).Key
            ?? filter.Actor,
    };
}
