using System.Globalization;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Galleries.Errors;

/// <summary>A floor was asked for above which so many strangers are expected, and for this probe none can be said.</summary>
/// <param name="strangers">How many were asked for.</param>
/// <param name="unsaid">Why none can be said.</param>
public sealed class UnsaidFloorException(double strangers, StrangersExpected unsaid) : Exception(
    string.Create(
        CultureInfo.InvariantCulture,
        $"no floor can be said above which about {strangers} strangers are expected (scoreFloorStrangers, --floor-strangers): "
            + $"{unsaid.Reason.ToWords()}, {unsaid.Population}; give a score floor (scoreFloor, --floor) instead"))
{
    /// <summary>Why none can be said.</summary>
    public UnsaidReason Reason { get; } = unsaid.Reason;
}
