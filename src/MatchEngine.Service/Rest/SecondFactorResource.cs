using MatchEngine.Frs.Accounts;
using MatchEngine.Service.Access;
using Microsoft.AspNetCore.Mvc;

namespace MatchEngine.Service.Rest;

/// <summary>What proves that it is oneself.</summary>
/// <param name="Password">One's password.</param>
/// <param name="Code">A one-time code or a recovery code, where the account has a second factor.</param>
public sealed record ProofRequest(string Password, string? Code = null);

/// <summary>A first code.</summary>
/// <param name="Code">The one-time code that the app shows now.</param>
public sealed record CodeRequest(string Code);

/// <summary>A second factor that was begun.</summary>
/// <param name="Secret">The secret in base32, as an authenticator app takes it. It is told this once.</param>
/// <param name="Address">The same as an <c>otpauth:</c> address.</param>
public sealed record BegunFactorResponse(string Secret, string Address);

/// <summary>A second factor that is confirmed.</summary>
/// <param name="RecoveryCodes">Codes for who loses the app, each good once. They are told this once: the service keeps hashes.</param>
public sealed record ConfirmedFactorResponse(IReadOnlyList<string> RecoveryCodes);

/// <summary><c>/v1/second-factor</c>: one-time codes (RFC 6238) beside one's password.</summary>
internal static class SecondFactorResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        Proving(v1.MapPost("/second-factor", async (ProofRequest request, HttpContext context, KeepingSecondFactors factors) =>
            {
                var begun = await factors.BeginAsync(context.Actor(), request.Password, ClientAddress.Of(context));
                return Results.Created("/v1/second-factor", new BegunFactorResponse(begun.Secret, begun.Address));
            }))
            .WithName("beginSecondFactor").WithSummary("Begin a second factor; it is asked for once a code of it was given")
            .WithMetadata(new TellsSecret()).Produces<BegunFactorResponse>(StatusCodes.Status201Created).Problems(400, 409);
        Proving(v1.MapPost("/second-factor/confirmation", (CodeRequest request, HttpContext context, KeepingSecondFactors factors) =>
                new ConfirmedFactorResponse(factors.Confirm(context.Actor(), request.Code))))
            .WithName("confirmSecondFactor").WithSummary("Confirm it by a first code; the answer has the recovery codes")
            .WithMetadata(new TellsSecret()).Produces<ConfirmedFactorResponse>().Problems(400, 409);
        Proving(v1.MapPost("/second-factor/removal", async (ProofRequest request, HttpContext context, KeepingSecondFactors factors) =>
            {
                await factors.RemoveAsync(context.Actor(), request.Password, request.Code, ClientAddress.Of(context));
                return Results.NoContent();
            }))
            .WithName("removeSecondFactor").WithSummary("Remove it, by password and a code")
            .Produces(StatusCodes.Status204NoContent).Problems(400, 404);
        v1.MapDelete("/accounts/{account}/second-factor", (string account, HttpContext context, KeepingSecondFactors factors) =>
            {
                factors.RemoveOf(context.Actor(), account);
                return Results.NoContent();
            })
            .Needs(Policies.Administer).WithName("removeSecondFactorOf").WithTags("accounts").WithSummary(
                "Remove the second factor of an account whose owner lost app and recovery codes")
            .Produces(StatusCodes.Status204NoContent).Problems(404);
    }

    // As often as a sign-in, and no larger.
    private static RouteHandlerBuilder Proving(RouteHandlerBuilder endpoint) => endpoint.Needs(Policies.SignedIn)
        .RequireRateLimiting(RateLimits.SignIn).WithMetadata(new RequestSizeLimitAttribute(RateLimits.SignInBytes)).WithTags("session");
}
