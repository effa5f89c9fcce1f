using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Acquisition;
using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Extremes;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Reports;

/// <summary>The pieces that both kinds of report are made of.</summary>
public static class JsonParts
{
    /// <summary>A number, or null where there is none: JSON knows neither NaN nor ∞.</summary>
    public static JsonNode? Number(double? value) => value is { } v && double.IsFinite(v) ? JsonValue.Create(v) : null;

    /// <summary>An array of what is made of each item.</summary>
    public static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> make) => new([.. items.Select(make)]);

    internal static JsonObject Counts(IReadOnlyDictionary<string, long> counts) =>
        new([.. counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value))]);

    /// <summary>
    /// Writes a rate under a name: <c>fmr</c>, <c>fmrLow</c>, <c>fmrHigh</c>, <c>fmrMethod</c>, <c>fmrText</c>, <c>fmrUncertain</c> where
    /// it is true, and both intervals for independent trials. A rate of which no error was seen is null with its bound as <c>fmrBelow</c>;
    /// one of which nothing but errors was seen has a bound <c>fmrAbove</c>.
    /// </summary>
    public static void AddRate(JsonObject target, string name, RateEstimate? rate)
    {
        if (rate is null || rate.Trials == 0)
        {
            target[name] = null;
            target[name + "Low"] = null;
            target[name + "High"] = null;
            target[name + "Text"] = rate?.ToString();
            return;
        }
        target[name] = rate.Errors == 0 ? null : Number(rate.Rate);
        if (rate.Errors == 0)
            target[name + "Below"] = Number(rate.Range.High);
        if (rate.Errors == rate.Trials)
            target[name + "Above"] = Number(rate.Range.Low);
        target[name + "Low"] = Number(rate.Range.Low);
        target[name + "High"] = Number(rate.Range.High);
        target[name + "Method"] = rate.Method switch
        {
            IntervalMethod.RuleOfThree => "rule-of-three",
            IntervalMethod.SubjectBootstrap => "subject-bootstrap",
            IntervalMethod.CannotBeSaid => "cannot-be-said",
            _ => "wilson",
        };
        if (rate.IsUncertain)
            target[name + "Uncertain"] = true;
        target[name + "Wilson"] = Range(rate.Wilson);
        target[name + "ClopperPearson"] = Range(rate.ClopperPearson);
        target[name + "Text"] = rate.ToString();
    }

    /// <summary>
    /// Writes a ratio to the reference group under a name. A ratio with a zero in it becomes a bound, <c>…Below</c> or <c>…Above</c>.
    /// </summary>
    internal static void AddRatio(JsonObject target, string name, GroupRatio? ratio)
    {
        target[name] = Number(ratio?.Value);
        if (Number(ratio?.Below) is { } below)
            target[name + "Below"] = below;
        if (Number(ratio?.Above) is { } above)
            target[name + "Above"] = above;
        target[name + "Interval"] = Range(ratio?.Range);
        target[name + "PValue"] = Number(ratio?.PValue);
        target[name + "HolmPValue"] = Number(ratio?.AdjustedPValue);
        target[name + "Detectable"] = Number(ratio?.Detectable);
        target[name + "Differs"] = ratio?.PValue is null ? null : ratio.Differs;
        target[name + "DiffersAfterHolm"] = ratio?.PValue is null ? null : ratio.DiffersAfterHolm;
    }

    /// <summary>A mean of rates with its interval, in words.</summary>
    internal static string Mean(double mean, Interval? range) => range is { } r && double.IsFinite(r.High)
        ? RateEstimate.Ranged(mean, r).Replace("; ", " (", StringComparison.Ordinal) + ")"
        : RateEstimate.Percent(mean);

    /// <summary>Writes what a threshold is said to be worth, and how that agrees with what was measured.</summary>
    internal static void AddClaim(
        JsonObject target, ClaimedRate? claim, RateEstimate? falsePositives, RateEstimate? misses, string falsePositive, string miss)
    {
        target["claimedBy"] = claim?.By;
        target["claimedOn"] = claim?.Population;
        target["claimed" + falsePositive] = Number(claim?.FalsePositives);
        target["claimed" + falsePositive + "Below"] = Number(claim?.FalsePositivesBelow);
        target["claimed" + miss] = Number(claim?.Misses);
        target["agreement" + falsePositive] = Word(ClaimedRate.Compare(claim?.FalsePositives, claim?.FalsePositivesBelow, falsePositives));
        target["agreement" + miss] = Word(ClaimedRate.Compare(claim?.Misses, null, misses));
    }

    private static string? Word(ClaimAgreement agreement) => agreement switch
    {
        ClaimAgreement.Agrees => "agrees",
        ClaimAgreement.HigherThanClaimed => "higher-than-claimed",
        ClaimAgreement.LowerThanClaimed => "lower-than-claimed",
        _ => null,
    };

    internal static JsonNode? Range(Interval? range) => range is { } r ? new JsonArray(Number(r.Low), Number(r.High)) : null;

    internal static JsonObject Differentials(RateDifferentials? d) => d is null ? new JsonObject { ["groups"] = null } : new JsonObject
    {
        ["groups"] = d.Groups,
        ["min"] = Number(d.Minimum),
        ["minGroup"] = d.MinimumGroup,
        ["max"] = Number(d.Maximum),
        ["maxGroup"] = d.MaximumGroup,
        ["maxOverMin"] = Number(d.MaxOverMin),
        ["maxOverMinAbove"] = Number(d.MaxOverMinAbove),
        ["maxOverMean"] = Number(d.MaxOverMean),
        ["maxOverGeomean"] = Number(d.MaxOverGeometricMean),
        ["varyGeomean"] = Number(d.VaryGeometricMean),
        ["gini"] = Number(d.Gini),
        ["giniRaw"] = Number(d.GiniRaw),
    };

    internal static JsonArray Refusals(IReadOnlyList<RefusalSlicing> refusals) =>
        Array(refusals.SelectMany(r => r.Rows.Select(row => (Slicing: r, Row: row))), r =>
        {
            var made = new JsonObject
            {
                ["by"] = r.Slicing.By,
                ["value"] = r.Row.Value,
                ["reason"] = r.Row.Reason,
                ["subjects"] = r.Row.Subjects,
                ["photos"] = r.Row.Rate.Trials,
                ["refused"] = r.Row.Rate.Errors,
            };
            AddRate(made, "rate", r.Row.Rate);
            made["marked"] = r.Row.IsMarked;
            made["reference"] = r.Slicing.Reference;
            AddRatio(made, "ratio", r.Row.Ratio);
            return made;
        });

    /// <summary>What was extrapolated; <paramref name="positive"/> and <paramref name="miss"/> name the rates.</summary>
    internal static JsonObject? Extrapolation(Extrapolation? tail, string positive, string miss) => tail is null ? null : new JsonObject
    {
        ["extrapolated"] = true,
        ["from"] = Number(tail.From),
        ["exceedances"] = tail.Exceedances,
        ["shape"] = Number(tail.Shape),
        ["shapeInterval"] = Range(tail.ShapeRange),
        ["points"] = Array(tail.Points, p =>
        {
            var made = new JsonObject { [positive] = p.Rate };
            if (p.GallerySize is { } size)
                made["gallerySize"] = size;
            made["threshold"] = Number(p.Threshold);
            made["thresholdInterval"] = Range(p.ThresholdRange);
            made[miss] = Number(p.Misses);
            made[miss + "Interval"] = Range(p.MissesRange);
            made["text"] = Words(p);
            return made;
        }),
    };

    /// <summary>An extrapolated point in words: threshold and misses, each with its interval.</summary>
    internal static string Words(ExtrapolatedPoint point) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{point.Threshold:0.0000} ({point.ThresholdRange.Low:0.0000} … {point.ThresholdRange.High:0.0000})");

    internal static JsonObject Ageing(AgeingBand band)
    {
        var made = new JsonObject
        {
            ["by"] = band.By,
            ["band"] = band.Band,
            ["subjects"] = band.Subjects,
            ["mated"] = band.Fnmr.Trials,
            ["errors"] = band.Fnmr.Errors,
        };
        AddRate(made, "rate", band.Fnmr);
        made["marked"] = band.IsMarked;
        return made;
    }
}
