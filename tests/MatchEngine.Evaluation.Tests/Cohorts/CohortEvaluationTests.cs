using MatchEngine.Evaluation.Cohorts;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Rates.Summaries;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Evaluation.Tests.Cohorts;

public class CohortEvaluationTests
{
    private static readonly Protocol Plan = new() { Name = "p", Slices = [["sex"]] };

    private static readonly InputFaults Strict = new(strict: true);

    private static (EmbeddingSet Embeddings, DataSet Images) Make(int subjects, ulong seed) => SyntheticFaces.Make(
        subjects, s => 1 + s % 3, 32, seed, new() { ["sex"] = (s, _) => s % 7 == 0 ? "" : s % 2 == 0 ? "F" : "M" });

    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public void Strangers_are_those_of_a_plain_search_with_and_without_the_person_enrolled(int? enrolled)
    {
        var (embeddings, images) = Make(330, 31);
        var result = CohortEvaluation.Run(
            embeddings, images, Plan, new CohortPlan { Floors = [0.1, 0.3], EnrolledPerSubject = enrolled }, Strict);
        Assert.Equal((330, enrolled is null ? embeddings.Count : 330), (result.GallerySubjects, result.GalleryPhotos));
        var gallery = Enumerable.Range(0, embeddings.Count)
            .Where(i => enrolled is null || images.Images[i].EndsWith("p000.jpg", StringComparison.Ordinal))
            .ToLookup(i => images.SubjectOf[i]);
        foreach (var (mate, sex) in from mate in Enum.GetValues<MateEnrolment>() from sex in (string?[])[null, "F", "M"] select (mate, sex))
        {
            var (searches, counted, predicted) = (0, new long[2], new double[2]);
            for (var probe = 0; probe < embeddings.Count; probe++)
            {
                if (sex is not null && images.Column("sex")[probe] != sex)
                    continue;
                var scores = new SubjectScores();
                var (people, best) = (0, new List<float>());
                foreach (var subject in gallery)
                {
                    var own = subject.Key == images.SubjectOf[probe];
                    var photos = subject.Where(photo => photo != probe).ToArray();
                    if (photos.Length == 0 || (own && mate == MateEnrolment.NotEnrolled))
                        continue;
                    var score = photos.Max(photo => ScoreKernel.Dot(embeddings.Values(probe), embeddings.Values(photo)));
                    scores.Add(subject.Key, score);
                    people++;
                    if (!own)
                        best.Add(score);
                }
                var isEnrolled = gallery[images.SubjectOf[probe]].Any(photo => photo != probe);
                if (mate == MateEnrolment.Enrolled && !isEnrolled)
                    continue;
                searches++;
                var fit = TailFit.Of(scores.ToSummary(people), "x");
                foreach (var (floor, i) in ((double[])[0.1, 0.3]).Select((floor, i) => (floor, i)))
                {
                    counted[i] += best.Count(score => score >= (float)floor);
                    predicted[i] += fit.Above(floor).Value ?? 0;
                }
            }
            var rows = result.Rows.Where(row => row.Mate == mate && row.Value == sex).Select(row => row.Row).ToArray();
            Assert.Equal([0.1, 0.3], rows.Select(row => row.Floor));
            Assert.All(rows, row => Assert.Equal((searches, 0), (row.Searches, row.Unsaid)));
            Assert.Equal(counted, rows.Select(row => row.Counted));
            // Far out a search prints a bound, and the sum has the number behind it.
            Assert.Equal(predicted[0], rows[0].Predicted, 1e-6 * predicted[0]);
            Assert.InRange(rows[1].Predicted, predicted[1], predicted[1] + 0.001 * searches);
        }
        Assert.Equal(["all", "sex: F", "sex: M"], result.Rows.Select(row => row.Name).Distinct());
    }

    [Fact]
    public void People_of_another_set_are_all_strangers()
    {
        var (embeddings, images) = Make(320, 32);
        var (others, theirs) = Make(20, 33);
        var result = CohortEvaluation.Run(
            embeddings, images, others, theirs, Plan with { Half = SubjectHalf.First }, new CohortPlan { Floors = [0.15] }, Strict);
        Assert.All(result.Rows, row => Assert.Equal(MateEnrolment.NotEnrolled, row.Mate));
        var half = PhotoFilter.Apply(images, new Dictionary<string, IReadOnlyList<string>>(), null, SubjectHalf.First);
        Assert.Equal(half.Subjects.Count, result.GallerySubjects);
        var firsts = half.Subjects.Select(subject => embeddings.Images.ToList().IndexOf($"{subject}/p000.jpg")).ToArray();
        var all = result.Rows[0].Row;
        // All 20 are searched with, whichever half they would be in. Below 300 subjects nothing can be said.
        Assert.Equal((0, others.Count), (all.Searches, all.Unsaid));
        Assert.True(result.GallerySubjects < TailFit.LeastSubjects);
        var whole = CohortEvaluation.Run(embeddings, images, others, theirs, Plan, new CohortPlan { Floors = [0.15] }, Strict);
        Assert.Equal(20, whole.Rows[0].Row.People);
        Assert.Equal(
            Enumerable.Range(0, others.Count).Sum(probe => Enumerable.Range(0, embeddings.Count)
                .Count(i => embeddings.Images[i].EndsWith("p000.jpg", StringComparison.Ordinal)
                    && ScoreKernel.Dot(others.Values(probe), embeddings.Values(i)) >= 0.15f)),
            whole.Rows[0].Row.Counted);
        Assert.NotEmpty(firsts);
    }

    [Fact]
    public void People_of_another_set_are_nobody_of_the_gallery_whatever_their_numbers()
    {
        var (embeddings, images) = Make(400, 32);
        var (others, theirs) = Make(60, 33);
        DataSet Named(Func<int, string> name) => new(
            "others", theirs.Images,
                [.. theirs.SubjectOf.Select(name)], new Dictionary<string, string[]> { ["sex"] = [.. theirs.Column("sex")] },
            theirs.LabelSources);
        (double?, double?, double?) Interval(DataSet set)
        {
            var row = CohortEvaluation.Run(embeddings, images, others, set, Plan, new CohortPlan { Floors = [0.2] }, Strict).Rows[0].Row;
            return (row.Ratio, row.Low, row.High);
        }
        // Numbered the other way round, other people of the gallery would be taken for them.
        var (one, other) = (Interval(Named(s => $"a{s:D3}")), Interval(Named(s => $"z{999 - s:D3}")));
        Assert.Equal(one.Item1!.Value, other.Item1!.Value, 1e-9);
        Assert.Equal(one.Item2!.Value, other.Item2!.Value, 1e-9);
        Assert.Equal(one.Item3!.Value, other.Item3!.Value, 1e-9);
    }

    [Fact]
    public void A_plan_or_set_that_makes_no_sense_is_refused()
    {
        var (embeddings, images) = Make(1, 34);
        Assert.Throws<EvaluationException>(
            () => CohortEvaluation.Run(embeddings, images, Plan, new CohortPlan { Floors = [0.3] }, Strict));
        Assert.Throws<EvaluationException>(() => new CohortPlan { Floors = [] }.Validate());
        Assert.Throws<EvaluationException>(() => new CohortPlan { Floors = [0.3, double.NaN] }.Validate());
        Assert.Throws<EvaluationException>(() => new CohortPlan { Floors = [0.3, 0.3] }.Validate());
        Assert.Throws<EvaluationException>(() => new CohortPlan { Floors = [0.3], EnrolledPerSubject = 0 }.Validate());
        var (other, theirs) = SyntheticFaces.Make(3, _ => 1, 16, 35);
        Assert.Throws<EvaluationException>(
            () => CohortEvaluation.Run(embeddings, images, other, theirs, Plan, new CohortPlan { Floors = [0.3] }, Strict));
    }

    [Fact]
    public void A_slice_without_its_column_is_said_to_be_missing()
    {
        var (embeddings, images) = Make(310, 36);
        var result = CohortEvaluation.Run(
            embeddings, images, Plan with { Slices = [["sex"], ["race"]] }, new CohortPlan { Floors = [0.2] }, Strict);
        Assert.Contains("race", Assert.Single(result.Notes), StringComparison.Ordinal);
    }
}
