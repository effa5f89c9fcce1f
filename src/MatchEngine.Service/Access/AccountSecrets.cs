using System.Security.Cryptography;
using MatchEngine.Frs.Accounts;
using Microsoft.AspNetCore.DataProtection;

namespace MatchEngine.Service.Access;

/// <summary>Secrets of accounts, sealed by ASP.NET Core's data protection: its keys lie in <c>cookie-keys</c>, not in the book.</summary>
internal sealed class AccountSecrets(IDataProtectionProvider protection) : IAccountSecrets
{
    /// <inheritdoc/>
    public byte[] Seal(string account, byte[] secret) => Of(account).Protect(secret);

    /// <inheritdoc/>
    public byte[]? Open(string account, byte[] @sealed)
    {
        try
        {
            return Of(account).Unprotect(@sealed);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Of(string account) => protection.CreateProtector("account secret", account);
}
