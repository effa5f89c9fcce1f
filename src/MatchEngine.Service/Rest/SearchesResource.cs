using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Answers;
using MatchEngine.Frs.Batches;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Search;
using MatchEngine.Interchange.Searches;
using MatchEngine.Rates.Tails;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using Microsoft.Net.Http.Headers;

namespace MatchEngine.Service.Rest;

/// <summary>A search. The probe is the image that comes with it, or an enrolled encounter.</summary>
/// <param name="Galleries">The galleries to search; each of them must accept. Null for all that the caller's organisation may search and
/// that accept; those that do not are told in the notices.</param>
/// <param name="ListLength">The largest number of candidates.</param>
/// <param name="ScoreFloor">Candidates score this or more, −1 … 1; null for no floor.</param>
/// <param name="ScoreFloorStrangers">In place of a floor, or beside one: how many strangers are to be expected at or above a floor that is
/// chosen for the probe. The higher floor counts.</param>
/// <param name="Filter">Conditions on biographics: the search is made among those who meet them all.</param>
/// <param name="Purpose">Why the search is made.</param>
/// <param name="Face">Which face of the probe is meant: only (several are refused), largest, central, or its number by size from 1.</param>
/// <param name="StatedAge">The age of the person in the probe in years, by the word of who sends it.</param>
/// <param name="EncounterId">An enrolled encounter as the probe, in place of an image.</param>
/// <param name="EncounterGallery">The gallery that holds the encounter; needed unless one gallery is named to be searched.</param>
/// <param name="IncludeOwnSubject">With an encounter as probe: whether its own subject may be a candidate.</param>
/// <param name="ApprovalId">A supervisor's approval, where one is needed.</param>
/// <param name="Examine">Whether the list goes to an examiner (<c>/v1/examinations</c>):
/// the probe is kept sealed until the examination ends.</param>
/// <param name="ExaminationNote">What the examiner should know.</param>
/// <param name="Idc">Which face of a file with several face records is meant.</param>
/// <param name="Preparation">What is done to the image before it is searched with; null: nothing.</param>
public sealed record SearchRequest(
    IReadOnlyList<string>? Galleries = null,
    int? ListLength = null,
    [property: Description("Candidates score this or more, −1 … 1; null for no floor")] float? ScoreFloor = null,
    [property: Description(
        "How many strangers are to be expected, on average, at or above a floor that is chosen for this probe, 0.001 … 100; with "
            + "scoreFloor, or a floor of the profile, the higher one counts. Refused with floor_unsaid where it cannot be said")]
    double? ScoreFloorStrangers = null,
    [property: Description(
        "Searches only subjects whose biographics meet every condition, such as sex=F or birth>=1980 (= != < <= > >= ; numbers and "
            + "dates are compared as such). Who lacks the key is not searched; a gallery that does not show you the key refuses")]
    IReadOnlyList<string>? Filter = null,
    PurposeWire? Purpose = null,
    [property: Description(FaceWords.Description)] string? Face = null,
    [property: Description(
        "The age in years of the person in the probe, as far as you know it; it is never "
            + "guessed. A profile may refuse or warn of children")]
    int? StatedAge = null,
    string? EncounterId = null,
    string? EncounterGallery = null,
    bool IncludeOwnSubject = false,
    string? ApprovalId = null,
    bool Examine = false,
    string? ExaminationNote = null,
    [property: Description(InterchangeProbe.IdcDescription)] int? Idc = null,
    [property: Description(
        "What the service does to the image before it searches: cut, turn, light. Null: it is searched as it came. The digest in the "
            + "receipt is that of the image as it came, the boxes are in its pixels, and the audit has what was done")]
    PreparationWire? Preparation = null)
{
    /// <summary>The request with what an ANSI/NIST file asks for.</summary>
    internal SearchRequest With(SearchTerms? terms) => terms is null
        ? this
        : this with
        {
            Galleries = terms.Galleries.Count > 0 ? terms.Galleries : null,
            ListLength = terms.ListLength,
            ScoreFloor = (float?)terms.Floor,
            Purpose = (terms.CaseNumber ?? terms.Basis ?? terms.Requester) is null
                ? null
                : new PurposeWire(terms.CaseNumber, terms.Basis, terms.Requester),
        };

    internal Frs.Searching.SearchRequest ToRequest(bool needsScores) => new()
    {
        StatedAge = StatedAge,
        NeedsScores = needsScores,
        Galleries = Galleries,
        ListLength = ListLength,
        ScoreFloor = ScoreFloor,
        ScoreFloorStrangers = ScoreFloorStrangers,
        Filter = FilterWords.Parse(Filter),
        Purpose = Purpose?.ToPurpose(),
        Face = Face is null ? null : FaceWords.Parse(Face),
        EncounterId = EncounterId,
        EncounterGallery = EncounterGallery,
        IncludeOwnSubject = IncludeOwnSubject,
        ApprovalId = ApprovalId,
        Examine = Examine,
        ExaminationNote = ExaminationNote,
        Preparation = Preparation?.ToPreparation(),
    };
}

/// <summary>A candidate: a lead, never an identification.</summary>
/// <param name="Rank">Place on the list, from 1.</param>
/// <param name="Gallery">The gallery it comes from.</param>
/// <param name="SubjectId">The subject's id in the gallery.</param>
/// <param name="Score">Cosine similarity of the two templates, −1 … 1; null where the gallery's profile does not tell it.</param>
/// <param name="ScorePercent">The same on a scale of 0 … 100 (−1 is 0), where the profile tells it so; else null. No probability.</param>
/// <param name="Fmr">The 1:1 false match rates at this score, each with whom it was measured on; null where nobody has measured the
/// model.</param>
/// <param name="StrangersExpected">How many people who are not the probe's person are expected to score as high in this search; null where
/// the score is not told.</param>
/// <param name="Encounter">The encounter whose template scored.</param>
/// <param name="SourceUrl">Where its photo came from, or null.</param>
/// <param name="Biographics">The subject's biographics, as far as the gallery's owner permits.</param>
/// <param name="ProbeFace">Where every face of the probe was searched: the number of the one that found the candidate,
/// by size from 1; else null.</param>
/// <param name="Crop">The address of the enlarged crop of the one face that scored; null when no photo is kept.</param>
/// <param name="Record">The address of the candidate's record. Opening it is told to the gallery's owner.</param>
public sealed record CandidateResponse(
    int Rank,
    string Gallery,
    string SubjectId,
    double? Score,
    double? ScorePercent,
    FmrWire? Fmr,
    StrangersWire? StrangersExpected,
    EncounterWire Encounter,
    string? SourceUrl,
    IReadOnlyDictionary<string, string> Biographics,
    int? ProbeFace,
    string? Crop,
    string Record)
{
    internal static CandidateResponse Of(Candidate candidate, ShownScore shown, int? face, string search)
    {
        var record = string.Create(CultureInfo.InvariantCulture, $"/v1/searches/{search}/candidates/{candidate.Rank}");
        return new CandidateResponse(
            candidate.Rank,
            candidate.Gallery,
            candidate.SubjectId,
            WireJson.Score(shown.Score),
            WireJson.Percent(shown.Percent),
            FmrWire.Of(shown.Fmr),
            shown.StrangersExpected is { } strangers ? StrangersWire.Of(strangers) : null,
            EncounterWire.Of(candidate.Encounter),
            candidate.Encounter.SourceUrl,
            candidate.Biographics,
            face,
            record + "/crop",
            record);
    }
}

/// <summary>
/// How many people who are not the probe's person are expected to reach a score in this search by chance: an average, from the probe's own
/// scores with everybody it was compared with. It is not the probability that a candidate is or is not the person.
/// </summary>
/// <param name="Value">The number; null where it cannot be said.</param>
/// <param name="Low">The lower limit of a 95 % interval of the expected number; null where nothing can be said.</param>
/// <param name="High">The upper limit; where there is a limit and no value, fewer than this are expected.</param>
/// <param name="Comparisons">How many subjects the probe's faces were compared with.</param>
/// <param name="Population">Who they are.</param>
/// <param name="Reason">Why there is no value: too-few-comparisons, degenerate-scores, not-compared, below-counted, beyond-tail, no-floor;
/// null where there is one.</param>
public sealed record StrangersWire(double? Value, double? Low, double? High, long Comparisons, string Population, string? Reason)
{
    internal static StrangersWire Of(StrangersExpected said) => new(
        WireJson.Rate(said.Value), WireJson.Rate(said.Low), WireJson.Rate(said.High), said.Comparisons, said.Population,
        said.Reason.ToCode());
}

/// <summary>Time spent, in milliseconds.</summary>
/// <param name="Decode">From bytes to pixels.</param>
/// <param name="Detect">Detection and landmarks.</param>
/// <param name="Embed">Alignment and embedding.</param>
/// <param name="Search">Comparison with the galleries and reading the candidates.</param>
/// <param name="Total">All of it, audit included.</param>
public sealed record TimingsWire(double Decode, double Detect, double Embed, double Search, double Total);

/// <summary>The answer to a search.</summary>
/// <param name="SearchId">The search's id; rises with time.</param>
/// <param name="Candidates">Candidates in rank order, one row a subject; perhaps none.</param>
/// <param name="Populations">Whom the candidates' rates were measured on; none where no rate is told.</param>
/// <param name="Disclaimer">What every reader must be told.</param>
/// <param name="Model">The id of the model card.</param>
/// <param name="Path">How the answer was found.</param>
/// <param name="Exhaustive">Whether the galleries were wholly searched; if not, a candidate may be missing.</param>
/// <param name="Galleries">The galleries that were searched.</param>
/// <param name="GallerySize">Templates in them: the number of comparisons behind an exhaustive answer.</param>
/// <param name="ListLength">The largest number of candidates.</param>
/// <param name="ScoreFloor">The floor, asked for or chosen; null without one, or where galleries have different ones.</param>
/// <param name="FloorGaveWay">Whether the list goes below the floor, because a rule demands several candidates.</param>
/// <param name="Withheld">How many were found and are not listed, because a rule demands more candidates than there are.</param>
/// <param name="StrangersExpected">How many people who are not the probe's person are expected to reach the floor; null where a gallery's
/// profile tells no scores.</param>
/// <param name="Probe">The face that was searched with; null for an enrolled encounter.</param>
/// <param name="Quality">Its quality; null where none was measured.</param>
/// <param name="Faces">The faces of the probe that were meant, largest first: those that were searched, and those that were left out with
/// the reason.</param>
/// <param name="Notices">What the profile changed of the request, with its source; faces and candidates that were left out.</param>
/// <param name="Timings">Time spent.</param>
/// <param name="Receipt">That the probe was deleted, or that it is sealed for examination; null for an enrolled encounter.</param>
/// <param name="ExaminationId">The first of the examinations; null when there is none.</param>
/// <param name="ExaminationIds">The examinations that were asked for, or that a profile demands, one for each organisation whose examiners
/// examine a part of the list. Where a gallery's profile holds its candidates, they are told when these are finished.</param>
/// <param name="Preparation">What was done to the image before it was searched with; null: nothing.</param>
public sealed record SearchResponse(
    string SearchId,
    IReadOnlyList<CandidateResponse> Candidates,
    IReadOnlyList<PopulationWire> Populations,
    DisclaimerWire Disclaimer,
    string Model,
    string Path,
    bool Exhaustive,
    IReadOnlyList<string> Galleries,
    long GallerySize,
    int ListLength,
    double? ScoreFloor,
    bool FloorGaveWay,
    int Withheld,
    StrangersWire? StrangersExpected,
    ProbeWire? Probe,
    QualityResponse? Quality,
    IReadOnlyList<ProbeFaceWire> Faces,
    IReadOnlyList<string> Notices,
    TimingsWire Timings,
    DeletionReceipt? Receipt,
    string? ExaminationId,
    IReadOnlyList<string> ExaminationIds,
    PreparationWire? Preparation)
{
    internal static SearchResponse Of(SearchAnswer answer, DeletionReceipt? receipt)
    {
        var list = answer.List;
        return new SearchResponse(
            answer.Id,
            [.. list.Candidates.Select(candidate => CandidateResponse.Of(
                candidate, answer.ScoreOf(candidate), answer.AllFaces ? candidate.Face : null, answer.Id))],
            [.. answer.Populations.Select(PopulationWire.Of)],
            DisclaimerWire.Of(list.Disclaimer),
            list.Model,
            list.Path,
            list.IsExhaustive,
            list.Galleries,
            list.GallerySize,
            list.ListLength,
            list.Floor is { } floor ? WireJson.Score(floor) : null,
            list.FloorGaveWay,
            list.Withheld,
            answer.StrangersExpected is { } strangers ? StrangersWire.Of(strangers) : null,
            list.Probe is { } face ? ProbeWire.Of(face) : null,
            list.Probe?.Quality is { } quality ? QualityResponse.Of(quality) : null,
            [.. list.Faces.Select(ProbeFaceWire.Of)],
            answer.Notices,
            new TimingsWire(
                WireJson.Milliseconds(list.Elapsed.Decode),
                WireJson.Milliseconds(list.Elapsed.Detect),
                WireJson.Milliseconds(list.Elapsed.Embed),
                WireJson.Milliseconds(list.Elapsed.Search),
                WireJson.Milliseconds(answer.Elapsed)),
            receipt,
            answer.Examination,
            answer.Examinations,
            PreparationWire.Of(answer.Preparation));
    }
}

/// <summary>What the audit knows of a search.</summary>
/// <param name="SearchId">Its id.</param>
/// <param name="Account">Who searched.</param>
/// <param name="Organisation">For which organisation.</param>
/// <param name="Searched">When (UTC).</param>
/// <param name="Approval">The supervisor's approval, where one was needed.</param>
/// <param name="ExigentReason">Why it could not wait.</param>
/// <param name="Finding">What a supervisor thinks of it; null: nobody has looked.</param>
/// <param name="Audit">The event of the audit: galleries, purpose, list length, floor, candidates with scores.</param>
/// <param name="AuditSequence">The event's number.</param>
/// <param name="CandidatesClosed">Whether a supervisor found it improper, so that its candidates are closed to the reader and not told
/// here.</param>
public sealed record SearchRecord(
    string SearchId,
    string Account,
    string Organisation,
    DateTimeOffset Searched,
    string? Approval,
    string? ExigentReason,
    ReviewFinding? Finding,
    JsonElement Audit,
    long AuditSequence,
    bool CandidatesClosed)
{
    internal static SearchRecord Of(ReadSearch read)
    {
        var search = read.Search;
        // What the event of the audit says; the event itself is for auditors.
        var audit = new SearchAudit
        {
            SearchId = Guid.Parse(search.Id),
            Galleries = search.Galleries,
            Purpose = search.Purpose,
            ListLength = search.ListLength,
            Floor = search.Floor,
            Floors = search.Floors,
            Filter = search.Filter,
            FloorGaveWay = search.FloorGaveWay,
            ProbeQuality = search.ProbeQuality,
            ProbeFaces = search.ProbeFaces,
            ProbeEncounterId = search.ProbeEncounter,
            Preparation = search.Preparation,
            Candidates = [.. read.Candidates.Select(candidate => new AuditedCandidate(
                candidate.Candidate.Rank, candidate.Candidate.Gallery, candidate.Candidate.Subject, candidate.Candidate.Encounter,
                candidate.Candidate.Score))],
            DisclaimerVersion = search.DisclaimerVersion,
            Model = search.Model,
            Path = search.Path,
            GallerySize = search.GallerySize,
            Profile = search.Profile,
            ApprovalId = search.Approval,
        };
        return new SearchRecord(
            search.Id, search.Account, search.Organisation, search.Searched, search.Approval, search.Exigent, search.Review?.Finding,
            Told(AuditEntry.Object(audit), read.Candidates), search.Audit, read.IsClosed);
    }

    /// <summary>The event as far as the reader is told of scores.</summary>
    private static JsonElement Told(JsonElement audit, IReadOnlyList<ReadCandidate> candidates)
    {
        if (candidates.All(candidate => candidate.Shown.Score is not null))
            return audit;
        var told = JsonSerializer.SerializeToNode(audit)!.AsObject();
        foreach (var (row, candidate) in told["candidates"]!.AsArray().Zip(candidates))
        {
            if (candidate.Shown.Score is not null)
                continue;
            row!.AsObject().Remove("score");
            if (WireJson.Percent(candidate.Shown.Percent) is { } percent)
                row["scorePercent"] = percent;
        }
        return JsonSerializer.SerializeToElement(told);
    }
}

/// <summary>A search in a list of one's own.</summary>
/// <param name="SearchId">Its id; its candidates: <c>/v1/searches/{search}</c>.</param>
/// <param name="Searched">When (UTC).</param>
/// <param name="Galleries">The galleries that were searched.</param>
/// <param name="Purpose">Why; null where no reason was given.</param>
/// <param name="Approval">The supervisor's approval, where one was needed.</param>
/// <param name="ExigentReason">Why it did not wait for approval.</param>
/// <param name="Finding">What a supervisor thinks of it; null: nobody has looked.</param>
public sealed record SearchSummary(
    string SearchId, DateTimeOffset Searched, IReadOnlyList<string> Galleries, PurposeWire? Purpose, string? Approval,
    string? ExigentReason, ReviewFinding? Finding)
{
    internal static SearchSummary Of(RecordedSearch search) => new(
        search.Id, search.Searched, search.Galleries, search.Purpose is { } purpose ? PurposeWire.Of(purpose) : null, search.Approval,
        search.Exigent, search.Review?.Finding);
}

/// <summary>A page of one's own searches.</summary>
/// <param name="Searches">The searches, newest first.</param>
/// <param name="Next">Give this as <c>before</c> for the next page; null at the end.</param>
public sealed record SearchesPage(IReadOnlyList<SearchSummary> Searches, string? Next);

/// <summary>A candidate's record.</summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="SubjectId">The subject.</param>
/// <param name="Biographics">As far as the owner permits.</param>
/// <param name="Encounter">The encounter whose template scored.</param>
/// <param name="Disclaimer">What every reader must be told.</param>
/// <param name="Links">Links to other subjects that the owner entered,
/// where the profile offers them and the owner shows biographics.</param>
public sealed record CandidateRecord(
    string Gallery, string SubjectId, IReadOnlyDictionary<string, string> Biographics, EncounterWire Encounter, DisclaimerWire Disclaimer,
    IReadOnlyList<LinkResponse> Links)
{
    internal static CandidateRecord Of(Frs.Searching.CandidateRecord record) => new(
        record.Gallery, record.Subject, record.Biographics, EncounterWire.Of(record.Encounter),
        DisclaimerWire.Of(record.Disclaimer),
        [.. record.Links.Select(LinkResponse.Of)]);
}

/// <summary><c>/v1/searches</c>: a probe in, a candidate list out; and what is known of earlier searches.</summary>
internal static class SearchesResource
{
    /// <summary>The endpoint's name.</summary>
    public const string Name = "search";

    private const string ImageName = "image";

    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapPost("/searches", Search)
            .Needs(Policies.Search).WhenReady().WithName(Name).WithTags("searches")
            // The file is told of in words only: with a second content type every generated client would have to
            // ask which of the two it got.
            .WithSummary(
                "Search galleries for the face of a probe. The probe is deleted before the answer; "
                    + "the candidates are leads and identify nobody. "
                    + $"With Accept: {InterchangeFiles.Type} the list comes as an ANSI/NIST-ITL file, "
                    + "with Prefer: respond-async later: 202 with the operation in Location")
            .TakesImages<SearchRequest>(new ImageField(ImageName, "The probe: a still image of one face", Required: false))
            .WithMetadata(new AnswersFile()).Produces<SearchResponse>().Produces<OperationResponse>(StatusCodes.Status202Accepted)
            .Problems(404, 409);
        v1.MapGet("/searches", (
                [Description("Only those of this case")] string? caseNumber, DateTimeOffset? since, DateTimeOffset? until, string? before,
                int? count, HttpContext context, ReadingSearches searches) =>
            {
                var page = searches.List(context.Actor(), caseNumber, since, until, before, count);
                return new SearchesPage([.. page.Searches.Select(SearchSummary.Of)], page.Next);
            })
            .Needs(Policies.Search).WithName("listSearches").WithTags("searches").WithSummary("One's own searches, newest first")
            .Produces<SearchesPage>().Problems(400);
        v1.MapGet("/searches/{search}", (string search, HttpContext context, ReadingSearches searches) =>
                SearchRecord.Of(searches.Read(context.Actor(), search)))
            .Needs(Policies.ReadSearch).WithName("getSearch").WithTags("searches")
            .WithSummary("What the audit knows of a search. When another user opens it, whose search it was is told")
            .Produces<SearchRecord>().Problems(404);
        v1.MapGet(
            "/searches/{search}/candidates/{rank:int}", async (string search, int rank, HttpContext context, ReadingSearches searches) =>
                CandidateRecord.Of(await searches.OpenRecordAsync(context.Actor(), search, rank)))
            .Needs(Policies.ReadRecord).WithName("getCandidate").WithTags("searches")
            .WithSummary("The record of a candidate. The gallery's owner is told that it was opened")
            .Produces<CandidateRecord>().Problems(404);
        v1.MapGet(
            "/searches/{search}/candidates/{rank:int}/crop", (string search, int rank, HttpContext context, ReadingSearches searches) =>
                Results.Bytes(searches.Crop(context.Actor(), search, rank), "image/jpeg"))
            .Needs(Policies.ReadRecord).WithName("getCandidateCrop")
            .WithSummary("The enlarged crop of the one face of a candidate that scored").WithTags("searches")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Problems(404);
    }

    private static async Task<IResult> Search(
        HttpContext context, SearchingGalleries searching, SearchingBatches batches, Receipts receipts, InterchangeAnswer file)
    {
        SearchAnswer answer;
        InterchangeOrigin? origin;
        using (var submission = await Submission.ReadSearchAsync(context, ImageName))
        {
            var image = submission.Image(ImageName);
            origin = image?.Origin;
            var read = submission.Read<SearchRequest>().With(submission.Terms);
            var request = read.ToRequest(InterchangeFiles.AreWanted(context));
            if (IsLaterWanted(context.Request))
                return Later(context, batches, submission, submission.Terms is null ? submission.Json : Written(read), image, request);
            answer = await searching.SearchAsync(context.Actor(), request, image?.Content, context.RequestAborted);
        }
        // For who looks at what was answered, beside the bytes.
        context.Features.Set(answer);
        if (answer.Retention is { } retention)
            context.Features.Set(new AnswerLifetime(retention));
        // Only now the probe is gone from memory: only now a receipt says so.
        var receipt = answer.Digest is not { } digest
            ? null
            : answer.Examination is null ? receipts.Deleted(digest) : receipts.Sealed(digest);
        if (!InterchangeFiles.AreWanted(context))
            return Results.Ok(SearchResponse.Of(answer, receipt is null ? null : DeletionReceipt.Of(receipt)));
        foreach (var (name, value) in FileHeaders(answer, receipt))
            context.Response.Headers[name] = value;
        return Results.Bytes(file.Write(context.Actor(), answer, origin), InterchangeFiles.Type);
    }

    /// <summary>What goes with a list that is a file.</summary>
    public static Dictionary<string, string> FileHeaders(SearchAnswer answer, Frs.Probes.DeletionReceipt? receipt)
    {
        var headers = new Dictionary<string, string>
        {
            [HeaderNames.ContentType] = InterchangeFiles.Type,
            [HeaderNames.ContentDisposition] = $"attachment; filename={answer.Id}.an2",
            ["x-search-id"] = answer.Id,
        };
        if (receipt is not null)
            headers["x-probe-receipt"] = $"{receipt.Algorithm} {receipt.Digest} {receipt.Status} {receipt.Time:O}";
        return headers;
    }

    // What a file asks for stands in its records, not in JSON.
    private static byte[] Written(SearchRequest request) => JsonSerializer.SerializeToUtf8Bytes(request, WireJson.Options);

    /// <summary>Whether a client would rather ask later (RFC 7240, section 4.1).</summary>
    private static bool IsLaterWanted(HttpRequest request) => request.Headers["Prefer"]
        .SelectMany(value => (value ?? "").Split(','))
        .Any(preference => preference.Split(';')[0].Trim().Equals("respond-async", StringComparison.OrdinalIgnoreCase));

    private static IResult Later(
        HttpContext context, SearchingBatches batches, Submission submission, ReadOnlyMemory<byte> json, BodyPart? image,
        Frs.Searching.SearchRequest request)
    {
        if (image is null == request.EncounterId is null)
            throw new ProblemException(
                Problem.BadValue, "a search has one probe: an image ('image'), or an enrolled encounter ('encounterId')");
        var batch = batches.Submit(context.Actor(), new NewBatch(
            SearchBatch.Search, json, new AnswerForm(InterchangeFiles.AreWanted(context), image?.Origin),
            image is null ? null : new HeldPhotos([image.Content], submission.HandOver()),
            image is null ? [new EncounterProbe(request.EncounterId!, request.EncounterGallery, request.ApprovalId)] : []));
        context.Response.Headers["Preference-Applied"] = "respond-async";
        return Results.Accepted($"/v1/operations/{batch.Id}", OperationResponse.Of(batch));
    }
}
