using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Images;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Extraction;
using MatchEngine.Service.FacialExamination;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Searching;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Resources;

/// <summary>Asks for the examination of a list. The probe comes with it once more: the service has not kept it.</summary>
/// <param name="SearchId">The search, one's own.</param>
/// <param name="Note">What the examiner should know, or null.</param>
public sealed record ExaminationRequest(string SearchId, string? Note = null);

/// <summary>What an examiner says of a candidate.</summary>
/// <param name="Kept">Whether the candidate stays on the narrowed list.</param>
/// <param name="Level">How far the photos support that they show one person; needed for a kept candidate, and only there.</param>
/// <param name="Features">Notes by facial feature.</param>
/// <param name="Comment">A note on the whole, or null.</param>
public sealed record CandidateAssessment(
    bool Kept,
    ExaminationLevel? Level = null,
    [property: Description(
        "Notes by facial feature (FISWG's feature list): skin, face-head-outline, face-head-composition, hair, forehead, eyebrows, eyes, "
            + "cheeks, nose, ears, mouth, chin-jawline, neck, facial-hair, facial-lines, scars, facial-marks, alterations, other")]
    IReadOnlyDictionary<string, string>? Features = null,
    string? Comment = null);

/// <summary>Ends an examination.</summary>
/// <param name="Comment">The examiner's words on the whole, or null.</param>
/// <param name="SetAsideRest">Whether candidates of which nothing was said are set aside.</param>
public sealed record ExaminationEnd(string? Comment = null, bool SetAsideRest = false);

/// <summary>A candidate under examination.</summary>
/// <param name="Rank">Its rank on the list of the search.</param>
/// <param name="Gallery">The gallery.</param>
/// <param name="SubjectId">The subject.</param>
/// <param name="Score">The comparison score.</param>
/// <param name="Kept">Whether the examiner keeps it; null: nothing was said yet.</param>
/// <param name="Level">The examiner's level, of a kept candidate.</param>
/// <param name="Features">The examiner's notes by facial feature.</param>
/// <param name="Comment">The examiner's note on the whole.</param>
public sealed record ExaminedCandidateResponse(
    int Rank, string Gallery, string SubjectId, double Score, bool? Kept, ExaminationLevel? Level,
    IReadOnlyDictionary<string, string> Features, string? Comment);

/// <summary>What came of an examination.</summary>
/// <param name="Candidates">The narrowed list in rank order; perhaps empty, perhaps one.</param>
/// <param name="SetAside">How many candidates were set aside.</param>
/// <param name="Comment">The examiner's words on the whole.</param>
/// <param name="Notice">What a list of this length means, and what it does not.</param>
/// <param name="Disclaimer">What every reader must be told.</param>
public sealed record ExaminationResult(
    IReadOnlyList<ExaminedCandidateResponse> Candidates, int SetAside, string? Comment, string Notice, DisclaimerWire Disclaimer);

/// <summary>An examination of a candidate list.</summary>
/// <param name="Id">Its id; rises with time.</param>
/// <param name="SearchId">The search.</param>
/// <param name="Requester">Who asked for it.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Note">What the requester wants the examiner to know.</param>
/// <param name="Requested">When it was asked for (UTC).</param>
/// <param name="Expires">When it ends by itself, and the probe with it.</param>
/// <param name="Examiner">Who has taken it.</param>
/// <param name="Taken">When.</param>
/// <param name="Closed">When it ended.</param>
/// <param name="Candidates">All candidates of the list with what was said so far: for examiners; for others null.</param>
/// <param name="Result">What came of it; null unless it is finished.</param>
/// <param name="Receipt">That the probe was deleted; null while it is kept.</param>
public sealed record ExaminationResponse(
    string Id,
    string SearchId,
    string Requester,
    ExaminationState State,
    string? Note,
    DateTimeOffset Requested,
    DateTimeOffset Expires,
    string? Examiner,
    DateTimeOffset? Taken,
    DateTimeOffset? Closed,
    IReadOnlyList<ExaminedCandidateResponse>? Candidates,
    ExaminationResult? Result,
    DeletionReceipt? Receipt);

/// <summary>
/// <c>/v1/examinations</c>: examiners narrow a candidate list (PIA-054, Return).
/// Supervision of searches is another matter: <c>/v1/reviews</c>.
/// </summary>
internal static class ExaminationsResource
{
    private const string ImageName = "image";
    private const int MaxText = 2000;

    public static void Map(IEndpointRouteBuilder v1)
    {
        const string one = "/examinations/{examination}";
        v1.MapPost("/examinations", Ask)
            .Needs(Policies.Search).WithName("requestExamination").WithTags("examinations")
            .WithSummary(
                "Send the list of a search to an examiner. The probe comes with the request; it is kept "
                    + "sealed until the examination ends, and then deleted")
            .TakesImages<ExaminationRequest>(new ImageField(ImageName, "The probe of the search, the same bytes"))
            .Produces<ExaminationResponse>(StatusCodes.Status201Created).Problems(404, 409);
        v1.MapGet("/examinations", List)
            .Needs(Policies.ReadExamination).WithName("listExaminations")
            .WithSummary("One's requests; for examiners and supervisors, those of the organisation").WithTags("examinations")
            .Produces<IReadOnlyList<ExaminationResponse>>().Problems(400);
        v1.MapGet(one, (string examination, HttpContext context, Examining examining, Examinations examinations, Receipts receipts) =>
                Response(examining.Find(context.Caller(), examination), context.Caller(), examinations, receipts))
            .Needs(Policies.ReadExamination).WithName("getExamination")
            .WithSummary("An examination, with its result once it is finished").WithTags("examinations")
            .Produces<ExaminationResponse>().Problems(404);
        v1.MapDelete(one, Withdraw)
            .Needs(Policies.Search).WithName("withdrawExamination")
            .WithSummary("Take a request back; the probe is deleted").WithTags("examinations")
            .Produces<ExaminationResponse>().Problems(404, 409);
        v1.MapPost(one + "/take", Take)
            .Needs(Policies.Examine).WithName("takeExamination")
            .WithSummary("Begin to examine a list; nobody examines a search of one's own").WithTags("examinations")
            .Produces<ExaminationResponse>().Problems(404, 409);
        v1.MapPost(one + "/release", Release)
            .Needs(Policies.Examine).WithName("releaseExamination")
            .WithSummary("Leave it to another examiner; what was said so far goes").WithTags("examinations")
            .Produces<ExaminationResponse>().Problems(404, 409);
        v1.MapPut(one + "/candidates/{rank:int}", Assess)
            .Needs(Policies.Examine).WithName("assessCandidate")
            .WithSummary("Keep a candidate with a level and notes by facial feature, or set it aside").WithTags("examinations")
            .Produces<ExaminedCandidateResponse>().Problems(400, 404, 409);
        v1.MapPost(one + "/finish", Finish)
            .Needs(Policies.Examine).WithName("finishExamination")
            .WithSummary("End with a result; the probe is deleted and the requester is told").WithTags("examinations")
            .Produces<ExaminationResponse>().Problems(400, 404, 409);
        v1.MapGet(one + "/probe", Probe)
            .Needs(Policies.Examine).WithName("getExaminedProbe")
            .WithSummary("The probe, for the examiner who has taken the list: JPEG, PNG and WebP as submitted, anything else as JPEG")
            .WithTags("examinations")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Problems(404, 409);
        v1.MapGet(one + "/probe/crop", ProbeCrop)
            .Needs(Policies.Examine).WithName("getExaminedProbeCrop")
            .WithSummary("The face of the probe, enlarged").WithTags("examinations")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Problems(400, 404, 409);
        v1.MapGet(one + "/candidates/{rank:int}/photo", CandidatePhoto)
            .Needs(Policies.Examine).WithName("getExaminedPhoto")
            .WithSummary("The enrolled photo of a candidate, for the examiner who has taken the list").WithTags("examinations")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Problems(404, 409);
        v1.MapGet(one + "/candidates/{rank:int}/crop", CandidateCrop)
            .Needs(Policies.Examine).WithName("getExaminedCrop")
            .WithSummary("The face of a candidate, enlarged as that of the probe").WithTags("examinations")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Problems(400, 404, 409);
    }

    private static async Task<IResult> Ask(HttpContext context, Examining examining, Examinations examinations, Receipts receipts)
    {
        Examination added;
        using (var submission = await Submission.ReadAsync(context, ImageName))
        {
            var request = submission.Read<ExaminationRequest>();
            added = examining.Request(context, request.SearchId, submission.RequireImage(ImageName).Content, Text(request.Note, "note"));
        }
        return Results.Created($"/v1/examinations/{added.Id}", Response(added, context.Caller(), examinations, receipts));
    }

    internal static List<ExaminationResponse> List(
        [Description("open, taken, finished, withdrawn or expired; nothing for all")] string? state, HttpContext context,
        Examining examining, Examinations examinations, Receipts receipts)
    {
        var caller = context.Caller();
        var wanted = WireJson.Value<ExaminationState>(state, "state");
        examining.Tidy();
        return [.. examinations.List(
            caller.Organisation, caller.Is(Role.Examiner) || caller.Is(Role.Supervisor) ? null : caller.Account, wanted)
            .Select(found => Response(found, caller, examinations, receipts) with { Candidates = null, Result = null })];
    }

    internal static ExaminationResponse Take(
        string examination, HttpContext context, Examining examining, Examinations examinations, Receipts receipts, AuditTrail audit)
    {
        var caller = context.Caller();
        var found = examining.Find(caller, examination);
        if (found.Requester == caller.Account)
            throw new ProblemException(Problem.Forbidden, "nobody examines a search of one's own");
        if (!audit.Change(
            "examination.taken", context, () => examinations.Take(examination, caller.Account),
            taken => taken ? new { examination, search = found.Search } : null))
            throw Examining.WrongState(examining.Find(caller, examination), "only an open one can be taken");
        return Response(examinations.Find(examination)!, caller, examinations, receipts);
    }

    internal static ExaminationResponse Release(
        string examination, HttpContext context, Examining examining, Examinations examinations, Receipts receipts, AuditTrail audit)
    {
        var caller = context.Caller();
        var found = examining.RequireHeld(caller, examination);
        if (!audit.Change(
            "examination.released", context, () => examinations.Release(examination, caller.Account),
            released => released ? new { examination, search = found.Search } : null))
            throw Examining.WrongState(examining.Find(caller, examination), "it changed meanwhile");
        return Response(examinations.Find(examination)!, caller, examinations, receipts);
    }

    internal static ExaminedCandidateResponse Assess(
        string examination, int rank, CandidateAssessment assessment, HttpContext context, Examining examining,
        Examinations examinations, AuditTrail audit)
    {
        var caller = context.Caller();
        var found = examining.RequireHeld(caller, examination);
        if (assessment.Kept != (assessment.Level is not null))
            throw new ProblemException(
                Problem.BadValue, "a kept candidate has a level (support, limited-support, no-conclusion); one that is set aside has none");
        var features = assessment.Features ?? new Dictionary<string, string>();
        foreach (var (feature, note) in features)
        {
            if (!FacialFeatures.All.Contains(feature))
                throw new ProblemException(
                    Problem.BadValue, $"there is no facial feature of this name; there are {string.Join(", ", FacialFeatures.All)}");
            if (string.IsNullOrWhiteSpace(note))
                throw new ProblemException(Problem.BadValue, $"features.{feature} has 1 to {MaxText:N0} characters");
            Text(note, $"features.{feature}");
        }
        if (examinations.Candidates(examination).All(candidate => candidate.Rank != rank))
            throw new ProblemException(Problem.NotFound, string.Create(CultureInfo.InvariantCulture, $"the list has no rank {rank}"));
        var comment = Text(assessment.Comment, "comment");
        // The notes may describe a person; the audit says which features were looked at.
        if (!audit.Change(
            "examination.assessed",
            context,
            () => examinations.Assess(examination, caller.Account, rank, assessment.Kept, assessment.Level, comment, features),
            assessed => assessed ? new
            {
                examination,
                search = found.Search,
                rank,
                assessment.Kept,
                level = assessment.Level,
                features = features.Keys.Order(StringComparer.Ordinal),
            } : null))
            throw Examining.WrongState(examining.Find(caller, examination), "it changed meanwhile");
        return Response(examinations.Candidates(examination).First(candidate => candidate.Rank == rank));
    }

    internal static ExaminationResponse Finish(
        string examination, ExaminationEnd end, HttpContext context, Examining examining, Examinations examinations,
        Receipts receipts, AuditTrail audit)
    {
        var caller = context.Caller();
        var found = examining.RequireHeld(caller, examination);
        var comment = Text(end.Comment, "comment");
        var open = audit.Change(
            "examination.finished", context, () => examinations.Finish(examination, caller.Account, comment, end.SetAsideRest),
            open => open is { Count: 0 } ? Finished() : null)
            ?? throw Examining.WrongState(examining.Find(caller, examination), "it changed meanwhile");
        if (open.Count > 0)
            throw new ProblemException(
                Problem.Conflict,
                $"nothing was said of the candidates at rank {string.Join(", ", open)}: keep them or set them aside, or send setAsideRest");
        examining.Closed(caller, found);
        return Response(examinations.Find(examination)!, caller, examinations, receipts);

        object Finished() => new
        {
            examination,
            search = found.Search,
            kept = examinations.Candidates(examination).Where(candidate => candidate.Kept == true)
                .Select(candidate => new { candidate.Rank, level = candidate.Level }),
            disclaimerVersion = Disclaimer.Current.Version,
        };
    }

    internal static ExaminationResponse Withdraw(
        string examination, HttpContext context, Examining examining, Examinations examinations, Receipts receipts, AuditTrail audit)
    {
        var caller = context.Caller();
        var found = examining.Find(caller, examination);
        if (found.Requester != caller.Account)
            throw new ProblemException(Problem.Forbidden, "only who asked for it takes it back");
        if (!audit.Change(
            "examination.withdrawn", context, () => examinations.Withdraw(examination, caller.Account),
            withdrawn => withdrawn ? new { examination, search = found.Search } : null))
            throw Examining.WrongState(examining.Find(caller, examination), "it has ended");
        examining.Closed(caller, found);
        return Response(examinations.Find(examination)!, caller, examinations, receipts);
    }

    private static async Task Probe(
        string examination, HttpContext context, Examining examining, SealedProbes probes, Pictures pictures, AuditTrail audit)
    {
        using var probe = await OpenAsync(examination, context, examining, probes, audit, "photo");
        if (ContentType(probe.Memory.Span) is { } type)
        {
            await WriteAsync(context, type, probe.Memory);
            return;
        }
        await WriteOwnAsync(context, Decoded(() => pictures.Jpeg(probe.Memory.Span)));
    }

    private static async Task ProbeCrop(
        string examination, float? margin, int? size, HttpContext context, Examining examining, SealedProbes probes,
        Pictures pictures, AuditTrail audit)
    {
        var (wide, pixels) = Picture(margin, size);
        var found = examining.RequireHeld(context.Caller(), examination);
        var box = found.ProbeBox is { } json
            ? JsonSerializer.Deserialize<FaceBox>(json, WireJson.Options)!
            : throw new ProblemException(Problem.NotFound, "where the face is was not recorded with the search; see the whole probe");
        using var probe = await OpenAsync(examination, context, examining, probes, audit, "crop");
        await WriteOwnAsync(context, Decoded(() => pictures.Crop(
            probe.Memory.Span, new BoundingBox((float)box.X, (float)box.Y, (float)box.Width, (float)box.Height), wide, pixels)));
    }

    private static async Task CandidatePhoto(
        string examination, int rank, HttpContext context, Examining examining, ProbeSearch searches, Pictures pictures, AuditTrail audit)
    {
        var (gallery, encounter) = await CandidateAsync(examination, rank, context, examining, searches, audit, "photo");
        var photo = gallery.ReadPhoto(encounter.Id) ?? throw NoPhoto();
        if (ContentType(photo) is { } type)
            await WriteAsync(context, type, photo);
        else
            await WriteAsync(context, "image/jpeg", Decoded(() => pictures.Jpeg(photo)));
    }

    private static async Task CandidateCrop(
        string examination, int rank, float? margin, int? size, HttpContext context, Examining examining, ProbeSearch searches,
        Pictures pictures, AuditTrail audit)
    {
        var (wide, pixels) = Picture(margin, size);
        var (gallery, encounter) = await CandidateAsync(examination, rank, context, examining, searches, audit, "crop");
        var photo = gallery.ReadPhoto(encounter.Id) ?? throw NoPhoto();
        await WriteAsync(context, "image/jpeg", Decoded(() => pictures.Crop(photo, encounter.Box, wide, pixels)));
    }

    private static async Task<OwnedBuffer> OpenAsync(
        string examination, HttpContext context, Examining examining, SealedProbes probes, AuditTrail audit, string picture)
    {
        var found = examining.RequireHeld(context.Caller(), examination);
        await audit.WriteAsync("examination.probe-opened", context, new { examination, search = found.Search, picture });
        return probes.Open(examination, context.RequestServices.GetService<IBufferObserver>())
            ?? throw new ProblemException(Problem.NotFound, "the probe was deleted");
    }

    private static async Task<(Gallery Gallery, Encounter Encounter)> CandidateAsync(
        string examination, int rank, HttpContext context, Examining examining, ProbeSearch searches, AuditTrail audit, string picture)
    {
        var found = examining.RequireHeld(context.Caller(), examination);
        // The same door as that of a candidate's record: the owner's permission of today, and what was removed is gone here too.
        var (gallery, encounter, _, _) = searches.Candidate(context.Caller(), found.Search, rank);
        await audit.WriteAsync(
            "examination.candidate-opened", context,
            new { examination, search = found.Search, rank, galleries = new[] { gallery.Name }, subject = encounter.SubjectId, picture });
        return (gallery, encounter);
    }

    private static (float Margin, int Size) Picture(float? margin, int? size)
    {
        var (wide, pixels) = (margin ?? FaceImage.DefaultMargin, size ?? 2 * FaceImage.DefaultSize);
        return wide > 0 && wide <= FaceImage.MaxMargin && pixels is >= 16 and <= FaceImage.MaxSize
            ? (wide, pixels)
            : throw new ProblemException(
                Problem.BadValue, $"margin lies above 0 and at most at {FaceImage.MaxMargin}, size within 16 … {FaceImage.MaxSize}");
    }

    /// <summary>What a browser shows as it is.</summary>
    private static string? ContentType(ReadOnlySpan<byte> photo) => photo switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        _ => null,
    };

    private static T Decoded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (AcquisitionException e)
        {
            // A template was made of it once; a picture cannot be made of it here.
            throw new ProblemException(Problem.NotFound, "no picture can be made of the photo", e);
        }
    }

    /// <summary>Pixels of the probe in a buffer of ours: cleared when they are sent.</summary>
    private static async Task WriteOwnAsync(HttpContext context, byte[] jpeg)
    {
        try
        {
            await WriteAsync(context, "image/jpeg", jpeg);
        }
        finally
        {
            Array.Clear(jpeg);
        }
    }

    private static async Task WriteAsync(HttpContext context, string type, ReadOnlyMemory<byte> content)
    {
        var response = context.Response;
        response.ContentType = type;
        response.ContentLength = content.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        await response.Body.WriteAsync(content, context.RequestAborted);
    }

    internal static ExaminationResponse Response(Examination found, Caller caller, Examinations examinations, Receipts receipts)
    {
        // Who asked sees the result, and not an examiner at work.
        var inside = caller.Is(Role.Examiner) && found.Requester != caller.Account;
        var finished = found.State == ExaminationState.Finished;
        var candidates = inside || finished ? examinations.Candidates(found.Id).Select(Response).ToList() : null;
        return new ExaminationResponse(
            found.Id,
            found.Search,
            found.Requester,
            found.State,
            found.Note,
            found.Requested,
            found.Expires,
            found.Examiner,
            found.Taken,
            found.Closed,
            inside ? candidates : null,
            finished ? Result(candidates!, found.Comment) : null,
            found.ProbeDeleted is { } deleted ? receipts.Deleted(found.ProbeDigest, deleted) : null);
    }

    private static ExaminationResult Result(List<ExaminedCandidateResponse> candidates, string? comment)
    {
        var kept = candidates.Where(candidate => candidate.Kept == true).ToList();
        return new ExaminationResult(
            kept,
            candidates.Count - kept.Count,
            comment,
            kept.Count switch
            {
                0 => "No candidate was kept. This does not say that the person is not enrolled.",
                1 => "One candidate was kept. A narrowed list of one is still a lead and no positive identification.",
                var count => $"{count} candidates were kept. Each is a lead; none is a positive identification.",
            },
            DisclaimerWire.Of(Disclaimer.Current));
    }

    private static ExaminedCandidateResponse Response(ExaminedCandidate candidate) => new(
        candidate.Rank, candidate.Gallery, candidate.Subject, WireJson.Score((float)candidate.Score), candidate.Kept, candidate.Level,
        candidate.Features, candidate.Comment);

    /// <summary>A text of at most 2,000 characters; null when there is nothing in it.</summary>
    public static string? Text(string? text, string name) => text is null || text.Length <= MaxText
        ? string.IsNullOrWhiteSpace(text) ? null : text.Trim()
        : throw new ProblemException(Problem.BadValue, $"{name} has at most {MaxText:N0} characters");

    private static ProblemException NoPhoto() => new(Problem.NotFound, "no photo is kept of this encounter");
}
