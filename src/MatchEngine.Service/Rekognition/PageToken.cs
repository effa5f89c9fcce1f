using System.Buffers.Text;
using System.Text;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Rekognition;

/// <summary>Where the next page begins, in a form that nobody takes for a name.</summary>
internal static class PageToken
{
    /// <summary>The most that a page holds.</summary>
    public const int MaxResults = 4096;

    private const int DefaultResults = 1000;

    public static string Of(string place) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(place));

    /// <exception cref="ProblemException">It is none of ours.</exception>
    public static string? Place(string? token)
    {
        if (string.IsNullOrEmpty(token))
            return null;
        return Base64Url.IsValid(token)
            ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token))
            : throw Unknown();
    }

    /// <summary>How many a page is to hold.</summary>
    /// <exception cref="ProblemException">None can hold so many.</exception>
    public static int Results(int? wanted) => wanted is null or (>= 1 and <= MaxResults)
        ? wanted ?? DefaultResults
        : throw new ProblemException(Problem.BadValue, $"MaxResults lies within 1 … {MaxResults}");

    public static ProblemException Unknown() => new(RekognitionErrors.BadToken, "NextToken is none that this operation gave");
}
