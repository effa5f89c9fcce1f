using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Accounts;

/// <summary>Where an account is signed in, and ending that.</summary>
/// <param name="sessions">The sessions.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="options">How long a session lasts.</param>
/// <param name="clock">Gives the time.</param>
/// <param name="trail">Takes the events.</param>
public sealed class KeepingSessions(
    ISessions sessions, IAccounts accounts, FrsOptions options, TimeProvider clock, AuditTrail trail)
{
    /// <summary>One's sessions that are not over, the newest first.</summary>
    public IReadOnlyList<Session> List(Actor actor)
    {
        actor.Require(Policies.SignedIn);
        var now = clock.GetUtcNow();
        return [.. sessions.List(actor.Account).Where(session => !session.IsOver(now, options.SessionIdle, options.SessionLifetime))];
    }

    /// <summary>Ends one of one's sessions, at once and wherever its cookie is.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is none.</exception>
    public void End(Actor actor, string session)
    {
        actor.Require(Policies.SignedIn);
        if (!trail.ChangeBook(
            actor, "session.ended", change => sessions.End(change, actor.Account, session),
            ended => ended ? new { account = actor.Account, session } : null))
            throw new CodedException(ErrorCodes.NotFound, "there is no such sign-in, or it is at an end already");
    }

    /// <summary>Signs one's account out everywhere; how many browsers that were.</summary>
    public int EndAll(Actor actor)
    {
        actor.Require(Policies.SignedIn);
        return EndAll(actor, actor.Account);
    }

    /// <summary>Signs an account out everywhere; for administrators.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is no such account.</exception>
    public int EndAllOf(Actor actor, string account)
    {
        accounts.Require(actor, account);
        return EndAll(actor, account);
    }

    private int EndAll(Actor actor, string account) => trail.ChangeBook(
        actor, "session.all-ended", change => sessions.EndAll(change, account),
        ended => ended > 0 ? new { account, sessions = ended } : null);
}
