using System.Globalization;
using System.Net;
using System.Text;
using MatchEngine.Cli.Output;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Reports.Pages;
using MatchEngine.Faces.Images;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Search;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Cli.Demo;

/// <summary>
/// The demo's answers as one HTML file that opens without a network, in the style of the evaluation's reports: first what went wrong, then
/// every search.
/// </summary>
internal static class DemoPage
{
    private const int Thumbnail = 120;
    private const int CandidatesShown = 3;

    // What a report does not have: faces in rows that wrap.
    private const string Style = """
        <style>
        .faces { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); gap: .9rem .9rem; align-items: start; }
        .faces figure, .case figure { margin: 0; }
        .faces figcaption, .case figcaption { font-size: .8rem; margin: .3rem 0 0; overflow-wrap: anywhere; }
        .faces img, .case img { display: block; width: 100%; max-width: 7.5rem; aspect-ratio: 1; object-fit: cover; border-radius: 8px; }
        .case { margin: 0 0 1.25rem; padding: 1rem 1.25rem; } .case h3 { margin-top: 0; }
        .case .side { display: flex; flex-wrap: wrap; gap: .9rem; }
        .case figure { width: 7.5rem; } .missed, .wrong { color: var(--warn); }
        .person { border-top: 1px solid var(--line); padding: .9rem 0; }
        .mate img { outline: 3px solid var(--s3); outline-offset: 2px; }
        .wrong img, .missed img { outline: 3px solid var(--warn); outline-offset: 2px; }
        .note { border-left: 3px solid var(--warn); background: var(--wash); padding: .6rem .9rem; }
        </style>
        """;

    /// <summary>Writes the page; what was there under the same name is replaced at the end, in one step.</summary>
    public static void Write(string path, DemoRun run)
    {
        using var thumbnails = new Thumbnails();
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(temporary, Page(run, thumbnails));
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static string Page(DemoRun run, Thumbnails thumbnails)
    {
        var altered = run.Searches.Where(search => search.Mate is not null).ToList();
        var strangers = run.Searches.Where(search => search.Mate is null).ToList();
        var wrong = run.Searches.Where(search => search.Fault is not null).ToList();
        var enrolled = run.Enrolled.ToDictionary(encounter => encounter.SubjectId, StringComparer.Ordinal);

        var page = new PageWriter();
        page.Section(
            $"What went wrong: {wrong.Count} of {run.Searches.Count} searches",
            wrong.Count == 0 ? null : "A list is a lead: some name the wrong person, and some do not name the right one.");
        if (wrong.Count == 0)
            page.Paragraph("Nothing: every altered face came first on its list, and nobody was listed for a face that is not enrolled.");
        foreach (var search in wrong)
            Case(page, search, search.Mate is { } mate ? enrolled.GetValueOrDefault(mate) : null, thumbnails);
        page.Section(
            $"All {altered.Count} searches of altered copies",
            "A row a person: the face as it is enrolled, then each altered copy with what came of the search.");
        foreach (var person in altered.GroupBy(search => search.Origin))
            Person(page, person.Key, enrolled.GetValueOrDefault(person.First().Mate!), [.. person], thumbnails);
        page.Section(
            $"All {strangers.Count} searches of faces that are not enrolled", "The right answer is an empty list.");
        page.Markup("<div class=\"faces\">");
        foreach (var search in strangers)
            Outcome(page, search, search.Origin);
        page.Markup("</div>");
        page.Section("What the numbers mean");
        page.Paragraph("FMR: the share of pairs of different people that score this or more, from people at random to the worst group.");
        page.Sentences(FalseMatchRange.PopulationsOf(
            run.Searches.SelectMany(search => search.List?.Candidates ?? []).Select(candidate => candidate.Fmr))
            .Select(population => population.Description));
        page.Paragraph(SamplePhotos.Attribution);
        return HtmlReport.Filled(
            "Faces found again, and those that were not", "MatchEngine demo", Head(run, altered, strangers), page.ToHtml());
    }

    private static string Head(DemoRun run, List<DemoSearch> altered, List<DemoSearch> strangers)
    {
        var head = new StringBuilder(Style);
        head.Append(CultureInfo.InvariantCulture, $"""
            <p class="lead">{run.Enrolment.Encounters} faces of {run.Enrolment.Enrolled} group photos were enrolled, each as a subject of
            its own. Then altered copies of them and the faces of a photo that was left out were searched, with a score floor of
            {Terminal.Score(DemoRun.Floor)}.</p>
            <div class="card"><ul class="numbers">
            """);
        Number("Came first on the list", altered.Count(search => search.MateAtRank1), altered.Count, "altered copies of enrolled faces");
        Number(
            "Missed, or listed below another person", altered.Count(search => !search.MateAtRank1), altered.Count,
            altered.Count(search => search.NamesSomebodyElse) is var named && named == 1
                ? "1 of them names a wrong person"
                : $"{named} of them name a wrong person");
        Number(
            "Listed although not enrolled", strangers.Count(search => search.Fault is not null), strangers.Count,
            "faces of the photo that was left out");
        head.Append("</ul></div>");
        head.Append(CultureInfo.InvariantCulture, $"""
            <p class="note"><strong>This shows the plumbing, not accuracy.</strong> The probes are altered copies of the very photos that
            are enrolled, which is far easier than another photo of the same person. Nobody has labelled these photos: a person may stand
            in two of them. Accuracy is measured on data sets made for it; see the README.</p>
            <p class="note">{Encode(Disclaimer.Current.Text)}</p>
            """);
        return head.ToString();

        void Number(string what, int count, int all, string of) => head.Append(
            CultureInfo.InvariantCulture,
            $"<li><span class=\"what\">{what}</span><strong>{count} of {all}</strong><span class=\"of\">{of}</span></li>");
    }

    /// <summary>A search that went wrong, large: the probe, who should have come, and who came.</summary>
    private static void Case(PageWriter page, DemoSearch search, Encounter? mate, Thumbnails thumbnails)
    {
        page.Markup("<div class=\"card case\">");
        page.Heading($"{search.Origin}, {search.Alteration ?? "not enrolled"}: {search.Fault}");
        page.Markup("<div class=\"side\">");
        Figure(page, "", search.Probe, "probe", "the probe");
        if (mate is not null)
            Figure(page, "mate", thumbnails.Of(mate), "enrolled face", $"who it is: {mate.SubjectId}");
        foreach (var candidate in search.List?.Candidates.Take(CandidatesShown) ?? [])
            Figure(
                page, candidate.SubjectId == search.Mate ? "mate" : "wrong", thumbnails.Of(candidate.Encounter), "candidate",
                Told(candidate));
        page.Markup("</div></div>");
    }

    private static void Person(
        PageWriter page, string origin, Encounter? enrolled, IReadOnlyList<DemoSearch> searches, Thumbnails thumbnails)
    {
        page.Markup("<div class=\"person faces\">");
        if (enrolled is not null)
            Figure(page, "mate", thumbnails.Of(enrolled), "enrolled face", $"enrolled: {origin}");
        foreach (var search in searches)
            Outcome(page, search, search.Alteration!);
        page.Markup("</div>");
    }

    private static void Outcome(PageWriter page, DemoSearch search, string what) => Figure(
        page, search.Fault is null ? "" : search.NamesSomebodyElse ? "wrong" : "missed", search.Probe, "probe",
        search.Fault is { } fault ? $"{what}: ✗ {fault}"
            : search.List!.Candidates is [var first, ..] ? $"{what}: ✓ rank 1, score {Terminal.Score(first.Score)}"
            : $"{what}: ✓ empty list");

    private static string Told(Candidate candidate) =>
        $"{candidate.Rank}. {candidate.SubjectId}, score {Terminal.Score(candidate.Score)}, FMR {RateOutput.Text(candidate.Fmr)}";

    private static void Figure(PageWriter page, string state, byte[] jpeg, string what, string caption) => page.Markup(
        $"<figure class=\"{state}\"><img alt=\"{what}\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\">"
            + $"<figcaption>{Encode(caption)}</figcaption></figure>");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Small pictures of the one face that scored.</summary>
    private sealed class Thumbnails : IDisposable
    {
        private readonly Dictionary<string, Image> _photos = [];
        private readonly Dictionary<string, byte[]> _made = [];

        public byte[] Of(Encounter encounter)
        {
            if (_made.TryGetValue(encounter.Id, out var known))
                return known;
            if (!_photos.TryGetValue(encounter.Image, out var photo))
            {
                using var bytes = ImageBytes.Read(encounter.Image);
                _photos[encounter.Image] = photo = ImageDecoder.Decode(bytes.Span);
            }
            using var crop = FaceCrop.Take(photo, encounter.Box, 1.5f, Thumbnail);
            return _made[encounter.Id] = ImageEncoder.ToJpeg(crop, 85);
        }

        public void Dispose()
        {
            foreach (var photo in _photos.Values)
                photo.Dispose();
        }
    }
}
