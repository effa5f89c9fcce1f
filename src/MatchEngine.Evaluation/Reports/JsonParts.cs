using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Reports;

/// <summary>The pieces that both kinds of report are made of.</summary>
internal static class JsonParts
{
    /// <summary>A number, or null where there is none: JSON knows neither NaN nor ∞.</summary>
    public static JsonNode? Number(double? value) => value is { } v && double.IsFinite(v) ? JsonValue.Create(v) : null;

    public static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> make) => new([.. items.Select(make)]);

    public static JsonObject Counts(IReadOnlyDictionary<string, long> counts) =>
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
            target[name + "Below"] = rate.Range.High;
        if (rate.Errors == rate.Trials)
            target[name + "Above"] = rate.Range.Low;
        target[name + "Low"] = Number(rate.Range.Low);
        target[name + "High"] = Number(rate.Range.High);
        target[name + "Method"] = rate.Method switch
        {
            IntervalMethod.RuleOfThree => "rule-of-three",
            IntervalMethod.SubjectBootstrap => "subject-bootstrap",
            _ => "wilson",
        };
        if (rate.IsUncertain)
            target[name + "Uncertain"] = true;
        target[name + "Wilson"] = Range(rate.Wilson);
        target[name + "ClopperPearson"] = Range(rate.ClopperPearson);
        target[name + "Text"] = rate.ToString();
    }

    public static JsonNode? Range(Interval? range) => range is { } r ? new JsonArray(Number(r.Low), Number(r.High)) : null;

    public static JsonObject Differentials(RateDifferentials? d) => d is null ? new JsonObject { ["groups"] = null } : new JsonObject
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

    public static JsonObject Ageing(AgeingBand band)
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
