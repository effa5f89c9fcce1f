using System.Security.Cryptography;
using System.Text;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Audit;
using OtpNet;

namespace MatchEngine.Frs.Accounts;

/// <summary>A signing credential to make, for one's own account.</summary>
/// <param name="Name">What it is for: 1 to 100 characters.</param>
/// <param name="ExpiresInDays">In how many days it ends; null for as long as any key may (<see cref="FrsOptions.KeyLifetime"/>).</param>
/// <param name="Scopes">Which of its account's roles it has; null for all of them.</param>
/// <param name="Purpose">What its searches and comparisons are made for where a request says nothing.</param>
public sealed record NewSigningCredential(
    string Name, int? ExpiresInDays = null, IReadOnlyList<string>? Scopes = null, SearchPurpose? Purpose = null);

/// <summary>Who signed a request, and with what. Whoever gets it clears the secret.</summary>
/// <param name="Actor">Who acts.</param>
/// <param name="Credential">The credential.</param>
/// <param name="Secret">Its secret, as the bytes of its text.</param>
public sealed record OpenedCredential(Actor Actor, SigningCredential Credential, byte[] Secret);

/// <summary>Signing credentials: made, told once, opened to check a signature, revoked.</summary>
/// <param name="credentials">The credentials.</param>
/// <param name="secrets">Seal their secrets.</param>
/// <param name="accounts">The accounts.</param>
/// <param name="keys">The keys by which they are made.</param>
/// <param name="options">How long a key may last.</param>
/// <param name="clock">Gives the time.</param>
/// <param name="trail">Takes the events.</param>
public sealed class KeepingSigningCredentials(
    ISigningCredentials credentials, IAccountSecrets secrets, IAccounts accounts, IApiKeys keys, FrsOptions options, TimeProvider clock,
    AuditTrail trail)
{
    // 20 characters as clients of the interface know them: a prefix, and 80 random bits in base32.
    private const string Prefix = "MEKA";
    private const int IdBytes = 10;

    // 240 random bits: 40 characters in base64, without one to fill up.
    private const int SecretBytes = 30;

    // A write a request would wait for the disk each time.
    private static readonly TimeSpan UseGrain = TimeSpan.FromMinutes(1);

    /// <summary>One's own; for an administrator, those of the accounts that the actor keeps. None comes with its secret.</summary>
    public IReadOnlyList<SigningCredential> List(Actor actor)
    {
        actor.Require(Policies.SignedIn);
        return actor.May(Policies.Administer)
            ? [.. credentials.List(null).Where(credential => Keeps(actor, credential))]
            : credentials.List(actor.Account);
    }

    /// <summary>
    /// Makes one for the actor's own account; its secret is given once, here. One that is made by a key can do no more, lasts no longer,
    /// and ends with it.
    /// </summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>, or <see cref="ErrorCodes.Forbidden"/>.</exception>
    public (SigningCredential Credential, string Secret) Add(Actor actor, NewSigningCredential added)
    {
        actor.Require(Policies.SignedIn);
        ArgumentNullException.ThrowIfNull(added);
        if (string.IsNullOrWhiteSpace(added.Name) || added.Name.Length > 100)
            throw new CodedException(ErrorCodes.BadValue, "a credential's name has 1 to 100 characters");
        if (added.ExpiresInDays is { } days && (days < 1 || days > options.KeyLifetime.TotalDays))
            throw new CodedException(ErrorCodes.BadValue, $"expiresInDays lies within 1 … {options.KeyLifetime.TotalDays:0}");
        var account = accounts.Find(actor.Account) ?? throw new CodedException(ErrorCodes.NotFound, "there is no such account");
        var now = clock.GetUtcNow();
        var ends = now + (added.ExpiresInDays is { } some ? TimeSpan.FromDays(some) : options.KeyLifetime);
        if (actor.Key is { } by && keys.Find(by)?.End(options.KeyLifetime) is { } parents && parents < ends)
            ends = parents;
        var credential = new SigningCredential(
            Prefix + Base32Encoding.ToString(RandomNumberGenerator.GetBytes(IdBytes)), account.Id, added.Name, now, ends, null, null,
            KeyScopes.Of(actor, account, added.Scopes), actor.Key) { Purpose = Purposes.Checked(added.Purpose) };
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));
        trail.ChangeBook(
            actor,
            "credential.added",
            change =>
            {
                credentials.Add(change, credential, secrets.Seal(Holder(credential), Encoding.ASCII.GetBytes(secret)));
                return credential;
            },
            made => new { credential = made.Id, account = made.Account, made.Expires, made.Scopes, parent = made.Parent });
        return (credential, secret);
    }

    /// <summary>Revokes one at once: one's own, or as an administrator one of an account that the actor keeps.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>: there is none, or it is revoked already.</exception>
    public void Revoke(Actor actor, string credential)
    {
        actor.Require(Policies.SignedIn);
        if (credentials.Find(credential) is not { Credential: var found } || !Keeps(actor, found)
            || !trail.ChangeBook(
                actor, "credential.revoked", change => credentials.Revoke(change, credential),
                revoked => revoked ? new { credential, account = found.Account } : null))
            throw new CodedException(ErrorCodes.NotFound, "there is no such credential, or it is revoked already");
    }

    /// <summary>
    /// Who a signature may be of; null when the credential is good for nothing: unknown, revoked, expired, its key is, its account is shut
    /// out, or the secret cannot be opened any more. Nothing is written to the audit.
    /// </summary>
    /// <param name="id">The credential.</param>
    /// <param name="requestId">The request, for the audit.</param>
    public OpenedCredential? Open(string id, string? requestId)
    {
        var now = clock.GetUtcNow();
        if (credentials.Find(id) is not ({ Revoked: null } credential, { } @sealed) || credential.Expires <= now
            || accounts.Find(credential.Account) is not { Disabled: false } account
            || (credential.Parent is { } key && !(keys.IsGood(key) && keys.Find(key)!.End(options.KeyLifetime) > now))
            || secrets.Open(Holder(credential), @sealed) is not { } secret)
            return null;
        var actor = Actor.Of(account, requestId);
        return new OpenedCredential(
            credential.Scopes is { } scopes ? actor with { Roles = actor.Roles.Intersect(scopes).ToHashSet() } : actor, credential, secret);
    }

    /// <summary>Notes that one was used: to be called when a signature was right.</summary>
    public void Used(SigningCredential credential)
    {
        ArgumentNullException.ThrowIfNull(credential);
        var now = clock.GetUtcNow();
        if (credential.LastUsed is not { } last || now - last >= UseGrain)
            credentials.Used(credential.Id, now);
    }

    private bool Keeps(Actor actor, SigningCredential credential) => credential.Account == actor.Account
        || (actor.May(Policies.Administer) && accounts.Find(credential.Account) is { } of && actor.Administers(of.Organisation));

    // Sealed for the credential too: a secret that is moved to another one does not open.
    private static string Holder(SigningCredential credential) => $"{credential.Account} {credential.Id}";
}
