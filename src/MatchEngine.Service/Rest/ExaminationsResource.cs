using System.ComponentModel;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Examining;
using MatchEngine.Galleries;
using MatchEngine.Service.Access;
using MatchEngine.Service.Headers;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Rest;

/// <summary>Asks for the examination of a list. The probe comes with it once more: the service has not kept it.</summary>
/// <param name="SearchId">The search, one's own.</param>
/// <param name="Note">What the examiner should know, or null.</param>
/// <param name="Idc">Which face of a file with several face records is meant.</param>
public sealed record ExaminationRequest(
    string SearchId, string? Note = null, [property: Description(InterchangeProbe.IdcDescription)] int? Idc = null);

/// <summary>What an examiner says of a candidate.</summary>
/// <param name="Kept">Whether the candidate stays on the narrowed list.</param>
/// <param name="Level">How far the photos support that they show one person: needed for a kept candidate (support, limited-support,
/// no-conclusion); or, of one that is set aside, different people (limited-support-different, support-different).</param>
/// <param name="Features">Notes by facial feature.</param>
/// <param name="Comment">A note on the whole, or null.</param>
public sealed record CandidateAssessment(
    bool Kept,
    ExaminationLevel? Level = null,
    [property: Description(
        "Notes by facial feature (FISWG's feature list): skin, face-head-outline, face-head-composition, hair, forehead, eyebrows, eyes, "
            + "cheeks, nose, ears, mouth, chin-jawline, neck, facial-hair, facial-lines, scars, facial-marks, alterations, other")]
    IReadOnlyDictionary<string, string>? Features = null,
    string? Comment = null)
{
    internal Assessment ToAssessment() => new(Kept, Level, Features ?? new Dictionary<string, string>(), Comment);
}

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
/// <param name="SetAside">How many candidates were set aside; null where the list was held until the examination.</param>
/// <param name="Removed">The candidates whose record was removed, or has expired, since they were listed.</param>
/// <param name="Comment">The examiner's words on the whole.</param>
/// <param name="Notice">What a list of this length means, and what it does not.</param>
/// <param name="Disclaimer">What every reader must be told.</param>
public sealed record ExaminationResult(
    IReadOnlyList<ExaminedCandidateResponse> Candidates, int? SetAside, IReadOnlyList<RemovedCandidate> Removed, string? Comment,
    string Notice, DisclaimerWire Disclaimer);

/// <summary>A candidate whose record is not there any more.</summary>
/// <param name="Rank">Its rank on the list of the search.</param>
/// <param name="Gallery">The gallery.</param>
/// <param name="SubjectId">The subject.</param>
public sealed record RemovedCandidate(int Rank, string Gallery, string SubjectId);

/// <summary>A candidate that one of two examiners keeps and the other one sets aside.</summary>
/// <param name="First">What the first one said.</param>
/// <param name="Second">What the second one said.</param>
public sealed record DisputeResponse(ExaminedCandidateResponse First, ExaminedCandidateResponse Second);

/// <summary>Ends a dispute of two examiners.</summary>
/// <param name="Kept">The ranks that are kept, of those on which they differ; the others of these are set aside.</param>
/// <param name="Reason">Why: 1 to 2,000 characters.</param>
public sealed record DisputeResolution(IReadOnlyList<int> Kept, string Reason);

/// <summary>An examination of a candidate list.</summary>
/// <param name="Id">Its id; rises with time.</param>
/// <param name="SearchId">The search.</param>
/// <param name="Requester">Who asked for it.</param>
/// <param name="State">How far it has come: open, taken, disputed (two examiners differ), finished, withdrawn or expired.</param>
/// <param name="Examiners">The organisation whose examiners do it.</param>
/// <param name="SecondExaminer">Whether a second examiner does it too, who does not see what the first one said.</param>
/// <param name="FirstExaminer">Who examined it first, where a second one does or did; not told to who might be the second.</param>
/// <param name="Disputes">Where two examiners differ, for the supervisor who decides.</param>
/// <param name="ResolvedBy">The supervisor who decided.</param>
/// <param name="Resolution">That supervisor's reason.</param>
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
    string Examiners,
    bool SecondExaminer,
    string? FirstExaminer,
    IReadOnlyList<DisputeResponse> Disputes,
    string? ResolvedBy,
    string? Resolution,
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

    public static void Map(IEndpointRouteBuilder v1)
    {
        const string one = "/examinations/{examination}";
        v1.MapPost("/examinations", Ask)
            .Needs(Policies.Search).WithName("requestExamination").WithTags("examinations")
            .WithSummary(
                "Send the list of a search to examiners: its owner's or one's own, as each gallery's profile says. Several make an "
                    + "examination each, and the first is the answer. The probe comes with the request; it is kept sealed until the "
                    + "examination ends, and then deleted")
            .TakesImages<ExaminationRequest>(new ImageField(ImageName, "The probe of the search, the same bytes"))
            .Produces<ExaminationResponse>(StatusCodes.Status201Created).Problems(404, 409);
        v1.MapGet("/examinations", (
                [Description("open, taken, disputed, finished, withdrawn or expired; nothing for all")] string? state, HttpContext context,
                ExaminingLists examining) =>
                examining.List(context.Actor(), WireJson.Value<ExaminationState>(state, "state")).Select(Response).ToList())
            .Needs(Policies.ReadExamination).WithName("listExaminations")
            .WithSummary("One's requests; for examiners and supervisors, those of the organisation").WithTags("examinations")
            .Produces<IReadOnlyList<ExaminationResponse>>().Problems(400);
        v1.MapGet(one, (string examination, HttpContext context, ExaminingLists examining) =>
                Response(examining.Find(context.Actor(), examination)))
            .Needs(Policies.ReadExamination).WithName("getExamination")
            .WithSummary("An examination, with its result once it is finished").WithTags("examinations")
            .Produces<ExaminationResponse>().Problems(404);
        v1.MapDelete(one, (string examination, HttpContext context, ExaminingLists examining) =>
                Response(examining.Withdraw(context.Actor(), examination)))
            .Needs(Policies.Search).WithName("withdrawExamination")
            .WithSummary("Take a request back; the probe is deleted").WithTags("examinations")
            .Produces<ExaminationResponse>().Problems(404, 409);
        v1.MapPost(one + "/take", (string examination, HttpContext context, ExaminingLists examining) =>
                Response(examining.Take(context.Actor(), examination)))
            .Needs(Policies.Examine).WithName("takeExamination")
            .WithSummary("Begin to examine a list; nobody examines a search of one's own").WithTags("examinations")
            .Produces<ExaminationResponse>().Problems(404, 409);
        v1.MapPost(one + "/release", (string examination, HttpContext context, ExaminingLists examining) =>
                Response(examining.Release(context.Actor(), examination)))
            .Needs(Policies.Examine).WithName("releaseExamination")
            .WithSummary("Leave it to another examiner; what was said so far goes").WithTags("examinations")
            .Produces<ExaminationResponse>().Problems(404, 409);
        v1.MapPut(
            one + "/candidates/{rank:int}",
            (string examination, int rank, CandidateAssessment assessment, HttpContext context, ExaminingLists examining) =>
                Response(examining.Assess(context.Actor(), examination, rank, assessment.ToAssessment())))
            .Needs(Policies.Examine).WithName("assessCandidate")
            .WithSummary("Keep a candidate with a level and notes by facial feature, or set it aside").WithTags("examinations")
            .Produces<ExaminedCandidateResponse>().Problems(400, 404, 409);
        v1.MapPost(one + "/finish", (string examination, ExaminationEnd end, HttpContext context, ExaminingLists examining) =>
                Response(examining.Finish(context.Actor(), examination, end.Comment, end.SetAsideRest)))
            .Needs(Policies.Examine).WithName("finishExamination")
            .WithSummary("End with a result; the probe is deleted and the requester is told").WithTags("examinations")
            .Produces<ExaminationResponse>().Problems(400, 404, 409);
        v1.MapPost(one + "/resolution", (
                string examination, DisputeResolution resolution, HttpContext context, ExaminingLists examining) =>
                Response(examining.Resolve(context.Actor(), examination, resolution.Kept, resolution.Reason)))
            .Needs(Policies.Supervise).WithName("resolveExamination")
            .WithSummary("Decide where two examiners of the organisation differ; the requester is told the result").WithTags("examinations")
            .Produces<ExaminationResponse>().Problems(400, 404, 409);
        v1.MapGet(one + "/probe", async (string examination, HttpContext context, ExaminingLists examining) =>
                await PictureAnswer.WriteAsync(context, await examining.ProbeAsync(context.Actor(), examination)))
            .Needs(Policies.Examine).WithName("getExaminedProbe")
            .WithSummary("The probe, for the examiner who has taken the list: JPEG, PNG and WebP as submitted, anything else as JPEG")
            .WithTags("examinations")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Problems(404, 409);
        v1.MapGet(
            one + "/probe/crop", async (string examination, float? margin, int? size, HttpContext context, ExaminingLists examining) =>
                await PictureAnswer.WriteAsync(context, await examining.ProbeCropAsync(context.Actor(), examination, margin, size)))
            .Needs(Policies.Examine).WithName("getExaminedProbeCrop")
            .WithSummary("The face of the probe, enlarged").WithTags("examinations")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Problems(400, 404, 409);
        v1.MapGet(
            one + "/candidates/{rank:int}/photo", async (string examination, int rank, HttpContext context, ExaminingLists examining) =>
                await PictureAnswer.WriteAsync(context, await examining.CandidatePhotoAsync(context.Actor(), examination, rank)))
            .Needs(Policies.Examine).WithName("getExaminedPhoto")
            .WithSummary("The enrolled photo of a candidate, for the examiner who has taken the list").WithTags("examinations")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Problems(404, 409);
        v1.MapGet(
            one + "/candidates/{rank:int}/crop",
            async (string examination, int rank, float? margin, int? size, HttpContext context, ExaminingLists examining) =>
                await PictureAnswer.WriteAsync(
                    context, await examining.CandidateCropAsync(context.Actor(), examination, rank, margin, size)))
            .Needs(Policies.Examine).WithName("getExaminedCrop")
            .WithSummary("The face of a candidate, enlarged as that of the probe").WithTags("examinations")
            .Produces(StatusCodes.Status200OK, contentType: "image/jpeg").Problems(400, 404, 409);
    }

    private static async Task<IResult> Ask(HttpContext context, ExaminingLists examining)
    {
        Examination added;
        using (var submission = await Submission.ReadAsync(context, ImageName))
        {
            var request = submission.Read<ExaminationRequest>();
            added = examining.Request(
                context.Actor(), request.SearchId, submission.RequireImage(ImageName).Content, request.Note)[0];
        }
        return Results.Created($"/v1/examinations/{added.Id}", Response(examining.FindRequested(context.Actor(), added.Id)));
    }

    private static ExaminationResponse Response(SeenExamination seen) => new(
        seen.Examination.Id,
        seen.Examination.Search,
        seen.Examination.Requester,
        seen.Examination.State,
        seen.Examination.Examiners,
        seen.Examination.Second,
        seen.Examination.FirstExaminer,
        [.. seen.Disputes.Select(dispute => new DisputeResponse(Response(dispute.First), Response(dispute.Second)))],
        seen.Examination.ResolvedBy,
        seen.Examination.Resolution,
        seen.Examination.Note,
        seen.Examination.Requested,
        seen.Examination.Expires,
        seen.Examination.Examiner,
        seen.Examination.Taken,
        seen.Examination.Closed,
        seen.Candidates?.Select(Response).ToList(),
        seen.Result is { } result
            ? new ExaminationResult(
                [.. result.Candidates.Select(Response)], result.SetAside,
                [.. result.Removed.Select(gone => new RemovedCandidate(gone.Rank, gone.Gallery, gone.Subject))],
                result.Comment, result.Notice,
                DisclaimerWire.Of(Disclaimer.Current))
            : null,
        seen.Receipt is { } receipt ? DeletionReceipt.Of(receipt) : null);

    private static ExaminedCandidateResponse Response(ExaminedCandidate candidate) => new(
        candidate.Rank, candidate.Gallery, candidate.Subject, WireJson.Score((float)candidate.Score), candidate.Kept, candidate.Level,
        candidate.Features, candidate.Comment);
}
