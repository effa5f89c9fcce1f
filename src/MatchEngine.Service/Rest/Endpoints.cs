using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Quality;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Comparing;
using MatchEngine.Frs.Details;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Importing;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Rest;

/// <summary>The words in which a resource says what it needs and gives, for access, answers and the description alike.</summary>
internal static class Endpoints
{
    private static readonly int[] Everywhere =
        [StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status429TooManyRequests];

    /// <summary>Who may call it (see <see cref="Policies"/>), and the problems that follow from it.</summary>
    public static RouteHandlerBuilder Needs(this RouteHandlerBuilder endpoint, string policy) =>
        endpoint.RequireAuthorization(policy).Problems(Everywhere);

    /// <summary>The problems it may answer with.</summary>
    public static RouteHandlerBuilder Problems(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        foreach (var status in statuses)
            endpoint.Produces<ProblemResponse>(status, "application/problem+json");
        return endpoint;
    }

    /// <summary>It takes images under these names, with <typeparamref name="T"/> beside them.</summary>
    public static RouteHandlerBuilder TakesImages<T>(this RouteHandlerBuilder endpoint, params ImageField[] images) => endpoint
        .WithMetadata(new TakesImages(typeof(T), images))
        .Problems(
            StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType,
            StatusCodes.Status422UnprocessableEntity, StatusCodes.Status503ServiceUnavailable);
}

/// <summary>Says for the description that an endpoint takes a file as its whole body.</summary>
internal sealed record TakesFile(string ContentType);

/// <summary>An image in a request.</summary>
/// <param name="Name">The part of a multipart body, or the member of the JSON.</param>
/// <param name="Description">What it shows.</param>
/// <param name="Required">Whether it must be there.</param>
/// <param name="Several">Whether it may come several times (in JSON: an array).</param>
internal sealed record ImageField(string Name, string Description, bool Required = true, bool Several = false);

/// <summary>Says for the description which images an endpoint takes.</summary>
internal sealed record TakesImages(Type Request, IReadOnlyList<ImageField> Images);
