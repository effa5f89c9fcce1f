using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Claims;

/// <summary>How a claimed rate stands to what was measured here.</summary>
public enum ClaimAgreement
{
    /// <summary>Nothing was claimed at this threshold, or the measurement says nothing.</summary>
    CannotBeSaid,

    /// <summary>The claimed rate lies in the interval of the measured one.</summary>
    Agrees,

    /// <summary>The whole interval of the measured rate lies above the claim.</summary>
    HigherThanClaimed,

    /// <summary>The whole interval of the measured rate lies below the claim.</summary>
    LowerThanClaimed,
}

/// <summary>What somebody says that a threshold is worth: the card of a model, or a report of another evaluation.</summary>
/// <param name="By">Who says so, such as <c>the card of fr-feature</c>.</param>
/// <param name="Population">Whom it was measured on, in words.</param>
/// <param name="DataSet">Name of the data set it was measured on, or null.</param>
/// <param name="FalsePositives">The claimed FMR (1:N: FPIR), 0 … 1; null where none is claimed.</param>
/// <param name="FalsePositivesBelow">Where <paramref name="FalsePositives"/> is null: the rate is said to lie below this; else
/// null.</param>
/// <param name="Misses">The claimed FNMR (1:N: FNIR); null where none is claimed.</param>
public sealed record ClaimedRate(
    string By, string Population, string? DataSet, double? FalsePositives, double? FalsePositivesBelow, double? Misses)
{
    /// <summary>Compares a claim with a measured rate by its interval: the claim's own error is not known here.</summary>
    /// <param name="claimed">The claimed rate, or null.</param>
    /// <param name="claimedBelow">The bound that is claimed in its place, or null.</param>
    /// <param name="measured">The measured rate, or null.</param>
    public static ClaimAgreement Compare(double? claimed, double? claimedBelow, RateEstimate? measured)
    {
        if (measured is null || measured.Method is IntervalMethod.None or IntervalMethod.CannotBeSaid
            || (claimed ?? claimedBelow) is not { } most)
            return ClaimAgreement.CannotBeSaid;
        if (measured.Range.Low > most)
            return ClaimAgreement.HigherThanClaimed;
        return claimed is { } rate && measured.Range.High < rate ? ClaimAgreement.LowerThanClaimed : ClaimAgreement.Agrees;
    }

    /// <summary>
    /// The claim for searches that follows from one for comparisons: a stranger to a gallery of N subjects is compared N times, so FPIR is
    /// 1 − (1 − FMR)^N if the comparisons of a search are independent.
    /// </summary>
    /// <param name="gallerySize">N, in subjects.</param>
    public ClaimedRate OfSearches(int gallerySize)
    {
        // Below a millionth the power would lose digits that the product keeps.
        double? Search(double? fmr) => fmr is not { } f ? null : f * gallerySize < 1e-6 ? f * gallerySize : 1 - Math.Pow(1 - f,
            gallerySize);
        return this with { FalsePositives = Search(FalsePositives), FalsePositivesBelow = Search(FalsePositivesBelow), Misses = null };
    }
}
