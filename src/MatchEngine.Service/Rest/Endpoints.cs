using MatchEngine.Frs.Accounts;

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

/// <summary>Says that an endpoint's answer shows a secret once, so that the answer is kept nowhere.</summary>
internal sealed record TellsSecret;

/// <summary>Says for the description that an endpoint takes a file as its whole body.</summary>
internal sealed record TakesFile(string ContentType);

/// <summary>Says that an endpoint answers with an ANSI/NIST file, errors too, whoever asks for one.</summary>
internal sealed record AnswersFile;

/// <summary>An image in a request.</summary>
/// <param name="Name">The part of a multipart body, or the member of the JSON.</param>
/// <param name="Description">What it shows.</param>
/// <param name="Required">Whether it must be there.</param>
/// <param name="Several">Whether it may come several times (in JSON: an array).</param>
internal sealed record ImageField(string Name, string Description, bool Required = true, bool Several = false);

/// <summary>Says for the description which images an endpoint takes.</summary>
internal sealed record TakesImages(Type Request, IReadOnlyList<ImageField> Images);
