using MatchEngine.Interchange;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Searches;
using MatchEngine.Service.Access;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Resources;

namespace MatchEngine.Service.Searching;

/// <summary>From whom an ANSI/NIST file came, so that its answer can name it.</summary>
/// <param name="ControlNumber">Its 1.009 TCN.</param>
/// <param name="Agency">Its 1.008 ORI.</param>
internal sealed record InterchangeOrigin(string? ControlNumber, string? Agency);

/// <summary>
/// A candidate list as an ANSI/NIST-ITL file, for clients that ask for one.
/// The layout of its Type-2 record is described in the README of Interchange.
/// </summary>
internal sealed class InterchangeAnswer(ProbeSearch searches, ServiceSettings settings, TimeProvider clock)
{
    /// <summary>
    /// What a client puts into <c>Accept</c>. No media type is registered for the traditional encoding, so this one is ours.
    /// </summary>
    public const string MediaType = "application/x-ansi-nist-itl";

    // An IDC has two digits.
    private const int MaxCrops = 99;

    /// <summary>Whether a client prefers a file to JSON.</summary>
    public static bool IsWanted(HttpRequest request) => request.GetTypedHeaders().Accept
        .Where(type => type.MediaType == MediaType || type.MediaType == "application/json")
        .OrderByDescending(type => type.Quality ?? 1)
        .FirstOrDefault()?.MediaType == MediaType;

    /// <summary>Writes the list.</summary>
    /// <param name="caller">Who searched.</param>
    /// <param name="answer">What the search gave.</param>
    /// <param name="origin">The file that the probe came in; null when it was no such file.</param>
    /// <remarks>The receipt of deletion and the ids that a client may need stand in headers: the layout has no place for them.</remarks>
    public byte[] Write(Caller caller, SearchResponse answer, InterchangeOrigin? origin)
    {
        var crops = 0;
        return new Interchange.Searches.CandidateResponse
        {
            SearchId = answer.SearchId,
            Gallery = string.Join(',', answer.Galleries),
            Model = answer.Model,
            GallerySize = answer.GallerySize,
            ListLength = answer.ListLength,
            Floor = answer.ScoreFloor,
            DisclaimerVersion = answer.Disclaimer.Version,
            Disclaimer = answer.Disclaimer.Text,
            Candidates = [.. answer.Candidates.Select(candidate => new ResponseCandidate
            {
                Rank = candidate.Rank,
                // Only together with the gallery does an id name one subject.
                SubjectId = answer.Galleries.Count == 1 ? candidate.SubjectId : $"{candidate.Gallery}/{candidate.SubjectId}",
                Score = candidate.Score,
                EncounterId = candidate.Encounter.Id,
                Fmr = candidate.Fmr,
                FmrBelow = candidate.FmrBelow,
                Crop = crops < MaxCrops && Crop(caller, answer, candidate) is { } face && ++crops > 0 ? face : null,
            })],
        }.Write(new TransactionBuilder
        {
            TransactionType = Interchange.Searches.CandidateResponse.SearchResults,
            Time = clock.GetUtcNow(),
            DestinationAgency = Usable(origin?.Agency) ?? Usable(caller.Organisation) ?? "UNKNOWN",
            OriginatingAgency = settings.Agency,
            ControlNumber = answer.SearchId.Replace("-", "", StringComparison.Ordinal),
            ControlReference = origin?.ControlNumber is { Length: >= 1 and <= 48 } number ? Usable(number) : null,
        });
    }

    private FaceRecordContent? Crop(Caller caller, SearchResponse answer, Resources.CandidateResponse candidate)
    {
        var (gallery, encounter, _, _) = searches.Candidate(caller, answer.SearchId, candidate.Rank);
        if (gallery.ReadFace(encounter.Id) is not { } jpeg || ImageHeader.Read(jpeg) is not { } header)
            return null;
        return new FaceRecordContent
        {
            Image = jpeg,
            Width = header.Width,
            Height = header.Height,
            Compression = header.Compression,
            ColorSpace = header.Channels == 1 ? ColorSpaces.Gray : ColorSpaces.Srgb,
            SourceAgency = settings.Agency,
            PhotoDate = DateOnly.FromDateTime(encounter.Enrolled.UtcDateTime),
            Comment = "10.005 is the date of enrolment; the image is a crop of the photo that was enrolled",
        };
    }

    /// <summary>A value as Type-1 may hold it; null when it may not: it is 7-bit ASCII without control characters.</summary>
    private static string? Usable(string? text) => string.IsNullOrEmpty(text) || text.Any(letter => letter is < ' ' or > '~') ? null : text;
}
