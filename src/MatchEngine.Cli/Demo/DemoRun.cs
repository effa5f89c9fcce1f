using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Cli.Demo;

/// <summary>A search of the demo.</summary>
/// <param name="Probe">The bytes that were searched with.</param>
/// <param name="Alteration">What the photo went through; null for a face that is not enrolled.</param>
/// <param name="Mate">The subject whose photo the probe was made from; null when it is not enrolled.</param>
/// <param name="Origin">Photo and face number.</param>
/// <param name="List">The answer; null when no face was found in the probe.</param>
internal sealed record DemoSearch(byte[] Probe, string? Alteration, string? Mate, string Origin, CandidateList? List)
{
    /// <summary>Whether the mate is first on the list; always false for a face that is not enrolled.</summary>
    public bool MateAtRank1 => Mate is not null && List is { Candidates: [var first, ..] } && first.SubjectId == Mate;

    /// <summary>Whether somebody comes first whose face the probe is not.</summary>
    public bool NamesSomebodyElse => List is { Candidates: [var first, ..] } && first.SubjectId != Mate;

    /// <summary>What went wrong, in words; null: nothing did.</summary>
    public string? Fault => (Mate, List) switch
    {
        (null, { Candidates: [var first, ..] }) => $"lists {first.SubjectId}, who is somebody else",
        (null, _) => null,
        (_, null) => "no face was found in the probe",
        (_, { Candidates: [] }) => "missed: nobody reached the floor",
        (_, { Candidates: [var first, ..] } list) when first.SubjectId != Mate =>
            $"names a wrong person, {first.SubjectId}; "
                + (list.Candidates.FirstOrDefault(candidate => candidate.SubjectId == Mate) is { } mate
                    ? $"the right one stands at rank {mate.Rank}"
                    : "the right one is not listed"),
        _ => null,
    };
}

/// <summary>
/// The demo: all sample photos but one are enrolled, each face as a subject; altered copies of enrolled faces and the faces of the photo
/// left out are searched.
/// </summary>
internal sealed class DemoRun
{
    /// <summary>The photo that is left out: nobody in it looks like anybody in the others.</summary>
    private const int LeftOut = 5;

    /// <summary>
    /// The demo's score floor. By the default model's calibration one comparison of different people in about 1,400 reaches it.
    /// </summary>
    public const float Floor = 0.35f;

    private const float ProbeMargin = 1.9f;
    private const int ProbeSize = 320;

    private DemoRun(EnrolmentReport enrolment, IReadOnlyList<Encounter> enrolled, IReadOnlyList<DemoSearch> searches) =>
        (Enrolment, Enrolled, Searches) = (enrolment, enrolled, searches);

    /// <summary>What came of the enrolment.</summary>
    public EnrolmentReport Enrolment { get; }

    /// <summary>The faces that are enrolled, each of a subject of its own.</summary>
    public IReadOnlyList<Encounter> Enrolled { get; }

    /// <summary>Every search, enrolled faces first.</summary>
    public IReadOnlyList<DemoSearch> Searches { get; }

    /// <summary>Runs it in a gallery of its own.</summary>
    /// <param name="gallery">Empty.</param>
    /// <param name="pipeline">The gallery's model.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<DemoRun> RunAsync(
        Gallery gallery, FacePipeline pipeline, Action<string> progress, CancellationToken cancellationToken)
    {
        var enrolled = SamplePhotos.All.Where((_, i) => i + 1 != LeftOut).ToList();
        progress($"Enrolling the faces of {enrolled.Count} photos ...");
        var report = await gallery.EnrolAsync(
            pipeline, new FolderSource(enrolled), () => ChangeJournal.None.Record,
            new EnrolmentOptions { Faces = EnrolmentFaces.Each, MinQuality = null }, cancellationToken: cancellationToken);

        progress($"Searching {report.Encounters} faces, each altered in {Alteration.All.Count} ways ...");
        var (searches, enrolledFaces) = (new List<DemoSearch>(), new List<Encounter>());
        foreach (var subject in gallery.Subjects())
        {
            var encounter = subject.Encounters[0];
            enrolledFaces.Add(encounter);
            using var bytes = ImageBytes.Read(encounter.Image);
            using var photo = ImageDecoder.Decode(bytes.Span, cancellationToken: cancellationToken);
            using var crop = FaceCrop.Take(photo, encounter.Box, ProbeMargin, ProbeSize);
            foreach (var alteration in Alteration.All)
                searches.Add(Search(gallery, pipeline, alteration.Apply(crop), alteration.Name, subject.Id, subject.Id, cancellationToken));
        }

        progress("Searching the faces of the photo that was left out ...");
        using var leftOutBytes = ImageBytes.Read(SamplePhotos.All[LeftOut - 1]);
        using var leftOut = ImageDecoder.Decode(leftOutBytes.Span, cancellationToken: cancellationToken);
        var strangers = pipeline.Detect(leftOut, cancellationToken);
        for (var i = 0; i < strangers.Count; i++)
        {
            using var crop = FaceCrop.Take(leftOut, strangers[i].Box, ProbeMargin, ProbeSize);
            searches.Add(Search(gallery, pipeline, ImageEncoder.ToJpeg(crop), null, null, $"sample{LeftOut}#{i + 1}", cancellationToken));
        }
        return new DemoRun(report, enrolledFaces, searches);
    }

    private static DemoSearch Search(
        Gallery gallery, FacePipeline pipeline, byte[] probe, string? alteration, string? mate, string origin,
        CancellationToken cancellationToken)
    {
        try
        {
            // A neighbour may look into the crop; the face it was made for is the largest.
            var list = gallery.Search(
                pipeline, probe, new SearchOptions { Floor = Floor, Face = FaceChoice.Largest, MinQuality = null }, cancellationToken);
            return new DemoSearch(probe, alteration, mate, origin, list);
        }
        catch (AcquisitionException error) when (error.Reason == AcquisitionFailure.NoFace)
        {
            return new DemoSearch(probe, alteration, mate, origin, null);
        }
    }
}
