using MatchEngine.Frs.Errors;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Frs.Searching;

/// <summary>Purposes as they come from outside.</summary>
internal static class Purposes
{
    private const int MaxLength = 500;

    /// <summary>A purpose without blanks around its texts, of which an empty one is none.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: a text is too long.</exception>
    public static SearchPurpose? Checked(SearchPurpose? purpose) => purpose is null
        ? null
        : new SearchPurpose(
            Text(purpose.CaseNumber, "caseNumber"), Text(purpose.Basis, "basis"), Text(purpose.Requester, "requester"));

    /// <summary>The same of a request that was refused; null where it is no purpose.</summary>
    public static SearchPurpose? Told(SearchPurpose? purpose)
    {
        try
        {
            return Checked(purpose);
        }
        catch (CodedException)
        {
            return null;
        }
    }

    private static string? Text(string? value, string name) => value is null || value.Length <= MaxLength
        ? string.IsNullOrWhiteSpace(value) ? null : value.Trim()
        : throw new CodedException(ErrorCodes.BadValue, $"purpose.{name} has at most {MaxLength} characters");
}
