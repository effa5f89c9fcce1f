using MatchEngine.Evaluation.Calibrations;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Evaluation.Tests.Inputs;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Evaluation.Tests.Calibrations;

public class CalibrationCountTests
{
    private static readonly Protocol Plan = new()
    {
        Name = "p",
        Bands = new Dictionary<string, IReadOnlyList<double>> { ["age"] = [0, 18, 40] },
    };

    private static readonly CalibrationWords Words = new(["profile views"], "made up");

    /// <summary>Women of race b share a direction, so they are more alike; some labels are missing.</summary>
    private static (EmbeddingSet Embeddings, DataSet Images) Make() => SyntheticFaces.Make(
        260, s => 1 + s % 2, 32, 5,
        new()
        {
            ["sex"] = (s, _) => s < 10 ? "" : Sex(s),
            ["race"] = (s, _) => Race(s),
            ["age"] = (s, p) => $"{20 + s % 40 + p}",
        },
        common: s => Sex(s) == "F" && Race(s) == "b" ? 0.4 : 0.02);

    private static string Sex(int s) => s % 2 == 0 ? "F" : "M";

    private static string Race(int s) => s % 4 < 2 ? "a" : "b";

    [Fact]
    public void Each_population_counts_the_pairs_of_its_own_people()
    {
        var (embeddings, images) = Make();
        var set = CalibrationCount.Of(embeddings, images, Plan, null, new InputFaults(strict: true), Words);
        var (sexes, races, ages) = (images.Column("sex"), images.Column("race"), images.Column("age"));
        int Band(int photo) => int.Parse(ages[photo]) >= 40 ? 1 : 0;
        foreach (var calibration in set.All)
        {
            var (kind, group) = (calibration.Population.Restriction, calibration.Population.Group);
            bool IsIn(int i, int j) => kind switch
            {
                Restriction.RandomPairs => true,
                Restriction.SameSex => sexes[i] == sexes[j] && sexes[i].Length > 0,
                Restriction.SameSexAndRace => sexes[i] == sexes[j] && sexes[i].Length > 0 && races[i] == races[j],
                _ when group!.StartsWith("age", StringComparison.Ordinal) =>
                    Band(i) == Band(j) && group == (Band(i) == 1 ? "age, 40+" : "age, 18–39"),
                _ => $"{sexes[i]}, {races[i]}" == group && $"{sexes[j]}, {races[j]}" == group,
            };
            var scores = new List<float>();
            var people = new HashSet<int>();
            for (var i = 0; i < embeddings.Count; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    if (images.SubjectOf[i] == images.SubjectOf[j] || !IsIn(i, j))
                        continue;
                    scores.Add(ScoreKernel.Dot(embeddings.Values(i), embeddings.Values(j)));
                    people.UnionWith([images.SubjectOf[i], images.SubjectOf[j]]);
                }
            }
            Assert.Equal((scores.Count, people.Count), ((int)calibration.Population.Comparisons, calibration.Population.People));
            Assert.All(calibration.Points, point => Assert.Equal(scores.Count(score => score >= (float)point.Score), point.FalseMatches));
        }
        Assert.Equal("F, b", set.WorstGroup!.Population.Group);
        Assert.Equal(Enum.GetValues<Restriction>(), set.All.Select(calibration => calibration.Population.Restriction).Distinct());
    }

    [Fact]
    public void Labels_come_with_their_source_and_what_the_data_cannot_tell_is_said()
    {
        var (embeddings, images) = Make();
        var set = CalibrationCount.Of(embeddings, images, Plan, null, new InputFaults(strict: true), Words);
        Assert.Equal("synthetic", set.RandomPairs.Population.DataSet);
        Assert.Null(set.RandomPairs.Population.Labels);
        Assert.Equal("sex recorded, race recorded, age recorded", set.WorstGroup!.Population.Labels);
        Assert.All(set.All, calibration => Assert.Equal(["children", "profile views"], calibration.Population.NotSupported));
        Assert.Equal("made up", set.RandomPairs.Note);
    }

    [Fact]
    public void Without_labels_people_at_random_are_all_there_is()
    {
        var (embeddings, images) = SyntheticFaces.Make(40, _ => 2, 32, 6);
        var set = CalibrationCount.Of(embeddings, images, Plan, null, new InputFaults(strict: true), new CalibrationWords([]));
        Assert.Equal(Restriction.RandomPairs, Assert.Single(set.All).Population.Restriction);
        Assert.Equal(["ages (it has no labels of them)"], set.RandomPairs.Population.NotSupported);
    }

    [Fact]
    public void A_score_file_gives_what_the_photos_give()
    {
        var (embeddings, images) = Make();
        using var folder = new TemporaryFolder();
        var lines = new List<string> { "probe,reference,score" };
        for (var i = 0; i < embeddings.Count; i++)
        {
            for (var j = 0; j < i; j++)
                lines.Add(FormattableString.Invariant(
                    $"{embeddings.Images[i]},{embeddings.Images[j]},{ScoreKernel.Dot(embeddings.Values(i), embeddings.Values(j)):R}"));
        }
        var file = folder.Write("scores.csv", string.Join('\n', lines));
        var faults = new InputFaults(strict: true);
        var read = CalibrationCount.Of(ScoreReader.Read(file, ScoreFormat.Csv, images, faults), Plan, Words);
        var counted = CalibrationCount.Of(embeddings, images, Plan, null, faults, Words);
        Assert.Equal(counted.All.Select(calibration => calibration.Population), read.All.Select(calibration => calibration.Population));
        foreach (var (a, b) in counted.All.Zip(read.All))
            Assert.Equal(a.Points.Select(Count), b.Points.Select(Count));
    }

    // Limits are sums over people, whose order is that of the file.
    private static (double, long) Count(CalibrationPoint point) => (point.Score, point.FalseMatches);

    [Fact]
    public void Scores_without_people_or_that_are_no_cosines_are_refused()
    {
        var (mated, impostors) = (new PairList(), new PairList());
        impostors.Add(-1, -1, 0.5);
        var error = Assert.Throws<EvaluationException>(() => CalibrationCount.Of(new Comparisons(null, mated, impostors), Plan, Words));
        Assert.Contains("without subjects", error.Message, StringComparison.Ordinal);
        var images = new DataSet("d", ["a", "b"], ["x", "y"]);
        var far = new PairList();
        far.Add(0, 1, 87.5);
        error = Assert.Throws<EvaluationException>(() => CalibrationCount.Of(new Comparisons(images, mated, far), Plan, Words));
        Assert.Contains("87.5 of 'a' and 'b' is no cosine", error.Message, StringComparison.Ordinal);
        Assert.Throws<EvaluationException>(() => CalibrationCount.Of(new Comparisons(images, mated, mated), Plan, Words));
    }
}
