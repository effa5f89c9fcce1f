using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs;

/// <summary>What people write: reasons, notes, comments.</summary>
internal static class Texts
{
    private const int MaxLength = 2000;

    /// <summary>A text of 1 to 2,000 characters, without blanks around it.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: there is none, or it is longer.</exception>
    public static string Required(string? text, string name) => string.IsNullOrWhiteSpace(text) || text.Length > MaxLength
        ? throw new CodedException(ErrorCodes.BadValue, $"{name} has 1 to {MaxLength:N0} characters")
        : text.Trim();

    /// <summary>A text of at most 2,000 characters; null when there is nothing in it.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: it is longer.</exception>
    public static string? Optional(string? text, string name) => text is null || text.Length <= MaxLength
        ? string.IsNullOrWhiteSpace(text) ? null : text.Trim()
        : throw new CodedException(ErrorCodes.BadValue, $"{name} has at most {MaxLength:N0} characters");
}
