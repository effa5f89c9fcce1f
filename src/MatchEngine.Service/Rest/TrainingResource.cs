using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Sharing;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>A course, and what the caller has of it.</summary>
/// <param name="Course">The course.</param>
/// <param name="Profile">The profile that demands it; null where none does that the caller meets.</param>
/// <param name="Completed">The day of the certificate; null without one.</param>
/// <param name="Until">The first day on which it is good no longer; null where none is demanded.</param>
/// <param name="Good">Whether images may be sent.</param>
public sealed record TrainingResponse(string Course, string? Profile, DateOnly? Completed, DateOnly? Until, bool Good);

/// <summary>A certificate.</summary>
/// <param name="Course">The course.</param>
/// <param name="Completed">The day on which it was completed.</param>
/// <param name="By">The account that recorded it.</param>
/// <param name="Recorded">When (UTC).</param>
public sealed record CertificateResponse(string Course, DateOnly Completed, string By, DateTimeOffset Recorded)
{
    internal static CertificateResponse Of(TrainingCertificate certificate) =>
        new(certificate.Course, certificate.Completed, certificate.By, certificate.Recorded);
}

/// <summary>An account of the caller's organisation, with its certificates.</summary>
/// <param name="Account">The account's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Certificates">Its certificates.</param>
public sealed record TrainedAccountResponse(string Account, string Name, IReadOnlyList<CertificateResponse> Certificates);

/// <summary>That somebody has completed a course.</summary>
/// <param name="Completed">The day.</param>
public sealed record CertificateRequest(DateOnly Completed);

/// <summary><c>/v1/training</c>: who has learnt what a profile wants learnt before images are sent.</summary>
internal static class TrainingResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/training", (HttpContext context, KeepingTraining training) =>
                training.Own(context.Actor()).Select(Response).ToList())
            .Needs(Policies.SignedIn).WithName("listTraining").WithTags("supervision")
            .WithSummary("The courses that the service and the galleries demand that one may search, and one's certificates")
            .Produces<IReadOnlyList<TrainingResponse>>();
        v1.MapGet("/training/accounts", (HttpContext context, KeepingTraining training) =>
                training.List(context.Actor()).Select(trained => new TrainedAccountResponse(
                    trained.Account.Id, trained.Account.Name, [.. trained.Certificates.Select(CertificateResponse.Of)])).ToList())
            .Needs(Policies.Certify).WithName("listCertificates").WithTags("supervision")
            .WithSummary("The accounts of one's organisation with their certificates")
            .Produces<IReadOnlyList<TrainedAccountResponse>>();
        v1.MapPut("/training/accounts/{account}/{course}", (
                string account, string course, CertificateRequest request, HttpContext context, KeepingTraining training) =>
                CertificateResponse.Of(training.Record(context.Actor(), account, course, request.Completed)))
            .Needs(Policies.Certify).WithName("recordCertificate").WithTags("supervision")
            .WithSummary("Record that somebody of one's organisation has completed a course. Nobody certifies oneself")
            .Produces<CertificateResponse>().Problems(400, 404);
        v1.MapDelete("/training/accounts/{account}/{course}", (
                string account, string course, HttpContext context, KeepingTraining training) =>
            {
                training.Withdraw(context.Actor(), account, course);
                return Results.NoContent();
            })
            .Needs(Policies.Certify).WithName("withdrawCertificate").WithSummary("Take a certificate back").WithTags("supervision")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }

    private static TrainingResponse Response(HeldTraining held) =>
        new(held.Course, held.Profile, held.Completed, held.Until, held.IsGood);
}
