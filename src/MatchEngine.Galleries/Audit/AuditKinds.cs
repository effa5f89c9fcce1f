using System.Text.RegularExpressions;

namespace MatchEngine.Galleries;

/// <summary>The kinds of events that this room writes itself. A service adds its own: words of a-z, digits, '-' and '_', joined by dots.</summary>
public static partial class AuditKinds
{
    /// <summary>A search was answered; the payload is a <see cref="SearchAudit"/>.</summary>
    public const string Search = "search";

    /// <summary>Expired events were removed; the payload is a <see cref="AuditAnchor"/>.</summary>
    public const string Purged = "audit.purged";

    /// <summary>The longest kind.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether a text can be a kind.</summary>
    public static bool IsValid(string? kind) => kind is not null && kind.Length <= MaxLength && Form().IsMatch(kind);

    [GeneratedRegex(@"\A[a-z0-9_-]+(\.[a-z0-9_-]+)*\z")]
    private static partial Regex Form();
}
