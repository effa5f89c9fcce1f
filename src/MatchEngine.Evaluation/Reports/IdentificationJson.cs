using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Intervals;

namespace MatchEngine.Evaluation.Reports;

/// <summary>The part of <c>report.json</c> that a 1:N evaluation gives.</summary>
internal static class IdentificationJson
{
    private const int CurvePoints = 400;

    public static void AddTo(
        JsonObject report, IdentificationResult result, IReadOnlyList<IndexCost> costs, IReadOnlyDictionary<double, ClaimedRate> claims)
    {
        var notable = NotableSearches.Of(result.Searches);
        report["identification"] = new JsonObject
        {
            ["gallerySize"] = result.Searches.GallerySize,
            ["listLength"] = result.Searches.ListLength,
            ["rankOneHitRate"] = result.Cmc.Count == 0 ? null : JsonParts.Number(result.Cmc[0]),
            ["points"] = JsonParts.Array(result.Points, Point),
            ["thresholds"] = JsonParts.Array(result.Thresholds, p =>
            {
                var made = new JsonObject { ["threshold"] = JsonParts.Number(p.Threshold) };
                JsonParts.AddClaim(made, claims.GetValueOrDefault(p.Threshold!.Value), p.Fpir, p.Fnir, "Fpir", "Fnir");
                JsonParts.AddRate(made, "measuredFpir", p.Fpir);
                JsonParts.AddRate(made, "fnir", p.Fnir);
                made["selectivity"] = JsonParts.Number(p.Selectivity);
                made["selectivityIsLowerBound"] = p.IsSelectivityCut;
                made["mated"] = p.Fnir?.Trials;
                made["nonMated"] = p.NonMated;
                return made;
            }),
            ["leads"] = JsonParts.Array(result.Leads, l =>
            {
                var made = new JsonObject { ["by"] = l.By, ["value"] = l.Value, ["floor"] = JsonParts.Number(l.Floor) };
                JsonParts.AddRate(made, "leads", l.Leads);
                JsonParts.AddRate(made, "fpir", l.Fpir);
                JsonParts.AddRate(made, "fnir", l.Fnir);
                made["marked"] = l.IsMarked;
                return made;
            }),
            ["ranks"] = JsonParts.Array(result.Ranks, r =>
            {
                var made = new JsonObject { ["rank"] = r.Rank, ["mated"] = r.Fnir.Trials, ["misses"] = r.Fnir.Errors };
                JsonParts.AddRate(made, "fnir", r.Fnir);
                return made;
            }),
            ["extrapolation"] = JsonParts.Extrapolation(result.Extrapolation, "fpir", "fnir"),
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
            ["lowestMates"] = JsonParts.Array(notable.LowestMates, s => new JsonObject
            {
                ["probe"] = s.Probe,
                ["subject"] = s.Subject,
                ["mate"] = s.Mate,
                ["rank"] = s.Rank,
                ["score"] = JsonParts.Number(s.Score),
                ["candidate"] = s.Candidate,
                ["candidateImage"] = s.CandidatePhoto,
                ["candidateScore"] = JsonParts.Number(s.CandidateScore),
            }),
            ["highestNonMates"] = JsonParts.Array(notable.HighestNonMates, s => new JsonObject
            {
                ["probe"] = s.Probe,
                ["subject"] = s.Subject,
                ["candidate"] = s.Candidate,
                ["candidateImage"] = s.CandidatePhoto,
                ["score"] = JsonParts.Number(s.Score),
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
            : new JsonObject
            {
                ["threshold"] = JsonParts.Number(result.GlobalThreshold),
                ["fpir"] = JsonParts.Number(result.GlobalFpir),
                ["given"] = result.GlobalFpir is null,
            };
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
            made["fnirMarked"] = s.IsFnirMarked;
            made["fpirMarked"] = s.IsFpirMarked;
            JsonParts.AddRatio(made, "fnirRatio", s.FnirRatio);
            JsonParts.AddRatio(made, "fpirRatio", s.FpirRatio);
            return made;
        });
        report["differentials"] = new JsonObject([.. result.Slicings.Select(s => KeyValuePair.Create(s.By, (JsonNode?)new JsonObject
        {
            ["reference"] = s.Reference,
            ["referenceChosen"] = s.IsReferenceChosen,
            ["fnir"] = JsonParts.Differentials(s.Fnir),
            ["fpir"] = JsonParts.Differentials(s.Fpir),
        }))]);
        report["refusals"] = JsonParts.Refusals(result.Refusals);
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
