using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs;

/// <summary>How much of a long list is given at once.</summary>
internal static class PageSize
{
    /// <summary>The largest number that is given at once.</summary>
    public const int Largest = 500;

    private const int Default = 100;

    /// <summary>The number that was asked for, or 100.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: it lies outside.</exception>
    public static int Of(int? count, int most = Largest) => (count ?? Default) is var wanted && wanted >= 1 && wanted <= most
        ? wanted
        : throw new CodedException(ErrorCodes.BadValue, $"count lies within 1 … {most}");
}
