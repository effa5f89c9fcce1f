using MatchEngine.Galleries;
using MatchEngine.Galleries.Search;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Searches;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Frs.Searching;

/// <summary>From whom an ANSI/NIST file came, so that its answer can name it.</summary>
/// <param name="ControlNumber">Its 1.009 TCN.</param>
/// <param name="Agency">Its 1.008 ORI.</param>
public sealed record InterchangeOrigin(string? ControlNumber, string? Agency);

/// <summary>
/// A candidate list as an ANSI/NIST-ITL file, for clients that ask for one.
/// The layout of its Type-2 record is described in the README of Interchange.
/// </summary>
/// <param name="candidates">Opens the candidates, for their crops.</param>
/// <param name="options">The name of this service in such files.</param>
/// <param name="clock">Gives the time.</param>
public sealed class InterchangeAnswer(CandidateAccess candidates, FrsOptions options, TimeProvider clock)
{
    // An IDC has two digits.
    private const int MaxCrops = 99;

    private const int MaxControlNumber = 48;

    /// <summary>Writes the list.</summary>
    /// <param name="actor">Who searched.</param>
    /// <param name="answer">What the search gave.</param>
    /// <param name="origin">The file that the probe came in; null when it was no such file.</param>
    /// <remarks>The layout has no place for the receipt of deletion.</remarks>
    public byte[] Write(Actor actor, SearchAnswer answer, InterchangeOrigin? origin)
    {
        var crops = 0;
        var list = answer.List;
        return new CandidateResponse
        {
            SearchId = answer.Id,
            Gallery = string.Join(',', list.Galleries),
            Model = list.Model,
            GallerySize = list.GallerySize,
            ListLength = list.ListLength,
            Floor = list.Floor is { } floor ? Rounded(floor) : null,
            Populations = [.. list.Populations.Select(population => new RatePopulation(population.Id, population.Description))],
            DisclaimerVersion = list.Disclaimer.Version,
            Disclaimer = list.Disclaimer == Disclaimer.None ? Disclaimer.None.Version : list.Disclaimer.Text,
            StrangersExpected = Strangers(list.StrangersExpected),
            Notices = [.. answer.Notices.Select(Plain)],
            Candidates = [.. list.Candidates.Select(candidate => new ResponseCandidate
            {
                Rank = candidate.Rank,
                // Only together with the gallery does an id name one subject.
                SubjectId = list.Galleries.Count == 1 ? candidate.SubjectId : $"{candidate.Gallery}/{candidate.SubjectId}",
                Score = Rounded(candidate.Score),
                EncounterId = candidate.Encounter.Id,
                Rates = [.. Rates(candidate)],
                Biographics = Told(candidate.Biographics),
                StrangersExpected = Strangers(candidate.StrangersExpected),
                Crop = crops < MaxCrops && Crop(actor, answer.Id, candidate) is { } face && ++crops > 0 ? face : null,
            })],
        }.Write(Header(CandidateResponse.SearchResults, answer.Id, origin, actor.Organisation));
    }

    /// <summary>Writes why there is no list.</summary>
    /// <param name="error">What is wrong.</param>
    /// <param name="origin">The file that the probe came in, where it could be read.</param>
    public byte[] Write(ErrorResponse error, InterchangeOrigin? origin) =>
        (error with { Detail = Plain(error.Detail) }).Write(Header(ErrorResponse.Error, error.RequestId, origin, null));

    private TransactionBuilder Header(string type, string id, InterchangeOrigin? origin, string? organisation)
    {
        var number = id.Replace("-", "", StringComparison.Ordinal);
        return new TransactionBuilder
        {
            TransactionType = type,
            Time = clock.GetUtcNow(),
            DestinationAgency = Usable(origin?.Agency) ?? Usable(organisation) ?? "UNKNOWN",
            OriginatingAgency = options.Agency,
            ControlNumber = number.Length > MaxControlNumber ? number[..MaxControlNumber] : number,
            ControlReference = origin?.ControlNumber is { Length: >= 1 and <= MaxControlNumber } reference ? Usable(reference) : null,
        };
    }

    private static Dictionary<string, string> Told(IReadOnlyDictionary<string, string> biographics)
    {
        var told = new Dictionary<string, string>();
        foreach (var (key, value) in biographics)
            told.TryAdd(Plain(key), Plain(value));
        return told;
    }

    /// <summary>Text without the control characters that separate fields, records and items.</summary>
    private static string Plain(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static IEnumerable<CandidateRate> Rates(Candidate candidate) => candidate.Fmr is not { } rates
        ? []
        : rates.All.Select(rate => new CandidateRate(rate.Population.Id, rate.Value, rate.Low, rate.High, rate.Below));

    private FaceRecordContent? Crop(Actor actor, string search, Candidate candidate)
    {
        var opened = candidates.Open(actor, search, candidate.Rank);
        if (opened.Gallery.ReadFace(opened.Encounter.Id) is not { } jpeg || ImageHeader.Read(jpeg) is not { } header)
            return null;
        return new FaceRecordContent
        {
            Image = jpeg,
            Width = header.Width,
            Height = header.Height,
            Compression = header.Compression,
            ColorSpace = header.Channels == 1 ? ColorSpaces.Gray : ColorSpaces.Srgb,
            SourceAgency = options.Agency,
            PhotoDate = DateOnly.FromDateTime(opened.Encounter.Enrolled.UtcDateTime),
            Comment = "10.005 is the date of enrolment; the image is a crop of the photo that was enrolled",
        };
    }

    private static ResponseStrangers Strangers(StrangersExpected said) => new()
    {
        Value = said.Value,
        Low = said.Low,
        High = said.High,
        Comparisons = said.Comparisons,
        Population = said.Population,
        Reason = said.Reason.ToCode(),
    };

    // Four decimals, as scores are printed everywhere.
    private static double Rounded(float score) => Math.Round(score, 4);

    /// <summary>A value as Type-1 may hold it; null when it may not: it is 7-bit ASCII without control characters.</summary>
    private static string? Usable(string? text) => string.IsNullOrEmpty(text) || text.Any(letter => letter is < ' ' or > '~') ? null : text;
}
