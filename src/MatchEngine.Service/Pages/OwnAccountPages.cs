using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>One's own account.</summary>
/// <param name="Sessions">Where one is signed in.</param>
/// <param name="Present">The session of the browser that asks; null where it has none.</param>
/// <param name="HasSecondFactor">Whether the account is asked for one-time codes.</param>
/// <param name="Error">Why a change was refused; null when none was.</param>
/// <param name="Begun">A second factor that was just begun; null otherwise.</param>
/// <param name="RecoveryCodes">Those of one that was just confirmed; null otherwise.</param>
public sealed record OwnAccountModel(
    IReadOnlyList<Session> Sessions, string? Present, bool HasSecondFactor, string? Error, BegunFactor? Begun = null,
    IReadOnlyList<string>? RecoveryCodes = null);

/// <summary>What everybody decides about the own account: the password, and where it is signed in.</summary>
internal static class OwnAccountPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/account", (HttpContext context) => View(context)).For(Policies.SignedIn);
        pages.MapPost("/account/password", ChangePassword).For(Policies.SignedIn).RequireRateLimiting(RateLimits.SignIn);
        pages.MapPost("/account/second-factor", BeginFactor).For(Policies.SignedIn).RequireRateLimiting(RateLimits.SignIn);
        pages.MapPost("/account/second-factor/confirmation", ConfirmFactor).For(Policies.SignedIn).RequireRateLimiting(RateLimits.SignIn);
        pages.MapPost("/account/second-factor/removal", RemoveFactor).For(Policies.SignedIn).RequireRateLimiting(RateLimits.SignIn);
        pages.MapPost("/account/sessions/{session}/end", async (string session, HttpContext context, KeepingSessions sessions) =>
            {
                using var form = await PageForm.ReadAsync(context);
                sessions.End(context.Actor(), session);
                return WebPages.Done("/account", "session-ended");
            })
            .For(Policies.SignedIn);
        pages.MapPost("/account/sign-out", async (HttpContext context, KeepingSessions sessions) =>
            {
                using var form = await PageForm.ReadAsync(context);
                sessions.EndAll(context.Actor());
                return WebPages.Done("/sign-in", "signed-out-everywhere");
            })
            .For(Policies.SignedIn);
    }

    private static Task<IResult> ChangePassword(HttpContext context, KeepingAccounts accounts) => TryAsync(context, async form =>
    {
        if (form.Exact("password") != form.Exact("repeated"))
            throw new CodedException(ErrorCodes.BadValue, "the new password and its repetition differ");
        await accounts.ChangePasswordAsync(
            context.Actor(), form.Exact("present") ?? "", form.Exact("password") ?? "", ClientAddress.Of(context), form.Text("code"));
        return WebPages.Done("/sign-in", "password-changed");
    });

    // No redirect: the secret is in this one answer and nowhere else, and so are the recovery codes.
    private static Task<IResult> BeginFactor(HttpContext context, KeepingSecondFactors factors) => TryAsync(context, async form =>
        View(context, begun: await factors.BeginAsync(context.Actor(), form.Exact("present") ?? "", ClientAddress.Of(context))));

    private static Task<IResult> ConfirmFactor(HttpContext context, KeepingSecondFactors factors) => TryAsync(
        context, form => Task.FromResult(View(context, codes: factors.Confirm(context.Actor(), form.Text("code") ?? ""))));

    private static Task<IResult> RemoveFactor(HttpContext context, KeepingSecondFactors factors) => TryAsync(context, async form =>
    {
        await factors.RemoveAsync(context.Actor(), form.Exact("present") ?? "", form.Text("code"), ClientAddress.Of(context));
        return WebPages.Done("/account", "second-factor-removed");
    });

    // A refusal by the present password is no reason to ask who is there.
    private static async Task<IResult> TryAsync(HttpContext context, Func<PageForm, Task<IResult>> change)
    {
        using var form = await PageForm.ReadTextsAsync(context);
        try
        {
            return await change(form);
        }
        catch (CodedException e) when (e.Code is ErrorCodes.SignInRefused or ErrorCodes.AccountLocked or ErrorCodes.BadValue
            or ErrorCodes.Conflict)
        {
            return View(context, $"{HttpErrors.Of(e.Code).Title}: {e.Message}.");
        }
    }

    private static IResult View(
        HttpContext context, string? error = null, BegunFactor? begun = null, IReadOnlyList<string>? codes = null)
    {
        var (services, actor) = (context.RequestServices, context.Actor());
        return context.Page<OwnAccountView, OwnAccountModel>(
            new OwnAccountModel(
                services.GetRequiredService<KeepingSessions>().List(actor), context.Session(),
                services.GetRequiredService<KeepingAccounts>().Own(actor).HasSecondFactor, error, begun, codes),
            error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
