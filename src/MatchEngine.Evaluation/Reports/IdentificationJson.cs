using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Reports;

/// <summary>The part of <c>report.json</c> that a 1:N evaluation gives.</summary>
internal static class IdentificationJson
{
    private const int CurvePoints = 400;

    public static void AddTo(JsonObject report, IdentificationResult result, IReadOnlyList<IndexCost> costs)
    {
        report["identification"] = new JsonObject
        {
            ["gallerySize"] = result.Searches.GallerySize,
            ["listLength"] = result.Searches.ListLength,
            ["rankOneHitRate"] = result.Cmc.Count == 0 ? null : JsonParts.Number(result.Cmc[0]),
            ["points"] = JsonParts.Array(result.Points, Point),
            ["ranks"] = JsonParts.Array(result.Ranks, r =>
            {
                var made = new JsonObject { ["rank"] = r.Rank, ["mated"] = r.Fnir.Trials, ["misses"] = r.Fnir.Errors };
                JsonParts.AddRate(made, "fnir", r.Fnir);
                return made;
            }),
            ["cmc"] = JsonParts.Array(result.Cmc, share => JsonParts.Number(share)),
            ["sizes"] = JsonParts.Array(result.Sizes, s =>
            {
                var made = new JsonObject { ["gallerySize"] = s.GallerySize, ["mated"] = s.Mated, ["nonMated"] = s.NonMated };
                JsonParts.AddRate(made, "rankOneMiss", s.RankOneMiss);
                JsonParts.AddRate(made, "fpirAtWholeGalleryThreshold", s.FpirAtWholeGalleryThreshold);
                JsonParts.AddRate(made, "fnirAtWholeGalleryThreshold", s.FnirAtWholeGalleryThreshold);
                made["points"] = JsonParts.Array(s.Points, Point);
                return made;
            }),
            ["indexCost"] = JsonParts.Array(costs, c => new JsonObject
            {
                ["rank"] = c.Rank == int.MaxValue ? null : c.Rank,
                ["threshold"] = JsonParts.Number(c.Threshold),
                ["mated"] = c.Trials,
                ["exactMisses"] = c.Exact,
                ["indexMisses"] = c.Approximate,
                ["lostByIndex"] = c.LostByIndex,
                ["difference"] = JsonParts.Number(c.Difference),
                ["differenceInterval"] = JsonParts.Range(c.Range),
            }),
        };
        report["globalThreshold"] = result.GlobalThreshold is null
            ? null
            : new JsonObject { ["threshold"] = JsonParts.Number(result.GlobalThreshold), ["fpir"] = JsonParts.Number(result.GlobalFpir) };
        report["slices"] = JsonParts.Array(result.Slices, s =>
        {
            var made = new JsonObject
            {
                ["by"] = s.By,
                ["value"] = s.Value,
                ["subjects"] = s.Subjects,
                ["mated"] = s.Fnir.Trials,
                ["nonMated"] = s.Fpir.Trials,
            };
            JsonParts.AddRate(made, "fnir", s.Fnir);
            JsonParts.AddRate(made, "fpir", s.Fpir);
            JsonParts.AddRate(made, "rankOneMiss", s.RankOneMiss);
            made["marked"] = s.IsMarked;
            return made;
        });
        report["ageing"] = JsonParts.Array(result.Ageing, JsonParts.Ageing);
        report["notes"] = JsonParts.Array(result.Notes, note => note);
        var step = Math.Max(1, result.Curve.Count / CurvePoints);
        report["curves"] = new JsonObject
        {
            ["openSet"] = JsonParts.Array(result.Curve.Where((_, i) => i % step == 0 || i == result.Curve.Count - 1), p => new JsonObject
            {
                ["threshold"] = JsonParts.Number(p.Threshold),
                ["fpir"] = JsonParts.Number(p.Fpir),
                ["fnir"] = JsonParts.Number(p.Fnir),
            }),
        };
    }

    private static JsonObject Point(IdentificationPoint p)
    {
        var made = new JsonObject
        {
            ["fpir"] = p.WantedFpir,
            ["threshold"] = JsonParts.Number(p.Threshold),
            ["supported"] = p.Threshold is not null,
        };
        JsonParts.AddRate(made, "fnir", p.Fnir);
        JsonParts.AddRate(made, "measuredFpir", p.Fpir);
        made["selectivity"] = JsonParts.Number(p.Selectivity);
        made["selectivityIsLowerBound"] = p.IsSelectivityCut;
        made["mated"] = p.Fnir?.Trials;
        made["nonMated"] = p.NonMated;
        if (p.Threshold is null)
            made["text"] = $"not supported by {RateEstimate.Count(p.NonMated)} searches";
        return made;
    }
}
