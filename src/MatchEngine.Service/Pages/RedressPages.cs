using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Redress;
using MatchEngine.Frs.Sharing;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>Persons' requests.</summary>
/// <param name="Requests">Those to the galleries of the reader's organisation, newest first.</param>
/// <param name="Galleries">The galleries that the reader keeps.</param>
/// <param name="Names">Names of accounts by their ids.</param>
public sealed record RedressModel(
    IReadOnlyList<RedressRequest> Requests, IReadOnlyList<string> Galleries, IReadOnlyDictionary<string, string> Names);

/// <summary>What persons ask for: written down, decided, carried out and answered.</summary>
internal static class RedressPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/redress", (
                HttpContext context, HandlingRedress redress, KeepingGalleries galleries, KeepingAccounts accounts) =>
            {
                var actor = context.Actor();
                return context.Page<RedressView, RedressModel>(new RedressModel(
                    redress.List(actor),
                    actor.Is(Role.GalleryOwner)
                        ? [.. galleries.List(actor).Where(gallery => gallery.Owner == actor.Organisation).Select(gallery => gallery.Name)]
                        : [],
                    accounts.Names(actor)));
            })
            .For(Policies.HandleRedress);
        pages.MapPost("/redress", async (HttpContext context, HandlingRedress redress) =>
            {
                using var form = await PageForm.ReadAsync(context);
                redress.Record(context.Actor(), new RecordedRedress(
                    form.Text("gallery") ?? "", form.Exact("subject"), Kind(form.Text("kind")), form.Text("reference"),
                    form.Text("statement")));
                return WebPages.Done("/redress", "redress-recorded");
            })
            .For(Policies.KeepGallery);
        pages.MapPost("/redress/{redress}/decision", async (string redress, HttpContext context, HandlingRedress handling) =>
            {
                using var form = await PageForm.ReadAsync(context);
                handling.Decide(context.Actor(), redress, form.Decision());
                return WebPages.Done("/redress", "redress-decided");
            })
            .For(Policies.HandleRedress);
        pages.MapPost("/redress/{redress}/answer", async (string redress, HttpContext context, HandlingRedress handling) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var set = form.Text("key") is { } key && form.Text("value") is { } value
                    ? new Dictionary<string, string> { [key] = value }
                    : null;
                var remove = form.Text("key") is { } gone && set is null ? new[] { gone } : null;
                handling.Answer(context.Actor(), redress, new RedressAnswer(form.Text("answer"), set, remove));
                return WebPages.Done("/redress", "redress-answered");
            })
            .For(Policies.KeepGallery);
    }

    private static RedressKind Kind(string? text) => text switch
    {
        "access" => RedressKind.Access,
        "correction" => RedressKind.Correction,
        "deletion" => RedressKind.Deletion,
        _ => throw new ProblemException(Problem.BadValue, "say what the person asks for: access, correction or deletion"),
    };
}
