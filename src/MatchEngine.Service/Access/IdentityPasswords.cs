using MatchEngine.Frs.Accounts;
using Microsoft.AspNetCore.Identity;

namespace MatchEngine.Service.Access;

/// <summary>Passwords as ASP.NET Core Identity hashes them.</summary>
internal sealed class IdentityPasswords : IPasswordHashes
{
    private static readonly PasswordHasher<string> Hasher = new();

    /// <inheritdoc/>
    public string Hash(string account, string password) => Hasher.HashPassword(account, password);

    /// <inheritdoc/>
    public PasswordVerdict Verify(string account, string hash, string password) =>
        Hasher.VerifyHashedPassword(account, hash, password) switch
        {
            PasswordVerificationResult.Failed => PasswordVerdict.Wrong,
            PasswordVerificationResult.SuccessRehashNeeded => PasswordVerdict.RightAndOld,
            _ => PasswordVerdict.Right,
        };
}
