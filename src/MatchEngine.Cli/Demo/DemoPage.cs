using System.Globalization;
using System.Net;
using System.Text;
using MatchEngine.Cli.Output;
using MatchEngine.Faces.Images;
using MatchEngine.Galleries;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Cli.Demo;

/// <summary>The demo's answers as one HTML file that opens without a network: probes and candidates side by side.</summary>
internal static class DemoPage
{
    private const int Thumbnail = 120;
    private const int CandidatesShown = 3;

    /// <summary>Writes the page; what was there under the same name is replaced at the end, in one step.</summary>
    public static void Write(string path, DemoRun run)
    {
        var page = new StringBuilder(1 << 20);
        var altered = run.Searches.Where(search => search.Mate is not null).ToList();
        var strangers = run.Searches.Where(search => search.Mate is null).ToList();
        page.Append(CultureInfo.InvariantCulture, $$"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>MatchEngine demo</title>
            <style>
            body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 68rem; padding: 0 1rem;
                   color: #1c2430; background: #fff; }
            h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
            .note { background: #fff6dd; border-left: 4px solid #c98a00; padding: .6rem .9rem; }
            table { border-collapse: collapse; } th { text-align: left; font-weight: 600; color: #4a5568; }
            td, th { padding: .35rem .7rem .35rem 0; vertical-align: top; }
            img { display: block; border-radius: 6px; width: 120px; height: 120px; object-fit: cover; }
            figure { margin: 0; width: 124px; } figcaption { font-size: .8rem; overflow-wrap: anywhere; }
            .lists { display: flex; gap: .8rem; } .mate img { outline: 3px solid #2b7a4b; }
            td + td, th + th { border-left: 1px solid #d5dbe3; padding-left: .9rem; }
            .empty { color: #4a5568; font-style: italic; } footer { margin-top: 2.5rem; color: #4a5568; font-size: .85rem; }
            </style></head><body>
            <h1>MatchEngine demo</h1>
            <p>{{run.Enrolment.Encounters}} faces of {{run.Enrolment.Enrolled}} group photos were enrolled, each as a subject of its own.
            Then {{altered.Count}} altered copies of them and the {{strangers.Count}} faces of a photo that was left out were searched,
            with a score floor of {{Terminal.Score(DemoRun.Floor)}}.
            The mate came first in {{altered.Count(search => search.MateAtRank1)}} of {{altered.Count}} searches of altered copies;
            {{strangers.Count(search => search.List is { Candidates.Count: 0 })}} of {{strangers.Count}} searches of faces left out gave
            an empty list.</p>
            <p class="note"><strong>This shows the plumbing, not accuracy.</strong> The probes are altered copies of the very photos that
            are enrolled, which is far easier than another photo of the same person. Nobody has labelled these photos: a person may stand
            in two of them. Accuracy is measured on data sets made for it; see the README.</p>
            <p class="note">{{WebUtility.HtmlEncode(Disclaimer.Current.Text)}}</p>

            """);
        using var thumbnails = new Thumbnails();
        page.Append("<h2>Altered copies of enrolled faces</h2>\n");
        // One face of each photo, the largest that is not in profile: the page stays short, the sums above count all.
        foreach (var photo in altered.GroupBy(search => search.Origin.Split('#')[0]))
        {
            var faces = photo.GroupBy(search => search.Origin).ToList();
            Rows(page, faces.Find(face => face.All(search => search.List is not null)) ?? faces[0], thumbnails);
        }
        page.Append("<h2>Faces that are not enrolled</h2>\n");
        Rows(page, strangers, thumbnails);
        var populations = FalseMatchRange.PopulationsOf(
            run.Searches.SelectMany(search => search.List?.Candidates ?? []).Select(candidate => candidate.Fmr));
        page.Append(
            "<footer>FMR: the share of pairs of different people that score this or more, from people at random to the worst group.\n");
        foreach (var population in populations)
            page.Append(CultureInfo.InvariantCulture, $"<br>{WebUtility.HtmlEncode(population.Description)}.\n");
        page.Append("</footer>\n");
        page.Append(
            CultureInfo.InvariantCulture,
            $"<footer>{SamplePhotos.Attribution} Green: the subject whose photo the probe was made from.</footer>\n</body></html>\n");

        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            File.WriteAllText(temporary, page.ToString());
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static void Rows(StringBuilder page, IEnumerable<DemoSearch> searches, Thumbnails thumbnails)
    {
        page.Append("<table><tr><th>probe</th><th>candidates, best first</th></tr>\n");
        foreach (var search in searches)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td><figure>{Picture(search.Probe, "probe")}<figcaption>{WebUtility.HtmlEncode(search.Origin)}<br>"
                    + $"{search.Alteration ?? "not enrolled"}</figcaption></figure></td><td><div class=\"lists\">");
            if (search.List is null)
                page.Append("<span class=\"empty\">no face found in the probe</span>");
            else if (search.List.Candidates.Count == 0)
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<span class=\"empty\">empty list: nobody at or above {Terminal.Score(DemoRun.Floor)}</span>");
            foreach (var candidate in search.List?.Candidates.Take(CandidatesShown) ?? [])
                page.Append(
                    CultureInfo.InvariantCulture,
                    $"<figure{(candidate.SubjectId == search.Mate ? " class=\"mate\"" : "")}>"
                        + $"{Picture(thumbnails.Of(candidate.Encounter), "candidate")}<figcaption>{candidate.Rank}. "
                        + $"{WebUtility.HtmlEncode(candidate.SubjectId)}<br>score {Terminal.Score(candidate.Score)}<br>FMR "
                        + $"{WebUtility.HtmlEncode(RateOutput.Text(candidate.Fmr))}</figcaption></figure>");
            page.Append("</div></td></tr>\n");
        }
        page.Append("</table>\n");
    }

    private static string Picture(byte[] jpeg, string what) =>
        $"<img alt=\"{what}\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(jpeg)}\">";

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
