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
        var rows = new Dictionary<(string, string), (EnrolmentRow Row, long Line, bool Contradicted)>();
        foreach (var (line, fields) in Lines(file, "id image "))
        {
            if (fields.Length < 4 || !int.TryParse(fields[3], NumberStyles.Integer, CultureInfo.InvariantCulture, out var code))
                faults.Add(file, line, "malformed line", "an enrolment row begins with id, image, template size and return code");
            else if (rows.TryAdd((fields[0], fields[1]), (new EnrolmentRow(fields[0], fields[1], code), line, false)))
                continue;
            else if (rows[(fields[0], fields[1])] is var known && known.Row.ReturnCode == code)
                faults.Add(file, line, "duplicate row", $"template '{fields[0]}' of image '{fields[1]}' stands twice");
            else
            {
                Contradiction(faults, file, line, known.Line, known.Contradicted, $"template '{fields[0]}' of image '{fields[1]}'");
                rows[(fields[0], fields[1])] = known with { Contradicted = true };
            }
        }
        return [.. rows.Values.Where(row => !row.Contradicted).OrderBy(row => row.Line).Select(row => row.Row)];
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
        var enrolments = new List<AnsweredEnrolment>();
        foreach (var row in gallery)
        {
            var photo = images.IndexOf(row.Image);
            if (photo < 0)
            {
                faults.Add(file, 0, "unknown image", $"enrolled image '{row.Image}' is not in the metadata of '{images.Name}'");
                continue;
            }
            enrolments.Add(new AnsweredEnrolment(photo, row.Id, row.ReturnCode == 0 ? null : $"return code {row.ReturnCode}"));
            var subject = images.SubjectOf[photo];
            if (row.ReturnCode == 0 && !subjectOf.TryAdd(row.Id, subject) && subjectOf[row.Id] != subject)
                faults.Add(
                    file, 0, "contradicting rows",
                    $"template '{row.Id}' is enrolled for '{images.Subjects[subjectOf[row.Id]]}' and for '{images.Subjects[subject]}'");
        }
        var rows = new SortedDictionary<string, Dictionary<int, Candidate>>(StringComparer.Ordinal);
        var failed = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (line, fields) in Lines(file, "searchId "))
        {
            var rank = -1;
            var score = double.NaN;
            if (fields.Length is not (6 or 7)
                || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out rank)
                || !int.TryParse(fields[2], NumberStyles.Integer, CultureInfo.InvariantCulture, out var code)
                || fields[3] is not ("0" or "1")
                || !DelimitedRows.TryNumber(fields[5], out score))
            {
                faults.Add(
                    file, line, "malformed line",
                    "a search row is searchId, candidateRank, searchRetCode, isAssigned, templateId and score, separated by single spaces");
                continue;
            }
            if (!rows.TryGetValue(fields[0], out var list))
                rows[fields[0]] = list = [];
            if (code != 0)
                failed[fields[0]] = code;
            else if (fields[3] == "1")
            {
                if (!double.IsFinite(score))
                    faults.Add(file, line, "not a number", $"the score of candidate {rank} of search '{fields[0]}' is not a finite number");
                else if (!subjectOf.ContainsKey(fields[4]))
                    faults.Add(file, line, "unknown template", $"template '{fields[4]}' is not in the enrolment log");
                else if (list.TryAdd(rank, new Candidate(fields[4], distances ? -score : score, line, false)))
                    continue;
                else if (list[rank] is var known && known.Id == fields[4] && known.Score.Equals(distances ? -score : score))
                    faults.Add(file, line, "duplicate row", $"candidate {rank} of search '{fields[0]}' stands twice");
                else
                {
                    Contradiction(faults, file, line, known.Line, known.Contradicted, $"candidate {rank} of search '{fields[0]}'");
                    list[rank] = known with { Contradicted = true };
                }
            }
        }
        var searches = new List<AnsweredSearch>();
        var longest = 0;
        var (rising, falling) = (0, 0);
        foreach (var (id, ranked) in rows)
        {
            var list = ranked.Where(c => !c.Value.Contradicted).OrderBy(c => c.Key).Select(c => c.Value).ToArray();
            var photo = images.IndexOf(probes?.GetValueOrDefault(id) ?? id);
            if (photo < 0)
            {
                faults.Add(file, 0, "unknown image", $"search '{id}' is of a photo that the metadata of '{images.Name}' does not hold");
                continue;
            }
            longest = Math.Max(longest, list.Length);
            if (list.Length > 1)
            {
                rising += list[0].Score < list[^1].Score ? 1 : 0;
                falling += list[0].Score > list[^1].Score ? 1 : 0;
            }
            searches.Add(new AnsweredSearch(
                id, photo, failed.TryGetValue(id, out var returned) ? $"return code {returned}" : null,
                [.. list.Select(c => new AnsweredCandidate(c.Id, c.Score))]));
        }
        return AnsweredSearches.ToSet(images, enrolments, searches, longest) with
        {
            Notes = rising > falling ? [Upside(distances)] : [],
        };
    }

    private readonly record struct Candidate(string Id, double Score, long Line, bool Contradicted);

    // Which of two rows that contradict each other is right cannot be known: neither is used, and both are named.
    private static void Contradiction(InputFaults faults, string file, long line, long earlier, bool isNamed, string what)
    {
        faults.Add(file, line, "contradicting rows", $"{what} stands in line {earlier} with another outcome; neither is used");
        if (!isNamed)
            faults.Add(file, earlier, "contradicting rows", $"{what} stands in line {line} with another outcome; neither is used");
    }

    // Taken the wrong way round, a good system looks like one that is worse than chance.
    private static string Upside(bool distances) => distances
        ? "The better candidates have the lower scores although --distances turned them round: leave --distances out."
        : "The better candidates have the lower scores: if these are distances, give --distances.";

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
        var mateOf = new Dictionary<string, (string Template, long Line, bool Contradicted)>(StringComparer.Ordinal);
        foreach (var (line, fields) in Lines(mates, null))
        {
            if (fields.Length != 2)
                faults.Add(mates, line, "malformed line", "a line is a query and its true template");
            else if (mateOf.TryAdd(fields[0], (fields[1], line, false)))
                continue;
            else if (mateOf[fields[0]] is var known && known.Template == fields[1])
                faults.Add(mates, line, "duplicate row", $"query '{fields[0]}' stands twice");
            else
            {
                Contradiction(faults, mates, line, known.Line, known.Contradicted, $"query '{fields[0]}'");
                mateOf[fields[0]] = known with { Contradicted = true };
            }
        }
        foreach (var query in mateOf.Where(m => m.Value.Contradicted).Select(m => m.Key).ToArray())
            mateOf.Remove(query);
        var lists = new SortedDictionary<string, Dictionary<string, Candidate>>(StringComparer.Ordinal);
        var templates = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (line, fields) in Lines(scores, null))
        {
            if (fields.Length < 3 || !DelimitedRows.TryNumber(fields[2], out var score) || !double.IsFinite(score))
                faults.Add(scores, line, "malformed line", "a line is a query, a template and a score");
            else if (!mateOf.ContainsKey(fields[0]))
                faults.Add(scores, line, "mated unknown", $"query '{fields[0]}' has no true template in {Path.GetFileName(mates)}");
            else if ((lists.TryGetValue(fields[0], out var list) ? list : lists[fields[0]] = []).TryAdd(
                fields[1], new Candidate(fields[1], distances ? -score : score, line, false)))
                templates.Add(fields[1]);
            else if (lists[fields[0]][fields[1]] is var known && known.Score.Equals(distances ? -score : score))
                faults.Add(scores, line, "duplicate row", $"the comparison of '{fields[0]}' and '{fields[1]}' stands twice");
            else
            {
                Contradiction(
                    faults, scores, line, known.Line, known.Contradicted, $"the comparison of '{fields[0]}' and '{fields[1]}'");
                lists[fields[0]][fields[1]] = known with { Contradicted = true };
            }
        }
        var (lower, higher) = (0, 0);
        var searches = lists.Select(list =>
        {
            var entry = KeyValuePair.Create(
                list.Key,
                list.Value.Where(c => !c.Value.Contradicted).ToDictionary(c => c.Key, c => c.Value.Score, StringComparer.Ordinal));
            var mate = mateOf[entry.Key].Template;
            var isThere = entry.Value.TryGetValue(mate, out var mateScore);
            if (isThere && entry.Value.Count > 1)
            {
                var others = entry.Value.Where(c => c.Key != mate).Average(c => c.Value);
                lower += mateScore < others ? 1 : 0;
                higher += mateScore > others ? 1 : 0;
            }
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
        }).ToArray();
        return new SearchSet(templates.Count, searches)
        {
            EnrolledPhotos = templates.Count,
            Notes = lower > higher ? [Upside(distances)] : [],
        };
    }

    private static IEnumerable<(long Line, string[] Fields)> Lines(string file, string? header)
    {
        using var reader = new StreamReader(DelimitedRows.Open(file));
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
