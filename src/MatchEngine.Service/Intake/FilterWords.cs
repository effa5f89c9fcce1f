using MatchEngine.Galleries.Filters;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Intake;

/// <summary>The conditions of a search among some, as requests and forms write them.</summary>
internal static class FilterWords
{
    /// <summary>The filter; null where there is no condition.</summary>
    /// <param name="conditions">One each.</param>
    /// <exception cref="ProblemException">One is no condition.</exception>
    public static BiographicFilter? Parse(IEnumerable<string>? conditions)
    {
        try
        {
            return BiographicFilter.Parse(conditions ?? []);
        }
        catch (FormatException e)
        {
            throw new ProblemException(Problem.BadValue, $"filter: {e.Message}");
        }
    }
}
