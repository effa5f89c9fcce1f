using System.Security.Cryptography;
using System.Text.Json;
using MatchEngine.Frs;
using MatchEngine.Service.Errors;
using Microsoft.AspNetCore.DataProtection;

namespace MatchEngine.Service.Pages;

/// <summary>
/// Conditions on biographics in the address of a page. What somebody looks for is personal, and an address stays in the browser's history
/// and in the logs of whatever stands between: so it is sealed, for one account and one gallery, for a day. Back, reload and the pages of a
/// list work with it as with any address.
/// </summary>
internal static class SealedFilter
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    // A longer address is refused on its way by some servers, by ours among them.
    private const int MaxLength = 4000;

    /// <summary>The conditions as they stand in the address; null where there are none.</summary>
    /// <exception cref="ProblemException">They are too long for an address.</exception>
    public static string? Seal(IDataProtectionProvider protection, Actor actor, string gallery, IReadOnlyList<string> conditions)
    {
        if (conditions.Count == 0)
            return null;
        var text = Protector(protection, actor, gallery).Protect(JsonSerializer.Serialize(conditions), Kept);
        return text.Length <= MaxLength
            ? text
            : throw new ProblemException(Problem.BadValue, "the conditions are too long for a page: use fewer, or shorter ones");
    }

    /// <summary>The conditions that an address holds.</summary>
    /// <exception cref="ProblemException">The address is too old, or another account's or gallery's.</exception>
    public static IReadOnlyList<string> Open(IDataProtectionProvider protection, Actor actor, string gallery, string? text)
    {
        if (PageQuery.Given(text) is not { } given)
            return [];
        try
        {
            return JsonSerializer.Deserialize<string[]>(Protector(protection, actor, gallery).Unprotect(given)) ?? [];
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            throw new ProblemException(
                Problem.BadValue, "the conditions in this address are out of date, or another account's: enter them again", e);
        }
    }

    private static ITimeLimitedDataProtector Protector(IDataProtectionProvider protection, Actor actor, string gallery) =>
        protection.CreateProtector("conditions on biographics", actor.Account, gallery).ToTimeLimitedDataProtector();
}
