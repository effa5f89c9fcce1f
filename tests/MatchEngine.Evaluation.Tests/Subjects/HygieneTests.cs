using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Subjects;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Subjects;

public class HygieneTests
{
    [Fact]
    public void Planted_label_mistakes_are_found_and_correcting_them_takes_them_away()
    {
        var (embeddings, truth) = SyntheticFaces.Make(80, s => 3 + s % 2, 128, 9);
        // Photo 0 of subject 1 is given to subject 2; subject 10 appears under a second name in its last photo and one of
        // subject 11's … is its own.
        string Wrong(int photo, string subject) => (truth.Images[photo], subject) switch
        {
            ("s000001/p000.jpg", _) => "s000002",
            ("s000010/p001.jpg" or "s000010/p002.jpg", _) => "another name",
            _ => subject,
        };
        var images = truth.WithSubjects(Wrong);
        var plan =
            new Protocol { Name = "h", GlobalFmr = 0.001, FalseMatchRates = [0.001], Bootstrap = new BootstrapPlan { Replicates = 100 } };
        var result = VerificationEvaluation.Run(embeddings, images, plan, null, new InputFaults(strict: true));
        var hygiene = result.Hygiene!;
        Assert.Equal("s000001/p000.jpg", hygiene.Photos[0].Image);
        Assert.Equal("s000002", hygiene.Photos[0].Subject);
        Assert.Equal("s000001", hygiene.Photos[0].NearestSubject);
        Assert.Contains(hygiene.Subjects, s => s is { First: "another name", Second: "s000010" });
        Assert.Contains(hygiene.Subjects, s => s is { First: "s000001", Second: "s000002" });
        Assert.Equal(hygiene.TopImpostors.Select(p => p.Score).OrderDescending(), hygiene.TopImpostors.Select(p => p.Score));
        Assert.Equal(hygiene.LowestMated.Select(p => p.Score).Order(), hygiene.LowestMated.Select(p => p.Score));

        var corrections = new Corrections
        {
            DataSet = "synthetic",
            Source = "the test",
            Photos = new Dictionary<string, string?> { ["s000001/p000.jpg"] = "s000001" },
            SameSubject = new Dictionary<string, string> { ["another name"] = "s000010" },
        };
        var corrected = VerificationEvaluation.Run(
            embeddings, corrections.Apply(images, new InputFaults(strict: true)), plan, null, new InputFaults(strict: true));
        Assert.Equal(truth.Subjects.Count, corrected.Comparisons.Images!.Subjects.Count);
        Assert.DoesNotContain(corrected.Hygiene!.Subjects, s => s.First == "another name" || s.Second == "s000002");
        Assert.True(corrected.OperatingPoints[0].Fnmr!.Rate < result.OperatingPoints[0].Fnmr!.Rate);
    }

    [Fact]
    public void The_lists_of_extreme_comparisons_agree_with_sorting_all_of_them()
    {
        var (embeddings, images) = SyntheticFaces.Make(60, _ => 3, 32, 10);
        var comparisons = AllPairs.Compare(embeddings, images, new InputFaults(strict: true));
        var hygiene = Hygiene.Of(comparisons, 0.5, listed: 17);
        Assert.Equal(comparisons.Impostors.Scores.ToArray().OrderDescending().Take(17), hygiene.TopImpostors.Select(p => p.Score));
        Assert.Equal(comparisons.Mated.Scores.ToArray().Order().Take(17), hygiene.LowestMated.Select(p => p.Score));
    }
}
