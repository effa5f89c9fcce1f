using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.Demographics;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Subjects;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Reports;

/// <summary>The part of <c>report.json</c> that a 1:1 evaluation gives.</summary>
internal static class VerificationJson
{
    private const int CurvePoints = 400;
    private const int HistogramBins = 100;

    public static void AddTo(
        JsonObject report, VerificationResult result, IReadOnlyDictionary<double, ClaimedRate> claims, bool brief = false)
    {
        report["verification"] = Verification(result);
        report["operatingPoints"] = JsonParts.Array(result.OperatingPoints, Point);
        report["thresholds"] = JsonParts.Array(result.Thresholds, p =>
        {
            var made = new JsonObject { ["threshold"] = JsonParts.Number(p.Threshold) };
            JsonParts.AddClaim(made, claims.GetValueOrDefault(p.Threshold!.Value), p.Fmr, p.Fnmr, "Fmr", "Fnmr");
            AddRates(made, p);
            return made;
        });
        report["globalThreshold"] = result.GlobalThreshold is null ? null : new JsonObject
        {
            ["threshold"] = JsonParts.Number(result.GlobalThreshold),
            ["fmr"] = JsonParts.Number(result.GlobalFmr),
            ["given"] = result.GlobalFmr is null,
        };
        report["slices"] = JsonParts.Array(
            result.Slicings.SelectMany(s => s.Slices), Slice);
        report["sliceRemainders"] = JsonParts.Array(result.Slicings, s => new JsonObject
        {
            ["by"] = s.By,
            ["mated"] = s.Remainder.Mated,
            ["falseNonMatches"] = s.Remainder.FalseNonMatches,
            ["impostors"] = s.Remainder.Impostors,
            ["falseMatches"] = s.Remainder.FalseMatches,
            ["unlabelledImages"] = s.Remainder.UnlabelledPhotos,
        });
        report["matrix"] = JsonParts.Array(result.Slicings.SelectMany(s => s.Matrix.Select(c => (s.By, Cell: c))), c =>
        {
            var cell = new JsonObject
            {
                ["by"] = c.By,
                ["first"] = c.Cell.First,
                ["second"] = c.Cell.Second,
                ["impostors"] = c.Cell.Fmr.Trials,
                ["falseMatches"] = c.Cell.Fmr.Errors,
            };
            JsonParts.AddRate(cell, "fmr", c.Cell.Fmr);
            cell["marked"] = c.Cell.IsMarked;
            return cell;
        });
        report["differentials"] = new JsonObject([.. result.Slicings.Select(s => KeyValuePair.Create(s.By, (JsonNode?)new JsonObject
        {
            ["reference"] = s.Reference,
            ["referenceChosen"] = s.IsReferenceChosen,
            ["fmr"] = JsonParts.Differentials(s.Fmr),
            ["fnmr"] = JsonParts.Differentials(s.Fnmr),
            ["fdr"] = JsonParts.Number(s.FairnessDiscrepancyRate),
            ["ir"] = JsonParts.Number(s.InequityRate),
            ["garbe"] = JsonParts.Number(s.Garbe),
        }))]);
        report["refusals"] = JsonParts.Refusals(result.Refusals);
        report["photoDiscard"] = JsonParts.Array(result.PhotoDiscards, PhotoDiscard);
        report["notes"] = JsonParts.Array(result.Notes, note => note);
        if (brief)
            return;
        report["scoreShift"] = JsonParts.Array(result.ScoreShifts, s => new JsonObject
        {
            ["by"] = s.By,
            ["value"] = s.Value,
            ["mated"] = s.IsMated,
            ["count"] = s.Count,
            ["mean"] = JsonParts.Number(s.Mean),
            ["std"] = JsonParts.Number(s.StandardDeviation),
            ["quantiles"] = new JsonObject([.. ScoreShift.Probabilities.Zip(s.Quantiles).Select(q => KeyValuePair.Create(
                q.First.ToString("R", System.Globalization.CultureInfo.InvariantCulture), JsonParts.Number(q.Second)))]),
            ["meanShift"] = JsonParts.Number(s.MeanShift),
            ["ks"] = JsonParts.Number(s.KolmogorovSmirnov),
        });
        report["extrapolation"] = JsonParts.Extrapolation(result.Extrapolation, "fmr", "fnmr");
        report["ageing"] = JsonParts.Array(result.Ageing, JsonParts.Ageing);
        report["ageMatrix"] = JsonParts.Array(result.AgeMatrix, c =>
        {
            var cell = new JsonObject
            {
                ["by"] = c.By,
                ["first"] = c.First,
                ["second"] = c.Second,
                ["impostors"] = c.Fmr.Trials,
                ["falseMatches"] = c.Fmr.Errors,
            };
            JsonParts.AddRate(cell, "fmr", c.Fmr);
            cell["marked"] = c.IsMarked;
            return cell;
        });
        report["quality"] = result.Quality is not { } q ? null : new JsonObject
        {
            ["threshold"] = JsonParts.Number(q.Threshold),
            ["mated"] = q.Comparisons,
            ["area"] = JsonParts.Number(q.Area),
            ["idealArea"] = JsonParts.Number(q.IdealArea),
            ["areaTo"] = ErrorVersusDiscard.AreaTo,
            ["points"] = JsonParts.Array(
                q.Points, p => new JsonObject { ["discarded"] = p.Discarded, ["fnmr"] = JsonParts.Number(p.Fnmr) }),
        };
        report["subjects"] = Subjects(result);
        report["hygiene"] = Hygiene(result.Hygiene);
        report["curves"] = Curves(result);
    }

    private static JsonObject PhotoDiscard(PhotoDiscard discard)
    {
        var made = new JsonObject
        {
            ["measure"] = discard.Measure,
            ["discarded"] = discard.Discarded,
            ["photos"] = discard.Photos,
            ["mated"] = discard.Fnmr.Trials,
            ["errors"] = discard.Fnmr.Errors,
        };
        JsonParts.AddRate(made, "fnmr", discard.Fnmr);
        made["fnmrBySubject"] = JsonParts.Number(discard.FnmrBySubject);
        made["fnmrBySubjectInterval"] = JsonParts.Range(discard.FnmrBySubjectRange);
        Change("reduction", discard.Reduction);
        Change("reductionBySubject", discard.ReductionBySubject);
        Change("beyondFirst", discard.BeyondFirst);
        Change("beyondFirstBySubject", discard.BeyondFirstBySubject);
        made["atRandomInterval"] = JsonParts.Range(discard.AtRandom);
        made["atRandomBySubjectInterval"] = JsonParts.Range(discard.AtRandomBySubject);
        return made;

        void Change(string name, RateChange? change)
        {
            made[name] = JsonParts.Number(change?.Value);
            made[name + "Interval"] = JsonParts.Range(change?.Range);
        }
    }

    private static JsonObject Verification(VerificationResult result)
    {
        var (curve, eer) = (result.Curve, result.EqualErrorRate);
        return new JsonObject
        {
            ["accuracy"] = result.Accuracy is not { } a ? null : new JsonObject
            {
                ["mean"] = JsonParts.Number(a.Mean),
                ["std"] = JsonParts.Number(a.StandardDeviation),
                ["standardError"] = JsonParts.Number(a.StandardDeviation / Math.Sqrt(a.Folds.Count)),
                ["folds"] = JsonParts.Array(a.Folds, f => JsonParts.Number(f.Accuracy)),
                ["foldThresholds"] = JsonParts.Array(a.Folds, f => JsonParts.Number(f.Threshold)),
            },
            ["eer"] = new JsonObject
            {
                ["value"] = JsonParts.Number(eer.Value),
                ["low"] = JsonParts.Number(eer.Low),
                ["high"] = JsonParts.Number(eer.High),
                ["threshold"] = JsonParts.Number(eer.Threshold),
                ["text"] = eer.ToString(curve),
            },
            ["fmr100"] = JsonParts.Number(curve.NearestFmr(0.01).Fnmr),
            ["fmr1000"] = JsonParts.Number(curve.NearestFmr(0.001).Fnmr),
            ["zeroFmr"] = JsonParts.Number(curve.NearestFmr(0).Fnmr),
            ["zeroFnmr"] = JsonParts.Number(curve.ZeroFnmr.Fmr),
            ["auc"] = JsonParts.Number(curve.AreaUnderRoc),
            ["dPrime"] = JsonParts.Number(curve.DPrime),
            ["scoreResolution"] = Math.Max(curve.Mated.Resolution, curve.Impostor.Resolution),
            ["matedScores"] = Moments(curve.Mated),
            ["impostorScores"] = Moments(curve.Impostor),
        };

        static JsonObject Moments(ScoreDistribution scores) => new()
        {
            ["count"] = scores.Total,
            ["mean"] = JsonParts.Number(scores.Mean),
            ["std"] = JsonParts.Number(scores.StandardDeviation),
            ["min"] = JsonParts.Number(scores.Scores[0]),
            ["max"] = JsonParts.Number(scores.Scores[^1]),
        };
    }

    private static JsonObject Point(OperatingPoint p)
    {
        var made = new JsonObject
        {
            ["fmr"] = p.WantedFmr,
            ["threshold"] = JsonParts.Number(p.Threshold),
            ["supported"] = p.Threshold is not null,
        };
        AddRates(made, p);
        if (p.Threshold is null)
            made["text"] = $"not supported by {RateEstimate.Count(p.Impostors)} comparisons";
        return made;
    }

    private static void AddRates(JsonObject made, OperatingPoint p)
    {
        JsonParts.AddRate(made, "fnmr", p.Fnmr);
        made["fnmrBySubject"] = p.Fnmr is { Errors: 0 } ? null : JsonParts.Number(p.FnmrBySubject);
        made["fnmrBySubjectInterval"] = JsonParts.Range(p.FnmrBySubjectRange);
        made["fnmrBySubjectText"] = p.FnmrBySubject is { } mean && p.Fnmr is { Errors: > 0 } ? JsonParts.Mean(mean, p.FnmrBySubjectRange)
            : null;
        JsonParts.AddRate(made, "measuredFmr", p.Fmr);
        made["fmrBySubject"] = p.Fmr is { Errors: 0 } ? null : JsonParts.Number(p.FmrBySubject);
        JsonParts.AddRate(made, "fnmrWithFailures", p.FnmrWithFailures);
        JsonParts.AddRate(made, "fmrWithFailures", p.FmrWithFailures);
        made["falseMatches"] = p.Fmr?.Errors;
        made["falseNonMatches"] = p.Fnmr?.Errors;
        made["impostors"] = p.Impostors;
        made["mated"] = p.Mated;
    }

    private static JsonObject Slice(SliceRates s)
    {
        var made = new JsonObject
        {
            ["by"] = s.By,
            ["value"] = s.Value,
            ["subjects"] = s.Subjects,
            ["images"] = s.Photos,
            ["mated"] = s.Fnmr.Trials,
            ["falseNonMatches"] = s.Fnmr.Errors,
            ["impostors"] = s.Fmr.Trials,
            ["falseMatches"] = s.Fmr.Errors,
        };
        JsonParts.AddRate(made, "fmr", s.Fmr);
        JsonParts.AddRate(made, "fnmr", s.Fnmr);
        made["fnmrBySubject"] = s.Fnmr.Errors == 0 ? null : JsonParts.Number(s.FnmrBySubject);
        made["fnmrBySubjectInterval"] = JsonParts.Range(s.FnmrBySubjectRange);
        made["fnmrBySubjectText"] = s.Fnmr.Errors == 0 ? null : JsonParts.Mean(s.FnmrBySubject, s.FnmrBySubjectRange);
        JsonParts.AddRate(made, "fnmrWithFailures", s.FnmrWithFailures);
        made["matedSubjects"] = s.MatedSubjects;
        made["marked"] = s.IsMarked;
        made["fnmrMarked"] = s.IsFnmrMarked;
        JsonParts.AddRatio(made, "fmrRatio", s.FmrRatio);
        JsonParts.AddRatio(made, "fnmrRatio", s.FnmrRatio);
        return made;
    }

    private static JsonObject Subjects(VerificationResult result)
    {
        const int Listed = 20;
        JsonObject Describe(SubjectErrors s) => new()
        {
            ["subject"] = s.Subject,
            ["mated"] = s.Mated,
            ["falseNonMatches"] = s.FalseNonMatches,
            ["lowestMated"] = JsonParts.Number(s.LowestMated),
            ["falseMatches"] = s.FalseMatches,
            ["highestImpostor"] = JsonParts.Number(s.HighestImpostor),
        };
        return new JsonObject
        {
            ["count"] = result.Subjects.Count,
            ["shareBehindHalfOfFalseNonMatches"] = JsonParts.Number(
                SubjectErrors.ShareBehindHalf(result.Subjects.Where(s => s.Mated > 0).Select(s => s.FalseNonMatches))),
            ["shareBehindHalfOfFalseMatches"] = JsonParts.Number(
                SubjectErrors.ShareBehindHalf(result.Subjects.Select(s => s.FalseMatches))),
            ["mostFalseNonMatches"] = JsonParts.Array(
                result.Subjects.Where(s => s.FalseNonMatches > 0).OrderByDescending(s => s.FalseNonMatches)
                    .ThenBy(s => s.LowestMated).Take(Listed), Describe),
            ["mostFalseMatches"] = JsonParts.Array(
                result.Subjects.Where(s => s.FalseMatches > 0).OrderByDescending(s => s.FalseMatches)
                    .ThenByDescending(s => s.HighestImpostor).Take(Listed), Describe),
        };
    }

    private static JsonObject? Hygiene(Hygiene? hygiene) => hygiene is null ? null : new JsonObject
    {
        ["level"] = JsonParts.Number(hygiene.Level),
        ["photos"] = JsonParts.Array(hygiene.Photos, p => new JsonObject
        {
            ["image"] = p.Image,
            ["subject"] = p.Subject,
            ["meanToOwn"] = JsonParts.Number(p.MeanToOwn),
            ["meanOfOthers"] = JsonParts.Number(p.MeanOfOthers),
            ["nearestSubject"] = p.NearestSubject,
            ["nearestScore"] = JsonParts.Number(p.NearestScore),
        }),
        ["subjectPairs"] = JsonParts.Array(hygiene.Subjects, s => new JsonObject
        {
            ["first"] = s.First,
            ["second"] = s.Second,
            ["highest"] = JsonParts.Number(s.Highest),
            ["pairs"] = s.Pairs,
            ["possible"] = s.Possible,
            ["firstImage"] = s.FirstImage,
            ["secondImage"] = s.SecondImage,
        }),
        ["topImpostors"] = JsonParts.Array(hygiene.TopImpostors, Pair),
        ["lowestMated"] = JsonParts.Array(hygiene.LowestMated, Pair),
    };

    private static JsonObject Pair(NotablePair p) => new()
    {
        ["first"] = p.First,
        ["firstSubject"] = p.FirstSubject,
        ["second"] = p.Second,
        ["secondSubject"] = p.SecondSubject,
        ["score"] = JsonParts.Number(p.Score),
    };

    private static JsonObject Curves(VerificationResult result) => new()
    {
        ["det"] = JsonParts.Array(result.Curve.Thinned(CurvePoints), p => new JsonObject
        {
            ["threshold"] = JsonParts.Number(p.Threshold),
            ["fmr"] = JsonParts.Number(p.Fmr),
            ["fnmr"] = JsonParts.Number(p.Fnmr),
        }),
        ["slices"] = JsonParts.Array(result.SliceDets.SelectMany(d => d.Points.Select(p => (Det: d, Point: p))), x => new JsonObject
        {
            ["by"] = x.Det.By,
            ["value"] = x.Det.Value,
            ["threshold"] = JsonParts.Number(x.Point.Threshold),
            ["fmr"] = JsonParts.Number(x.Point.Fmr),
            ["fnmr"] = x.Point.Fnmr.Errors == 0 ? null : JsonParts.Number(x.Point.Fnmr.Rate),
            ["fnmrLow"] = JsonParts.Number(x.Point.Fnmr.Range.Low),
            ["fnmrHigh"] = JsonParts.Number(x.Point.Fnmr.Range.High),
        }),
        ["histogram"] = Histogram(result.Curve),
    };

    private static JsonArray Histogram(DetCurve curve)
    {
        var low = Math.Min(curve.Mated.Scores[0], curve.Impostor.Scores[0]);
        var high = Math.Max(curve.Mated.Scores[^1], curve.Impostor.Scores[^1]);
        var width = (high - low) / HistogramBins;
        var made = new JsonArray();
        if (width == 0)
            return made;
        for (var b = 0; b < HistogramBins; b++)
        {
            var (from, to) = (low + b * width, b + 1 == HistogramBins ? double.PositiveInfinity : low + (b + 1) * width);
            made.Add(new JsonObject
            {
                ["from"] = JsonParts.Number(from),
                ["to"] = JsonParts.Number(low + (b + 1) * width),
                ["mated"] = curve.Mated.CountAtOrAbove(from) - curve.Mated.CountAtOrAbove(to),
                ["impostors"] = curve.Impostor.CountAtOrAbove(from) - curve.Impostor.CountAtOrAbove(to),
            });
        }
        return made;
    }
}
