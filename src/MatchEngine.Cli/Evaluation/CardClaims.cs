using MatchEngine.Evaluation.Claims;
using MatchEngine.Faces.Models;

namespace MatchEngine.Cli.Evaluation;

/// <summary>What the card of a model claims that thresholds are worth: the one place where an evaluation looks into a card.</summary>
internal static class CardClaims
{
    /// <summary>The claim at each threshold; those of another report come first.</summary>
    /// <param name="card">The embedder's card.</param>
    /// <param name="thresholds">The given thresholds.</param>
    /// <param name="reported">What another report claims.</param>
    /// <param name="gallerySize">Enrolled subjects, for rates of searches; null for comparisons.</param>
    public static IReadOnlyDictionary<double, ClaimedRate> Of(
        EmbedderCard card, IEnumerable<double> thresholds, IReadOnlyDictionary<double, ClaimedRate> reported, int? gallerySize = null)
    {
        var claims = new Dictionary<double, ClaimedRate>(reported);
        // What is measured here is of pairs of anybody, and so is the claim that it stands beside.
        if (card.Calibrations?.RandomPairs is not { } calibration)
            return claims;
        foreach (var threshold in thresholds)
        {
            var rate = calibration.At(threshold);
            if ((rate.Value ?? rate.Below) is null)
                continue;
            var claim = new ClaimedRate(
                $"the card of {card.Id}", rate.Population.Description, rate.Population.DataSet, rate.Value, rate.Below, null);
            claims.TryAdd(threshold, gallerySize is { } size ? claim.OfSearches(size) : claim);
        }
        return claims;
    }
}
