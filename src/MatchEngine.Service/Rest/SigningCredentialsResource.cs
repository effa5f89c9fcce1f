using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>A signing credential to make, for one's own account.</summary>
/// <param name="Name">What it is for: 1 to 100 characters.</param>
/// <param name="ExpiresInDays">In how many days it ends; null for as long as the service lets any key last.</param>
/// <param name="Scopes">Which of its account's roles it has; null for all of them.</param>
/// <param name="Purpose">What its searches and comparisons are made for where a request says nothing.</param>
public sealed record SigningCredentialRequest(
    string Name, int? ExpiresInDays = null, IReadOnlyList<string>? Scopes = null, PurposeWire? Purpose = null);

/// <summary>A signing credential without its secret.</summary>
/// <param name="AccessKeyId">The half that each request names.</param>
/// <param name="Account">The account it acts for.</param>
/// <param name="Name">What it is for.</param>
/// <param name="Created">When it was made (UTC).</param>
/// <param name="Expires">When it ends.</param>
/// <param name="Revoked">When it was revoked, or null.</param>
/// <param name="LastUsed">When it was last used, to a minute; null: never.</param>
/// <param name="Scopes">Which of its account's roles it has; null for all of them.</param>
/// <param name="Parent">The key by which it was made, and with which it ends; null when it was made by other means.</param>
/// <param name="Purpose">What its searches and comparisons are made for where a request says nothing.</param>
public sealed record SigningCredentialResponse(
    string AccessKeyId, string Account, string Name, DateTimeOffset Created, DateTimeOffset Expires, DateTimeOffset? Revoked,
    DateTimeOffset? LastUsed, IReadOnlyList<string>? Scopes, string? Parent, PurposeWire? Purpose);

/// <summary>A new signing credential.</summary>
/// <param name="SecretAccessKey">The secret. It is shown this once: the service keeps it sealed.</param>
/// <param name="Details">The rest.</param>
public sealed record NewSigningCredentialResponse(string SecretAccessKey, SigningCredentialResponse Details);

/// <summary><c>/v1/signing-credentials</c>: credentials of clients that sign their requests (the Rekognition dialect).</summary>
internal static class SigningCredentialsResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        const string path = "/signing-credentials";
        v1.MapGet(path, (HttpContext context, KeepingSigningCredentials credentials) =>
                credentials.List(context.Actor()).Select(Response).ToList())
            .Needs(Policies.SignedIn).WithName("listSigningCredentials").WithTags("accounts")
            .WithSummary("List one's signing credentials; for an administrator, those of the accounts that one keeps")
            .Produces<IReadOnlyList<SigningCredentialResponse>>();
        v1.MapPost(path, (SigningCredentialRequest request, HttpContext context, KeepingSigningCredentials credentials) =>
            {
                var (credential, secret) = credentials.Add(context.Actor(), new NewSigningCredential(
                    request.Name, request.ExpiresInDays, request.Scopes, request.Purpose?.ToPurpose()));
                return Results.Created(
                    $"/v1/signing-credentials/{credential.Id}", new NewSigningCredentialResponse(secret, Response(credential)));
            })
            .Needs(Policies.SignedIn).WithName("addSigningCredential").WithTags("accounts")
            .WithSummary(
                "Make a signing credential for one's own account; its secret is shown once. One made by a key can do no more, and ends "
                    + "with it")
            .Produces<NewSigningCredentialResponse>(StatusCodes.Status201Created).Problems(400);
        v1.MapDelete(path + "/{credential}", (string credential, HttpContext context, KeepingSigningCredentials credentials) =>
            {
                credentials.Revoke(context.Actor(), credential);
                return Results.NoContent();
            })
            .Needs(Policies.SignedIn).WithName("revokeSigningCredential").WithTags("accounts")
            .WithSummary("Revoke a signing credential at once")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }

    private static SigningCredentialResponse Response(SigningCredential credential) => new(
        credential.Id, credential.Account, credential.Name, credential.Created, credential.Expires, credential.Revoked,
        credential.LastUsed, credential.Scopes, credential.Parent,
        credential.Purpose is { } purpose ? PurposeWire.Of(purpose) : null);
}
