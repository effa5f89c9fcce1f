using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Acquisition;

public class RefusalCountsTests
{
    private static readonly Protocol Plan = new()
    {
        Name = "p",
        Slices = [["sex"]],
        Reference = new Dictionary<string, string> { ["sex"] = "M" },
        FalseMatchRates = [0.1],
        GlobalFmr = 0.1,
        Bootstrap = new BootstrapPlan { Replicates = 400 },
        Identification = new IdentificationPlan { FalsePositiveRates = [0.1] },
    };

    // 300 people with four photos; every eighth photo of a woman is refused, every fortieth of a man.
    private static (EmbeddingSet Embeddings, DataSet Images) People()
    {
        var (made, images) = SyntheticFaces.Make(300, _ => 4, 16, 77, new Dictionary<string, Func<int, int, string>>
        {
            ["sex"] = (s, _) => s % 2 == 0 ? "F" : "M",
        });
        var embeddings = new EmbeddingSet(16);
        for (var i = 0; i < made.Count; i++)
        {
            var (s, p) = (i / 4, i % 4);
            if ((s * 4 + p) % 40 == 6 || (s % 2 == 0 && (s / 2 * 4 + p) % 8 == 3))
                embeddings.AddFailure(made.Images[i], (s + p) % 3 == 0 ? "no_face" : "multiple_faces");
            else
                embeddings.Add(made.Images[i], made.Values(i));
        }
        return (embeddings, images);
    }

    [Fact]
    public void Refused_photos_are_counted_by_slice_and_reason_with_the_ratio_between_groups()
    {
        var (embeddings, images) = People();
        var result = VerificationEvaluation.Run(embeddings, images, Plan, null, new InputFaults(strict: true));
        long Refused(string by, string value, string reason) => result.Refusals.Single(r => r.By == by).Rows
            .Single(r => r.Value == value && r.Reason == reason).Rate.Errors;
        var expected = embeddings.Failures.Select(f => (f.Reason, Sex: images.Column("sex")[images.IndexOf(f.Image)])).ToArray();
        Assert.Equal(expected.Length, Refused("all", "all", "any"));
        foreach (var sex in new[] { "F", "M" })
        {
            Assert.Equal(expected.Count(e => e.Sex == sex), Refused("sex", sex, "any"));
            foreach (var reason in new[] { "no_face", "multiple_faces" })
                Assert.Equal(expected.Count(e => e.Sex == sex && e.Reason == reason), Refused("sex", sex, reason));
        }
        var women = result.Refusals.Single(r => r.By == "sex").Rows.Single(r => r is { Value: "F", Reason: "any" });
        Assert.Equal(600, women.Rate.Trials);
        Assert.True(women.Ratio is { DiffersAfterHolm: true, Range.Low: > 1 });
        Assert.All(result.Refusals.SelectMany(r => r.Rows).Where(r => r.Reason != "any"), r => Assert.Null(r.Ratio?.PValue));
    }

    [Fact]
    public void A_comparison_with_a_refused_photo_is_a_miss_of_its_slice_in_FNMR_with_failures()
    {
        var (embeddings, images) = People();
        var result = VerificationEvaluation.Run(embeddings, images, Plan, null, new InputFaults(strict: true));
        foreach (var slice in result.Slicings[0].Slices)
        {
            // By brute force: every pair of a subject's four photos of which one was refused.
            var failed = embeddings.Failures.Select(f => images.IndexOf(f.Image)).ToHashSet();
            var missing = 0;
            for (var a = 0; a < images.Images.Count; a++)
            {
                for (var b = a + 1; b < images.Images.Count; b++)
                {
                    if (images.SubjectOf[a] == images.SubjectOf[b] && images.Column("sex")[a] == slice.Value
                        && (failed.Contains(a) || failed.Contains(b)))
                        missing++;
                }
            }
            Assert.Equal(slice.Fnmr.Errors + missing, slice.FnmrWithFailures.Errors);
            Assert.Equal(slice.Fnmr.Trials + missing, slice.FnmrWithFailures.Trials);
            Assert.Equal(150 * 6, slice.FnmrWithFailures.Trials);
            Assert.Equal(IntervalMethod.SubjectBootstrap, slice.FnmrWithFailures.Method);
        }
    }

    [Fact]
    public void In_searches_refused_probes_and_gallery_photos_are_counted_by_slice_too()
    {
        var (embeddings, images) = People();
        var result = Evaluation.Identification.IdentificationEvaluation.Run(
            embeddings, images, Plan with { Identification = Plan.Identification with { EnrolledPerSubject = 1 } },
                new InputFaults(strict: true));
        var sexes = result.Refusals.Single(r => r.By == "sex");
        Assert.Equal(embeddings.Failures.Count, sexes.Rows.Where(r => r.Reason == "any").Sum(r => r.Rate.Errors));
        Assert.Equal(images.Images.Count, sexes.Rows.Where(r => r.Reason == "any").Sum(r => r.Rate.Trials));
        // A probe without template is missed within its slice.
        var women = result.Slices.Single(s => s.Value == "F");
        Assert.True(women.Fnir.Errors >= result.Searches.Mated.Count(s => s.HasFailed && images.Column("sex")[s.Photo] == "F"));
    }

    [Fact]
    public void Where_nothing_is_refused_there_is_no_table()
    {
        var (embeddings, images) = SyntheticFaces.Make(20, _ => 2, 16, 3);
        Assert.Empty(VerificationEvaluation.Run(embeddings, images, Plan with { Slices = [] }, null,
            new InputFaults(strict: true)).Refusals);
    }
}
