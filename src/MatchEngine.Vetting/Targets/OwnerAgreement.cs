using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MatchEngine.Vetting.Targets;

/// <summary>That the owner of a service agreed to its examination: without it nothing but this machine is examined.</summary>
/// <param name="Name">Who agreed.</param>
/// <param name="Date">When.</param>
public sealed record OwnerAgreement(string Name, DateOnly Date)
{
    /// <summary>Reads <c>NAME, DATE</c>, the date as <c>2026-11-30</c>; the name may hold commas itself.</summary>
    /// <param name="text">The text.</param>
    /// <param name="agreement">What it says.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out OwnerAgreement? agreement)
    {
        ArgumentNullException.ThrowIfNull(text);
        agreement = null;
        var comma = text.LastIndexOf(',');
        if (comma < 0)
            return false;
        var name = text[..comma].Trim();
        if (name.Length is 0 or > 200 || name.Any(char.IsControl) || !DateOnly.TryParseExact(
                text[(comma + 1)..].Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return false;
        agreement = new OwnerAgreement(name, date);
        return true;
    }
}
