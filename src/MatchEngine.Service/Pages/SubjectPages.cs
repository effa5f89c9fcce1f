using System.Globalization;
using MatchEngine.Faces.Quality;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Listing;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Files;
using Microsoft.AspNetCore.DataProtection;

namespace MatchEngine.Service.Pages;

/// <summary>A page of a gallery's subjects.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Keeps">Whether the reader keeps it, rather than data of one's own in another organisation's.</param>
/// <param name="Found">The subjects, and how many there are on all pages.</param>
/// <param name="Query">Who was asked for.</param>
/// <param name="Conditions">On their biographics.</param>
/// <param name="Previous">The address of the page in front of this one; null where nobody stands there.</param>
/// <param name="Next">The address of the page behind it; null where nobody stands there.</param>
/// <param name="List">What of the address tells this page from others.</param>
public sealed record SubjectsModel(
    string Gallery, bool Keeps, FoundSubjects Found, SubjectQuery Query, IReadOnlyList<string> Conditions, string? Previous, string? Next,
    string List);

/// <summary>A subject.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Links">Its links; null where the reader does not keep the gallery.</param>
/// <param name="OffersLinks">Whether links can be entered: the reader keeps the gallery, and its profile offers them.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="List">The list that the reader came from.</param>
public sealed record SubjectModel(
    string Gallery, Subject Subject, IReadOnlyList<SubjectLink>? Links, bool OffersLinks, IReadOnlyDictionary<string, string> Names,
    string List);

/// <summary>Subjects that are to be removed.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Subjects">Those of them that are there.</param>
/// <param name="List">The list that the reader came from.</param>
public sealed record RemovalModel(string Gallery, IReadOnlyList<Subject> Subjects, string List);

/// <summary>How good the faces of a gallery are.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Quality">Over all of them.</param>
/// <param name="Below">How many subjects have a photo below a quality.</param>
/// <param name="Subjects">How many there are.</param>
public sealed record QualityOverviewModel(
    string Gallery, GalleryQuality Quality, IReadOnlyList<(int Below, long Subjects)> Below, long Subjects);

/// <summary>The subjects of a gallery: looked through, corrected, linked, removed, exported.</summary>
internal static class SubjectPages
{
    private const int PageSize = 50;

    private static readonly int[] Qualities = [(int)FaceQuality.DefaultMinimum, 50, 75];

    public static void Map(IEndpointRouteBuilder pages)
    {
        const string path = "/galleries/{gallery}/subjects";
        pages.MapGet(path, List).For(Policies.KeepGallery);
        pages.MapPost(path + "/search", Search).For(Policies.KeepGallery);
        pages.MapGet(path + "/record", (
                string gallery, string? subject, string? list, HttpContext context, KeepingSubjects subjects, KeepingGalleries galleries,
                LinkingSubjects links, KeepingAccounts accounts) =>
            {
                var actor = context.Actor();
                var keeps = galleries.Find(actor, gallery).Keeps;
                var found = subjects.Find(actor, gallery, subject ?? "");
                return context.Page<SubjectView, SubjectModel>(new SubjectModel(
                    gallery, found, keeps ? links.List(actor, gallery, found.Id) : null, keeps && links.AreOffered(actor, gallery),
                    accounts.Names(actor), ListOf(list)));
            })
            .For(Policies.KeepGallery);
        pages.MapGet(path + "/quality", (string gallery, HttpContext context, FindingSubjects finding) =>
            {
                var actor = context.Actor();
                var quality = finding.Quality(actor, gallery);
                return context.Page<QualityOverviewView, QualityOverviewModel>(new QualityOverviewModel(
                    gallery, quality, [.. Qualities.Select(below => (below, CountOf(new SubjectQuery { QualityBelow = below })))],
                    CountOf(new SubjectQuery())));

                long CountOf(SubjectQuery query) =>
                    finding.Find(actor, gallery, query with { Count = 1 }, [], counted: true, context.RequestAborted).Count ?? 0;
            })
            .For(Policies.KeepGallery);
        pages.MapPost(path + "/selection", Selection).For(Policies.KeepGallery);
        pages.MapPost(path + "/removal", async (string gallery, HttpContext context, KeepingSubjects subjects) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var chosen = form.Texts("subject");
                if (chosen.Count > 1 && form.Number("count") != chosen.Count)
                    throw new ProblemException(
                        Problem.BadValue, $"to remove {chosen.Count} subjects, type their number: go back, and nothing is removed yet");
                var removed = subjects.Remove(context.Actor(), gallery, chosen, context.RequestAborted);
                return removed > 0 || chosen.Count > 1
                    ? WebPages.Done(Address(gallery, form), removed == 1 ? "subject-removed" : "subjects-removed")
                    : throw new ProblemException(Problem.NotFound, "the gallery has no such subject");
            })
            .For(Policies.KeepGallery);
        pages.MapPost(path + "/correction", async (string gallery, HttpContext context, KeepingSubjects subjects) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var subject = form.Exact("subject") ?? "";
                var (set, remove) = Correction(form, subjects.Find(context.Actor(), gallery, subject).Biographics);
                subjects.Correct(context.Actor(), gallery, subject, set, remove);
                return WebPages.Done(Record(gallery, subject, form), "subject-corrected");
            })
            .For(Policies.KeepGallery);
        pages.MapPost(path + "/links", async (string gallery, HttpContext context, LinkingSubjects links) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var (subject, other) = (form.Exact("subject") ?? "", form.Exact("other") ?? "");
                if (form.Ticked("remove"))
                    links.Remove(context.Actor(), gallery, subject, other);
                else
                    links.Enter(context.Actor(), gallery, subject, other, form.Text("note"));
                return WebPages.Done(Record(gallery, subject, form), form.Ticked("remove") ? "link-removed" : "link-entered");
            })
            .For(Policies.KeepGallery);
        pages.MapPost("/galleries/{gallery}/encounters/removal", async (string gallery, HttpContext context, KeepingSubjects subjects) =>
            {
                using var form = await PageForm.ReadAsync(context);
                var subject = form.Exact("subject") ?? "";
                var isLast = subjects.Find(context.Actor(), gallery, subject).Encounters.Count == 1;
                subjects.RemoveEncounter(context.Actor(), gallery, subject, form.Text("encounter") ?? "");
                return WebPages.Done(isLast ? Address(gallery, form) : Record(gallery, subject, form), "encounter-removed");
            })
            .For(Policies.KeepGallery);
    }

    private static IResult List(
        string gallery, string? id, double? quality, int? photos, string? since, string? until, string? order, string? among, string? after,
        string? before, HttpContext context, FindingSubjects finding, KeepingGalleries galleries, IDataProtectionProvider protection)
    {
        var actor = context.Actor();
        var conditions = SealedFilter.Open(protection, actor, gallery, among);
        var query = new SubjectQuery
        {
            IdPart = PageQuery.Given(id),
            QualityBelow = quality,
            LeastEncounters = photos,
            Since = PageQuery.Day(since),
            Until = PageQuery.Day(until)?.AddDays(1),
            Order = order is "newest" or "oldest" ? SubjectOrder.Came : SubjectOrder.Id,
            Descending = order is "newest" or "id-desc",
            After = string.IsNullOrEmpty(after) ? null : after,
            Before = string.IsNullOrEmpty(before) ? null : before,
            Count = PageSize,
        };
        var found = finding.Find(actor, gallery, query, conditions, counted: true, context.RequestAborted);
        return context.Page<SubjectsView, SubjectsModel>(new SubjectsModel(
            gallery, galleries.Find(actor, gallery).Keeps, found, query, conditions,
            found.Page.Previous is { } previous ? Page(context, "before", previous) : null,
            found.Page.Next is { } next ? Page(context, "after", next) : null,
            QueryString.Create(context.Request.Query.Where(pair => pair.Key != "done")).Value?.TrimStart('?') ?? ""));
    }

    /// <summary>A form in place of an address that somebody could read over a shoulder: what is looked for is sealed before it is in
    /// one.</summary>
    private static async Task<IResult> Search(string gallery, HttpContext context, IDataProtectionProvider protection)
    {
        using var form = await PageForm.ReadAsync(context);
        string[] conditions =
        [
            .. (form.Text("conditions") ?? "").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        ];
        var fields = new List<KeyValuePair<string, string?>>();
        foreach (var name in new[] { "id", "quality", "photos", "since", "until", "order" })
        {
            if (form.Text(name) is { } value && value != "id")
                fields.Add(KeyValuePair.Create(name, (string?)value));
        }
        if (SealedFilter.Seal(protection, context.Actor(), gallery, conditions) is { } among)
            fields.Add(KeyValuePair.Create("among", (string?)among));
        return Results.Redirect($"/galleries/{gallery}/subjects{QueryString.Create(fields)}");
    }

    private static async Task<IResult> Selection(
        string gallery, HttpContext context, KeepingSubjects subjects, ExportingSubjects exporting)
    {
        IReadOnlyList<string> chosen;
        bool exports;
        string list;
        using (var form = await PageForm.ReadAsync(context))
            (chosen, exports, list) = (form.Texts("subject"), form.Text("do") == "export", ListOf(form.Exact("list")));
        if (chosen.Count == 0)
            throw new ProblemException(Problem.BadValue, "tick the subjects that are meant first");
        if (exports)
            return SubjectsFile.Answer(await exporting.ExportAsync(context.Actor(), gallery, chosen), gallery);
        var found = new List<Subject>();
        foreach (var subject in chosen)
        {
            if (subjects.TryFind(context.Actor(), gallery, subject) is { } one)
                found.Add(one);
        }
        return context.Page<RemovalView, RemovalModel>(new RemovalModel(gallery, found, list));
    }

    private static string Page(HttpContext context, string key, string place) => context.Request.Path + QueryString.Create([
        .. context.Request.Query.Where(pair => pair.Key is not ("after" or "before" or "done"))
            .Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)),
        KeyValuePair.Create(key, (string?)place)]);

    // It stands behind the question mark of our own address and is parsed as a query again: it leads nowhere else.
    private static string ListOf(string? list) => list is null
        ? ""
        : QueryString.Create(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(list).Where(pair => pair.Key != "done"))
            .Value?.TrimStart('?') ?? "";

    /// <summary>The list on which a form stood.</summary>
    private static string Address(string gallery, PageForm form) => ListOf(form.Exact("list")) is { Length: > 0 } list
        ? $"/galleries/{gallery}/subjects?{list}"
        : $"/galleries/{gallery}/subjects";

    private static string Record(string gallery, string subject, PageForm form) => RecordOf(gallery, subject, ListOf(form.Exact("list")));

    /// <summary>The address of a subject's page.</summary>
    public static string RecordOf(string gallery, string subject, string list = "") =>
        $"/galleries/{gallery}/subjects/record?subject={Uri.EscapeDataString(subject)}"
            + (list.Length == 0 ? "" : $"&list={Uri.EscapeDataString(list)}");

    /// <summary>The order as the form and the address have it.</summary>
    public static string Order(SubjectQuery query) => (query.Order, query.Descending) switch
    {
        (SubjectOrder.Came, true) => "newest",
        (SubjectOrder.Came, false) => "oldest",
        (_, true) => "id-desc",
        _ => "id",
    };

    /// <summary>A number as a field of a form holds it.</summary>
    public static string? Number(double? number) => number?.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a form changes of biographics: keys that are as they were are not touched, nor named in the audit.</summary>
    private static (Dictionary<string, string> Set, List<string> Remove) Correction(
        PageForm form, IReadOnlyDictionary<string, string> before)
    {
        var (set, remove) = (new Dictionary<string, string>(), new List<string>());
        // The last pair is that of the key to add.
        for (var place = 0; place <= before.Count; place++)
        {
            if (form.Exact($"key-{place}") is not { } key)
                continue;
            // Browsers send a line end as two characters.
            var value = form.Exact($"value-{place}")?.ReplaceLineEndings("\n");
            if (value is null && before.ContainsKey(key))
                remove.Add(key);
            else if (value is not null && value != before.GetValueOrDefault(key)?.ReplaceLineEndings("\n"))
                set[key] = value;
        }
        return (set, remove);
    }
}
