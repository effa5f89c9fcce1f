using System.Globalization;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries.Errors;
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
/// a part must not shrink to one person. Those come on top: what one gallery demands takes no place from another's candidates.</para>
/// <para><b>Strangers.</b> How many of them to expect, and the floor that leaves about so many, comes from the scores of all faces with
/// everybody in all galleries (<see cref="SearchedTails"/>).</para>
/// </remarks>
internal sealed class CandidateListBuilder(EmbedderCard model, IReadOnlyList<ProbeFace> faces)
{
    private readonly ProbeFace[] _searchedFaces = [.. faces.Where(face => face.Refusal is null)];
    private readonly List<Part> _parts = [];

    /// <summary>Adds what a gallery answered. Galleries are added in the order in which they were named.</summary>
    /// <param name="gallery">The gallery's name.</param>
    /// <param name="fields">What the list may show of biographics and of the encounters' metadata.</param>
    /// <param name="rule">The gallery's rule. Where there is a minimum the hits go below the floor.</param>
    /// <param name="answer">One answer a face that was searched, in the order of the faces.</param>
    public void Add(string gallery, BiographicFields fields, ListRule rule, GalleryAnswer answer) =>
        _parts.Add(new Part(_parts.Count, gallery, fields, rule, answer));

    /// <summary>The list of what was added, with a search id of its own.</summary>
    /// <exception cref="UnsaidFloorException">The floor cannot be said that was asked for.</exception>
    public CandidateList Build()
    {
        var chosen = ChosenFloor();
        var tails = new SearchedTails([.. _parts.Select(part => (part.Gallery, part.Answer))]);
        var listed = _parts.Select(part => List(Ruled(part, chosen?.Floor))).ToList();
        SearchedGallery[] galleries = [.. listed.Select(part => part.Gallery)];
        var ranked = Ranked(galleries, [.. listed.SelectMany(part => part.Rows)]).ToList();
        return new CandidateList(
            Guid.CreateVersion7(), model.Id, galleries, faces, [.. ranked.Select((row, place) => Candidate(row, place + 1, tails))],
            Disclaimer.Current)
        {
            StrangersExpected = tails.AboveFloors(galleries.ToDictionary(gallery => gallery.Name, gallery => gallery.Rule.Floor)),
            Notices =
            [
                .. OfFile(), .. Chosen(chosen),
                .. FacesLeftOut.Of(faces.Select(face => (face.Number, face.Refusal)), "the probe", "searched"),
                .. galleries.SelectMany(Notices), .. OnTop(galleries, ranked.Count),
            ],
        };
    }

    private (float Floor, double Strangers)? ChosenFloor()
    {
        var parts = _parts.Where(part => part.Rule.FloorStrangers is not null).ToList();
        if (parts.Count == 0)
            return null;
        var strangers = parts.Min(part => part.Rule.FloorStrangers!.Value);
        var tails = new SearchedTails([.. parts.Select(part => (part.Gallery, part.Answer))]);
        return (tails.Floor(strangers) ?? throw new UnsaidFloorException(strangers, tails.Above(1)), strangers);
    }

    private static Part Ruled(Part part, float? chosen) => part.Rule.FloorStrangers is not null && chosen is { } floor
        && !(part.Rule.Floor >= floor)
        ? part with { Rule = part.Rule with { Floor = floor } }
        : part;

    private static (SearchedGallery Gallery, IReadOnlyList<Row> Rows) List(Part part)
    {
        var (rule, answer) = (part.Rule, part.Answer);
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
        var gallery = new SearchedGallery(
            part.Gallery,
            rule,
            answer.Size,
            [.. answer.Answers.Select(hits => hits.Path).Distinct()],
            answer.Answers.All(hits => hits.IsExhaustive),
            listed > reaching,
            withheld)
        {
            Filter = answer.Filter,
            Among = answer.Filter is null ? null : answer.Among,
        };
        return (gallery, found[..listed]);
    }

    private static IEnumerable<Row> Ranked(SearchedGallery[] galleries, Row[] rows)
    {
        var longest = galleries.Max(gallery => gallery.Rule.ListLength);
        return rows
            .OrderByDescending(row => row.Hit.Score).ThenBy(row => row.Part.Place).ThenBy(row => row.Hit.Id)
            .Where((row, place) => place < longest || row.IsDemanded);
    }

    private Candidate Candidate(Row row, int rank, SearchedTails tails)
    {
        var (_, gallery, fields, _, answer) = row.Part;
        var found = answer.Found[row.Hit.Id];
        var encounter = found.Encounter with { Metadata = fields.Of(found.Encounter.Metadata) };
        var biographics = fields.Of(found.Biographics);
        // The group of what is shown: a rate must not tell a label that the searcher may not see.
        var rates = model.Calibrations?.At(row.Hit.Score, RecordedGroup.Of(biographics));
        return new Candidate(rank, encounter.SubjectId, row.Hit.Score, rates, encounter, biographics)
        {
            Gallery = gallery,
            StrangersExpected = tails.Above(row.Hit.Score),
            Face = _searchedFaces.Length > 0 ? _searchedFaces[row.Face].Number : null,
        };
    }

    private IEnumerable<string> Chosen((float Floor, double Strangers)? chosen)
    {
        if (chosen is not var (floor, strangers))
            yield break;
        var chosenFor = _parts.Where(part => part.Rule.FloorStrangers is not null).ToList();
        var where = chosenFor.Count == _parts.Count ? "" : " in " + string.Join(", ", chosenFor.Select(part => $"'{part.Gallery}'"));
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"the floor {floor:0.0000} was chosen for this probe{where}: about {strangers} strangers reach it");
        foreach (var part in _parts.Where(part => part.Rule.FloorStrangers is not null && part.Rule.Floor > floor))
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"gallery '{part.Gallery}': the floor of {part.Rule.Floor:0.0000} that was asked for or set is higher and counts");
    }

    private static IEnumerable<string> OnTop(SearchedGallery[] galleries, int listed)
    {
        var longest = galleries.Max(gallery => gallery.Rule.ListLength);
        if (listed > longest)
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{listed} candidates are listed and not {longest}: a gallery's rule demands several of its own, on top of the best ones");
    }

    private IEnumerable<string> OfFile() => faces.Select(face => face.Remark.ToSentence()).OfType<string>().Distinct();

    private static IEnumerable<string> Notices(SearchedGallery gallery)
    {
        if (gallery is { Filter: { } filter, Among: { } among })
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"gallery '{gallery.Name}': only the {among:N0} subject{(among == 1 ? "" : "s")} with {filter} "
                    + $"{(among == 1 ? "was" : "were")} searched; who lacks a value was not");
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
    private sealed record Part(int Place, string Gallery, BiographicFields Fields, ListRule Rule, GalleryAnswer Answer);

    /// <summary>A hit that is to be listed.</summary>
    /// <param name="Part">Of which gallery.</param>
    /// <param name="Hit">The hit.</param>
    /// <param name="Face">The place of the face that found it among those searched.</param>
    /// <param name="IsDemanded">Whether the gallery's minimum demands it.</param>
    private readonly record struct Row(Part Part, IndexHit Hit, int Face, bool IsDemanded);
}
