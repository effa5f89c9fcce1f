using System.Globalization;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Galleries.Errors;

/// <summary>A floor was asked for above which so many strangers are expected, and none can be said.</summary>
public sealed class UnsaidFloorException : Exception
{
    /// <summary>For this probe, in these galleries, nothing can be said.</summary>
    /// <param name="strangers">How many were asked for.</param>
    /// <param name="unsaid">Why none can be said.</param>
    public UnsaidFloorException(double strangers, StrangersExpected unsaid)
        : base(Sentence(strangers, $"{Known(unsaid).Reason.ToWords()}, {unsaid.Population}", "give")) =>
        Reason = unsaid.Reason;

    /// <summary>Of many searches together so few are asked for that they lie beyond what the scores tell.</summary>
    /// <param name="strangers">How many were asked for.</param>
    /// <param name="least">The least number that can be asked for.</param>
    /// <param name="population">Who is compared with whom.</param>
    public UnsaidFloorException(double strangers, double least, string population)
        : base(Sentence(
            strangers,
            string.Create(CultureInfo.InvariantCulture, $"{least:0.###} is the least that can be told of {population}"),
            "ask for so many or more, or give")) =>
        Reason = UnsaidReason.BeyondTail;

    /// <summary>Why none can be said.</summary>
    public UnsaidReason Reason { get; }

    private static StrangersExpected Known(StrangersExpected unsaid) => unsaid ?? throw new ArgumentNullException(nameof(unsaid));

    private static string Sentence(double strangers, string why, string remedy) => string.Create(
        CultureInfo.InvariantCulture,
        $"no floor can be said above which about {strangers} strangers are expected (scoreFloorStrangers, --floor-strangers): {why}; "
            + $"{remedy} a score floor (scoreFloor, --floor) instead");
}
