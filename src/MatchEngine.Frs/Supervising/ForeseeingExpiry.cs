using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Profiles;

namespace MatchEngine.Frs.Supervising;

/// <summary>What of an account ends.</summary>
public enum ExpiringKind
{
    /// <summary>A certificate of training.</summary>
    Certificate,

    /// <summary>The acceptance of terms of use.</summary>
    Terms,

    /// <summary>An API key.</summary>
    Key,

    /// <summary>A credential of a client that signs its requests.</summary>
    SigningCredential,
}

/// <summary>Something of an account that has ended, or soon ends.</summary>
/// <param name="Account">The account.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name: the course, the profile whose terms they are, what a key is for.</param>
/// <param name="Ends">When it ends, or ended (UTC).</param>
public sealed record Expiring(Account Account, ExpiringKind Kind, string Name, DateTimeOffset Ends);

/// <summary>
/// What soon ends in an organisation, so that nobody stands before a closed door on a Monday: for its supervisors. Of keys their names and
/// ends alone.
/// </summary>
/// <param name="accounts">The accounts.</param>
/// <param name="certificates">Their certificates.</param>
/// <param name="keys">Their keys.</param>
/// <param name="credentials">Their signing credentials.</param>
/// <param name="access">Which profiles they meet.</param>
/// <param name="rules">The profiles, and who accepted their terms.</param>
/// <param name="options">How long a key may last.</param>
/// <param name="clock">Gives the time.</param>
public sealed class ForeseeingExpiry(
    IAccounts accounts, ITrainingCertificates certificates, IApiKeys keys, ISigningCredentials credentials, GalleryAccess access,
    ServiceRules rules, FrsOptions options, TimeProvider clock)
{
    /// <summary>How far ahead is looked where nothing is said, in days.</summary>
    public const int DefaultDays = 30;

    // What ended long ago has been missed by nobody.
    private const int DaysBack = 30;
    private const int MaxDays = 3660;

    /// <summary>What ends within some days, and what ended in the last 30; the earliest first. An account that is shut out is left
    /// out.</summary>
    /// <param name="actor">A supervisor.</param>
    /// <param name="days">How far ahead is looked, 1 … 3,660; null for 30.</param>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, or <see cref="ErrorCodes.Forbidden"/>.</exception>
    public IReadOnlyList<Expiring> List(Actor actor, int? days = null)
    {
        actor.Require(Policies.Supervise);
        var ahead = days ?? DefaultDays;
        if (ahead is < 1 or > MaxDays)
            throw new CodedException(ErrorCodes.BadValue, $"days lies within 1 … {MaxDays:N0}");
        var now = clock.GetUtcNow();
        return
        [
            .. accounts.List().Where(account => account.Organisation == actor.Organisation && !account.Disabled)
                .SelectMany(account => Certificates(account).Concat(Terms(account)).Concat(Keys(account)))
                .Where(expiring => expiring.Ends <= now.AddDays(ahead) && expiring.Ends > now.AddDays(-DaysBack))
                .OrderBy(expiring => expiring.Ends).ThenBy(expiring => expiring.Account.Name, StringComparer.Ordinal)
                .ThenBy(expiring => expiring.Name, StringComparer.Ordinal),
        ];
    }

    private IEnumerable<Expiring> Certificates(Account account)
    {
        var demanded = access.ProfilesInUse(Actor.Of(account)).Select(profile => profile.Rules.Training.Value).OfType<TrainingRule>()
            .GroupBy(training => training.Course, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Min(training => training.Months), StringComparer.Ordinal);
        return certificates.List(account.Id).Where(certificate => demanded.ContainsKey(certificate.Course)).Select(
            certificate => new Expiring(
                account, ExpiringKind.Certificate, certificate.Course,
                new DateTimeOffset(certificate.Until(demanded[certificate.Course]), TimeOnly.MinValue, TimeSpan.Zero)));
    }

    private IEnumerable<Expiring> Terms(Account account) => access.ProfilesInUse(Actor.Of(account))
        .Select(profile => (profile.Name, Ends: rules.TermsUntil(account.Id, profile)))
        .Where(terms => terms.Ends is not null)
        .Select(terms => new Expiring(account, ExpiringKind.Terms, terms.Name, terms.Ends!.Value));

    private IEnumerable<Expiring> Keys(Account account) => keys.List(account.Id).Where(key => key.Revoked is null)
        .Select(key => new Expiring(account, ExpiringKind.Key, key.Name, key.End(options.KeyLifetime)))
        .Concat(credentials.List(account.Id).Where(credential => credential.Revoked is null)
            .Select(credential => new Expiring(account, ExpiringKind.SigningCredential, credential.Name, credential.Expires)));
}
