using System.Globalization;
using MatchEngine.Evaluation.Identification;

namespace MatchEngine.Evaluation.Inputs;

/// <summary>A row of an FRTE enrolment log.</summary>
/// <param name="Id">The template's id.</param>
/// <param name="Image">The photo.</param>
/// <param name="ReturnCode">0 when a template was made.</param>
public sealed record EnrolmentRow(string Id, string Image, int ReturnCode);

/// <summary>
/// Reads searches that another system made: FRTE's <c>search_1N</c> and enrolment logs, and pyeer's search scores. Columns of FRTE's logs
/// are separated by single spaces: an unassigned candidate has an empty template id, two spaces in a row.
/// </summary>
public static class SearchReader
{
    /// <summary>Reads an FRTE enrolment log: <c>id image templateSizeBytes returnCode …</c>.</summary>
    /// <param name="file">The log.</param>
    /// <param name="faults">Takes what is wrong with single lines.</param>
    /// <exception cref="EvaluationException">The file cannot be read, or a line is at fault and the run is strict.</exception>
    public static IReadOnlyList<EnrolmentRow> ReadEnrolment(string file, InputFaults faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var rows = new List<EnrolmentRow>();
        var seen = new HashSet<(string, string)>();
        foreach (var (line, fields) in Lines(file, "id image "))
        {
            if (fields.Length < 4 || !int.TryParse(fields[3], NumberStyles.Integer, CultureInfo.InvariantCulture, out var code))
                faults.Add(file, line, "malformed line", "an enrolment row begins with id, image, template size and return code");
            else if (!seen.Add((fields[0], fields[1])))
                faults.Add(file, line, "duplicate row", $"template '{fields[0]}' of image '{fields[1]}' stands twice");
            else
                rows.Add(new EnrolmentRow(fields[0], fields[1], code));
        }
        return rows;
    }

    /// <summary>
    /// Reads an FRTE search log: <c>searchId candidateRank searchRetCode isAssigned templateId score</c>,
    /// and a seventh column of older drivers that is not used.
    /// </summary>
    /// <param name="file">The log.</param>
    /// <param name="images">Subjects of the photos.</param>
    /// <param name="gallery">What was enrolled: the rows of the enrolment log.
    /// A subject all of whose rows failed is still a mated one.</param>
    /// <param name="probes">Which photo each search id stands for;
    /// a search id that it does not name is taken as the photo's name. Null for none.</param>
    /// <param name="faults">Takes what is wrong with single lines.</param>
    /// <param name="distances">Whether lower means more alike.</param>
    /// <exception cref="EvaluationException">The file cannot be read, or a line is at fault and the run is strict.</exception>
    public static SearchSet ReadFrte(
        string file, DataSet images, IReadOnlyList<EnrolmentRow> gallery, IReadOnlyDictionary<string, string>? probes,
        InputFaults faults, bool distances = false)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(faults);
        var subjectOf = new Dictionary<string, int>(StringComparer.Ordinal);
        var (enrolled, wanted) = (new HashSet<int>(), new HashSet<int>());
        foreach (var row in gallery)
        {
            var photo = images.IndexOf(row.Image);
            if (photo < 0)
            {
                faults.Add(file, 0, "unknown image", $"enrolled image '{row.Image}' is not in the metadata of '{images.Name}'");
                continue;
            }
            var subject = images.SubjectOf[photo];
            wanted.Add(subject);
            if (row.ReturnCode != 0)
                continue;
            enrolled.Add(subject);
            subjectOf[row.Id] = subject;
        }
        var rows = new SortedDictionary<string, List<(int Rank, string Id, double Score, long Line)>>(StringComparer.Ordinal);
        var failed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (line, fields) in Lines(file, "searchId "))
        {
            var rank = -1;
            var score = double.NaN;
            if (fields.Length is not (6 or 7)
                || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out rank)
                || !int.TryParse(fields[2], NumberStyles.Integer, CultureInfo.InvariantCulture, out var code)
                || fields[3] is not ("0" or "1")
                || !ScoreReader.TryNumber(fields[5], out score))
            {
                faults.Add(
                    file, line, "malformed line",
                    "a search row is searchId, candidateRank, searchRetCode, isAssigned, templateId and score, separated by single spaces");
                continue;
            }
            if (!rows.TryGetValue(fields[0], out var list))
                rows[fields[0]] = list = [];
            if (code != 0)
                failed.Add(fields[0]);
            else if (fields[3] == "1")
            {
                if (!double.IsFinite(score))
                    faults.Add(file, line, "not a number", $"the score of candidate {rank} of search '{fields[0]}' is not a finite number");
                else if (!subjectOf.ContainsKey(fields[4]))
                    faults.Add(file, line, "unknown template", $"template '{fields[4]}' is not in the enrolment log");
                else if (list.Exists(c => c.Rank == rank))
                    faults.Add(file, line, "duplicate row", $"candidate {rank} of search '{fields[0]}' stands twice");
                else
                    list.Add((rank, fields[4], distances ? -score : score, line));
            }
        }
        var searches = new List<Search>();
        var longest = 0;
        foreach (var (id, list) in rows)
        {
            var photo = images.IndexOf(probes?.GetValueOrDefault(id) ?? id);
            if (photo < 0)
            {
                faults.Add(file, 0, "unknown image", $"search '{id}' is of a photo that the metadata of '{images.Name}' does not hold");
                continue;
            }
            list.Sort((x, y) => x.Rank.CompareTo(y.Rank));
            longest = Math.Max(longest, list.Count);
            var subject = images.SubjectOf[photo];
            // One row a subject: further templates of a subject do not push others down.
            var bySubject = list.Select(c => (c.Id, c.Score, Subject: subjectOf[c.Id])).DistinctBy(c => c.Subject).ToArray();
            var mate = Array.FindIndex(bySubject, c => c.Subject == subject);
            searches.Add(new Search
            {
                Probe = id,
                Photo = photo,
                Subject = subject,
                IsMated = wanted.Contains(subject),
                HasFailed = failed.Contains(id),
                MateRank = mate < 0 ? null : mate + 1,
                MateScore = mate < 0 ? null : bySubject[mate].Score,
                HighestNonMate = bySubject.Where(c => c.Subject != subject).Select(c => c.Score)
                    .DefaultIfEmpty(double.NegativeInfinity).Max(),
                Candidates = [.. bySubject.Select(c => new SearchCandidate(c.Id, c.Score, c.Subject == subject))],
            });
        }
        return new SearchSet(enrolled.Count, searches)
        {
            Images = images,
            ListLength = longest,
            EnrolledPhotos = subjectOf.Count,
            FailedEnrolments = wanted.Count - enrolled.Count,
        };
    }

    /// <summary>
    /// Reads pyeer's search scores: <c>query template score</c>, one line a comparison, and <c>query template</c>,
    /// the true template of each query.
    /// </summary>
    /// <param name="scores">The scores.</param>
    /// <param name="mates">The true templates.</param>
    /// <param name="faults">Takes what is wrong with single lines.</param>
    /// <param name="distances">Whether lower means more alike.</param>
    /// <exception cref="EvaluationException">A file cannot be read, or a line is at fault and the run is strict.</exception>
    public static SearchSet ReadPyeer(string scores, string mates, InputFaults faults, bool distances = false)
    {
        ArgumentNullException.ThrowIfNull(faults);
        var mateOf = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (line, fields) in Lines(mates, null))
        {
            if (fields.Length != 2)
                faults.Add(mates, line, "malformed line", "a line is a query and its true template");
            else if (!mateOf.TryAdd(fields[0], fields[1]))
                faults.Add(mates, line, "duplicate row", $"query '{fields[0]}' stands twice");
        }
        var lists = new SortedDictionary<string, Dictionary<string, double>>(StringComparer.Ordinal);
        var templates = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (line, fields) in Lines(scores, null))
        {
            if (fields.Length < 3 || !ScoreReader.TryNumber(fields[2], out var score) || !double.IsFinite(score))
                faults.Add(scores, line, "malformed line", "a line is a query, a template and a score");
            else if (!mateOf.ContainsKey(fields[0]))
                faults.Add(scores, line, "mated unknown", $"query '{fields[0]}' has no true template in {Path.GetFileName(mates)}");
            else if (!(lists.TryGetValue(fields[0], out var list) ? list : lists[fields[0]] = []).TryAdd(
                fields[1], distances ? -score : score))
                faults.Add(scores, line, "duplicate row", $"the comparison of '{fields[0]}' and '{fields[1]}' stands twice");
            else
                templates.Add(fields[1]);
        }
        var searches = lists.Select(entry =>
        {
            var mate = mateOf[entry.Key];
            var isThere = entry.Value.TryGetValue(mate, out var mateScore);
            return new Search
            {
                Probe = entry.Key,
                IsMated = true,
                MateRank = isThere ? 1 + entry.Value.Count(c => c.Key != mate && c.Value >= mateScore) : null,
                MateScore = isThere ? mateScore : null,
                HighestNonMate = entry.Value.Where(c => c.Key != mate).Select(c => c.Value).DefaultIfEmpty(double.NegativeInfinity).Max(),
                Candidates = [.. entry.Value.OrderByDescending(c => c.Value).ThenBy(c => c.Key == mate)
                    .ThenBy(c => c.Key, StringComparer.Ordinal)
                    .Take(GallerySearch.KeptCandidates).Select(c => new SearchCandidate(c.Key, c.Value, c.Key == mate))],
            };
        });
        return new SearchSet(templates.Count, [.. searches]) { EnrolledPhotos = templates.Count };
    }

    private static IEnumerable<(long Line, string[] Fields)> Lines(string file, string? header)
    {
        using var reader = new StreamReader(ScoreReader.Open(file));
        var number = 0L;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (line.Length == 0 || (number == 1 && header is not null && line.StartsWith(header, StringComparison.Ordinal)))
                continue;
            yield return (number, line.TrimEnd('\r').Split(' '));
        }
    }
}
