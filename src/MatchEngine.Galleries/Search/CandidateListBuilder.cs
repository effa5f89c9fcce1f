using System.Globalization;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries.Properties;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Search;

/// <summary>
/// Makes a candidate list of what galleries answered to the faces of a probe. Nobody else does: who searches, however many faces and
/// galleries there are, gets its list here.
/// </summary>
/// <param name="model">The model's card, for its calibration.</param>
/// <param name="faces">The probe's faces; none for a template that came without a photo.</param>
/// <remarks>
/// <para><b>A gallery's part.</b> Of the hits of all faces each subject keeps its best one. The best of those, as many as the rule's list
/// has places, are found; of them those that reach the floor are listed, and the next ones below it as far as the rule's minimum demands.
/// When fewer are found than that, none is listed. So a gallery's rule says what is shown of that gallery, whatever else is searched with
/// it.</para>
/// <para><b>The list</b> has the parts of all galleries in rank order: by falling score, equal ones in the order of the galleries and then
/// by rising template id. Where it is longer than the longest rule allows, the last ones go, except those that a gallery's minimum demands:
/// a part must not shrink to one person.</para>
/// </remarks>
internal sealed class CandidateListBuilder(EmbedderCard model, IReadOnlyList<ProbeFace> faces)
{
    private readonly ProbeFace[] _searchedFaces = [.. faces.Where(face => face.Refusal is null)];
    private readonly List<SearchedGallery> _galleries = [];
    private readonly List<Row> _rows = [];

    /// <summary>Adds what a gallery answered. Galleries are added in the order in which they were named.</summary>
    /// <param name="gallery">The gallery's name.</param>
    /// <param name="fields">What the list may show of biographics and of the encounters' metadata.</param>
    /// <param name="rule">The gallery's rule. Where there is a minimum the hits go below the floor.</param>
    /// <param name="answer">One answer a face that was searched, in the order of the faces.</param>
    public void Add(string gallery, BiographicFields fields, ListRule rule, GalleryAnswer answer)
    {
        var part = new Part(_galleries.Count, gallery, fields, answer);
        var found = answer.Answers
            .SelectMany((hits, face) => hits.Hits.Select(hit => (Hit: hit, Face: face)))
            .OrderByDescending(row => row.Hit.Score).ThenBy(row => row.Hit.Id).ThenBy(row => row.Face)
            .DistinctBy(row => row.Hit.Subject)
            .Take(rule.ListLength)
            .Select((row, place) => new Row(part, row.Hit, row.Face, place < rule.MinCandidates))
            .ToList();
        var reaching = found.Count(row => rule.Floor is not { } least || row.Hit.Score >= least);
        var withheld = found.Count < rule.MinCandidates ? found.Count : 0;
        var listed = withheld > 0 ? 0 : Math.Min(found.Count, Math.Max(reaching, rule.MinCandidates));
        _rows.AddRange(found.Take(listed));
        _galleries.Add(new SearchedGallery(
            gallery,
            rule,
            answer.Size,
            [.. answer.Answers.Select(hits => hits.Path).Distinct()],
            answer.Answers.All(hits => hits.IsExhaustive),
            rule.Floor is { } floor ? answer.Answers.Count * answer.Size * model.Calibrations?.RandomPairs.At(floor).Value : null,
            listed > reaching,
            withheld));
    }

    /// <summary>The list of what was added, with a search id of its own.</summary>
    public CandidateList Build() => new(
        Guid.CreateVersion7(), model.Id, _galleries, faces,
        [.. Ranked().Select((row, place) => Candidate(row, place + 1))], Disclaimer.Current)
    {
        Notices = [.. FacesLeftOut(), .. _galleries.SelectMany(Notices)],
    };

    private IEnumerable<Row> Ranked()
    {
        var demanded = _rows.Count(row => row.IsDemanded);
        var room = Math.Max(0, _galleries.Max(gallery => gallery.Rule.ListLength) - demanded);
        return _rows
            .OrderByDescending(row => row.Hit.Score).ThenBy(row => row.Part.Place).ThenBy(row => row.Hit.Id)
            .Where(row => row.IsDemanded || room-- > 0);
    }

    private Candidate Candidate(Row row, int rank)
    {
        var (_, gallery, fields, answer) = row.Part;
        var found = answer.Found[row.Hit.Id];
        var encounter = found.Encounter with { Metadata = fields.Of(found.Encounter.Metadata) };
        var biographics = fields.Of(found.Biographics);
        // The group of what is shown: a rate must not tell a label that the searcher may not see.
        var rates = model.Calibrations?.At(row.Hit.Score, RecordedGroup.Of(biographics));
        return new Candidate(rank, encounter.SubjectId, row.Hit.Score, rates, encounter, biographics)
        {
            Gallery = gallery,
            Face = _searchedFaces.Length > 0 ? _searchedFaces[row.Face].Number : null,
        };
    }

    private IEnumerable<string> FacesLeftOut() => faces.Where(face => face.Refusal is not null)
        .Select(face => string.Create(CultureInfo.InvariantCulture, $"face {face.Number} of the probe was not searched: {face.Refusal}"));

    private static IEnumerable<string> Notices(SearchedGallery gallery)
    {
        if (gallery.Withheld > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"gallery '{gallery.Name}': {gallery.Withheld} found and not listed, fewer than "
                    + $"the {gallery.Rule.MinCandidates} of its rule");
        if (gallery.FloorGaveWay)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"gallery '{gallery.Name}': fewer than {gallery.Rule.MinCandidates} reach the floor, so others below it are listed");
        if (!gallery.IsExhaustive)
            yield return $"gallery '{gallery.Name}': not every template was compared, a candidate may be missing";
    }

    /// <summary>What one gallery gives to the list.</summary>
    private sealed record Part(int Place, string Gallery, BiographicFields Fields, GalleryAnswer Answer);

    /// <summary>A hit that is to be listed.</summary>
    /// <param name="Part">Of which gallery.</param>
    /// <param name="Hit">The hit.</param>
    /// <param name="Face">The place of the face that found it among those searched.</param>
    /// <param name="IsDemanded">Whether the gallery's minimum demands it.</param>
    private readonly record struct Row(Part Part, IndexHit Hit, int Face, bool IsDemanded);
}
