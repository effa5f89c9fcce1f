using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Galleries;

namespace MatchEngine.Frs.Sharing;

/// <summary>A course, and what somebody has of it.</summary>
/// <param name="Course">The course.</param>
/// <param name="Profile">The profile that demands it; null where none does that the account meets.</param>
/// <param name="Completed">The day of the certificate; null without one.</param>
/// <param name="Until">The first day on which the certificate is good no longer; null where none is demanded.</param>
/// <param name="IsGood">Whether images may be sent.</param>
public sealed record HeldTraining(string Course, string? Profile, DateOnly? Completed, DateOnly? Until, bool IsGood);

/// <summary>An account of one's organisation, with its certificates.</summary>
/// <param name="Account">The account.</param>
/// <param name="Certificates">Its certificates.</param>
public sealed record TrainedAccount(Account Account, IReadOnlyList<TrainingCertificate> Certificates);

/// <summary>Who has learnt what a profile wants learnt before images are sent. Nobody certifies oneself.</summary>
/// <param name="certificates">The certificates.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="access">Which profiles the actor meets.</param>
/// <param name="clock">Gives the time.</param>
/// <param name="trail">Takes the events.</param>
public sealed class KeepingTraining(
    ITrainingCertificates certificates, IAccounts accounts, GalleryAccess access, TimeProvider clock, AuditTrail trail)
{
    /// <summary>The courses that the service and the galleries demand that the actor may search, and the actor's other
    /// certificates.</summary>
    public IReadOnlyList<HeldTraining> Own(Actor actor)
    {
        actor.Require(Policies.SignedIn);
        var held = certificates.List(actor.Account).ToDictionary(certificate => certificate.Course, StringComparer.Ordinal);
        var now = clock.GetUtcNow();
        var demanded = access.ProfilesInUse(actor).Where(profile => profile.Rules.Training.Value is not null).Select(profile =>
        {
            var training = profile.Rules.Training.Value!;
            var certificate = held.GetValueOrDefault(training.Course);
            return new HeldTraining(
                training.Course, profile.Name, certificate?.Completed, certificate?.Until(training.Months),
                certificate?.IsGood(training.Months, now) == true);
        }).ToList();
        return [.. demanded, .. held.Values.Where(certificate => demanded.TrueForAll(course => course.Course != certificate.Course))
            .Select(certificate => new HeldTraining(certificate.Course, null, certificate.Completed, null, true))];
    }

    /// <summary>The accounts of the actor's organisation with their certificates, by name.</summary>
    public IReadOnlyList<TrainedAccount> List(Actor actor)
    {
        actor.Require(Policies.Certify);
        var held = certificates.List(null).ToLookup(certificate => certificate.Account);
        return [.. accounts.List().Where(account => account.Organisation == actor.Organisation)
            .Select(account => new TrainedAccount(account, [.. held[account.Id]]))];
    }

    /// <summary>Records that somebody of the actor's organisation has completed a course.</summary>
    /// <param name="actor">Who vouches for it.</param>
    /// <param name="account">Who completed it.</param>
    /// <param name="course">The course, as the profile names it.</param>
    /// <param name="completed">On which day.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is no such account in the organisation,
    /// <see cref="ErrorCodes.Forbidden"/>: it is one's own, or <see cref="ErrorCodes.BadValue"/>.</exception>
    public TrainingCertificate Record(Actor actor, string account, string course, DateOnly completed)
    {
        Require(actor, account);
        if (!GalleryName.IsValid(course))
            throw new CodedException(ErrorCodes.BadValue, "a course's name has 1 to 64 letters, digits, '-', '_' and '.'");
        if (completed > DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime))
            throw new CodedException(ErrorCodes.BadValue, "completed: the day has not come yet");
        return trail.ChangeBook(
            actor, "training.certified", change => certificates.Record(change, account, course, completed, actor.Account),
            _ => new { account, course, completed });
    }

    /// <summary>Takes a certificate back.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, or <see cref="ErrorCodes.Forbidden"/>: it is one's
    /// own.</exception>
    public void Withdraw(Actor actor, string account, string course)
    {
        Require(actor, account);
        if (!trail.ChangeBook(
            actor, "training.withdrawn", change => certificates.Withdraw(change, account, course),
            withdrawn => withdrawn ? new { account, course } : null))
            throw new CodedException(ErrorCodes.NotFound, "the account has no such certificate");
    }

    private void Require(Actor actor, string account)
    {
        actor.Require(Policies.Certify);
        if (accounts.Find(account) is not { } found || found.Organisation != actor.Organisation)
            throw new CodedException(ErrorCodes.NotFound, "there is no such account");
        if (account == actor.Account)
            throw new CodedException(ErrorCodes.Forbidden, "nobody certifies oneself");
    }
}
