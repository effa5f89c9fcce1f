using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MatchEngine.Rates.Cohorts;
using MatchEngine.Rates.Summaries;
using MatchEngine.Rates.Tails;
using MatchEngine.Tests;

namespace MatchEngine.Faces.Tests.Accuracy;

/// <summary>
/// Whether the strangers that a search foretells come, for each group, by the plainest code there is (<c>eval cohort</c> is another). How
/// a tail is fitted was chosen on the first half of lfw-a's people; here the second is judged, and people of another set.
/// eval/results/cohort.md has the tables.
/// </summary>
[Collection(LfwCollection.Name)]
public sealed class StrangersTests(AccuracyTests.Lfw lfw, ITestOutputHelper output)
{
    private static readonly double[] Floors = [0.3, 0.32, 0.34, 0.36, 0.38, 0.4, 0.45, 0.5];

    private static readonly int[] AgeEdges = [0, 13, 18, 30, 45, 60];

    [Fact]
    public void Strangers_come_as_foretold_for_the_second_half_of_lfw_but_for_women_at_one_floor()
    {
        var people = People.Read("lfw-a", lfw.Set, Corrected());
        var half = people.Where(photo => SHA256.HashData(Encoding.UTF8.GetBytes(photo.Subject))[0] % 2 == 1).ToArray();
        var (notEnrolled, enrolled) = Search(half, half);
        Assert.Empty(Missed(enrolled));
        // Of 141 and 112 strangers 0.64 and 0.65 were foretold, and the goal is 0.67. Nothing was changed to reach it once that was seen.
        Assert.Equal(["sex F at 0.4", "sex × race F × white at 0.4"], Missed(notEnrolled));
        Assert.True(notEnrolled.Concat(enrolled).Count(IsJudgedByCount) >= 140);
    }

    [Fact]
    public void Strangers_of_London_come_as_foretold_in_lfw_wherever_a_hundred_were_counted()
    {
        TestData.Require("london-faces/metadata.csv");
        var gallery = People.Read("lfw-a", lfw.Set, Corrected());
        var london = People.Read("london-faces", LabelledEmbeddings.Extract("london-faces", Samples.Pipeline), subject => subject);
        var (rows, _) = Search(gallery, london);
        Assert.Empty(Missed(rows.Where(IsJudgedByCount)));
        Assert.True(rows.Count(IsJudgedByCount) >= 20);
        // Four and seven strangers, of five men.
        Assert.Equal(["sex × race M × east_asian at 0.38", "sex × race M × east_asian at 0.4"], Missed(rows));
    }

    private List<string> Missed(IEnumerable<CohortRow> rows)
    {
        var missed = rows.Where(row => !Holds(row)).ToList();
        foreach (var row in missed)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row}"));
        return [.. missed.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Slice} at {row.Floor}"))
            .Order(StringComparer.Ordinal)];
    }

    private static bool IsJudgedByCount(CohortRow row) => row.Counted >= 100;

    // The rule of the goal, from the row's own numbers.
    private static bool Holds(CohortRow row)
    {
        var most = row.Counted >= 0.1 * row.Searches ? 1.5 : 3;
        return IsJudgedByCount(row)
            ? row.Predicted <= most * row.Counted && row.Counted <= most * row.Predicted
            : row.Low <= most && row.High >= 1 / most;
    }

    /// <summary>The first photo of each subject by name is enrolled; every photo is searched with, without and with its person.</summary>
    private static (IReadOnlyList<CohortRow> NotEnrolled, IReadOnlyList<CohortRow> Enrolled) Search(
        People.Photo[] people, People.Photo[] probes)
    {
        var gallery = people.GroupBy(photo => photo.Subject)
            .Select(own => own.MinBy(photo => photo.Image, StringComparer.Ordinal)!)
            .Select((photo, number) => (Photo: photo, Number: number)).ToArray();
        var numbers = gallery.ToDictionary(enrolled => enrolled.Photo.Subject, enrolled => enrolled.Number);
        var (without, with) = (new CohortTally(Floors), new CohortTally(Floors));
        foreach (var probe in probes)
        {
            // People of another set have numbers of their own.
            if (!numbers.TryGetValue(probe.Subject, out var own))
                numbers[probe.Subject] = own = numbers.Count;
            var others = new List<(int Person, float Score)>();
            float? mate = null;
            foreach (var (photo, number) in gallery)
            {
                if (number != own)
                    others.Add((number, photo.Score(probe)));
                else if (photo.Image != probe.Image)
                    mate = photo.Score(probe);
            }
            var strangers = others.Where(other => other.Score >= (float)Floors[0]).ToArray();
            without.Add(probe.Slices, own, Fit(others.Select(other => other.Score)), strangers);
            if (mate is { } score)
                with.Add(probe.Slices, own, Fit(others.Select(other => other.Score).Append(score)), strangers);
        }
        return (without.ToRows(), with.ToRows());
    }

    private static TailFit Fit(IEnumerable<float> scores)
    {
        var summary = new SubjectScores();
        var subjects = 0;
        foreach (var score in scores)
        {
            summary.AddOnly(score);
            subjects++;
        }
        return TailFit.Of(summary.ToSummary(subjects), "the gallery");
    }

    /// <summary>Known mistakes of who is who put right: photos by their own name, subjects by another one.</summary>
    private static Func<string, string?> Corrected()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestData.Repository, "eval", "corrections", "lfw-a.json")));
        var names = json.RootElement.GetProperty("sameSubject").EnumerateObject()
            .Concat(json.RootElement.GetProperty("photos").EnumerateObject())
            .ToDictionary(one => one.Name, one => one.Value.GetString());
        return name => names.GetValueOrDefault(name, name);
    }

    /// <summary>The photos of a data set, with embeddings and labels.</summary>
    private static class People
    {
        public static Photo[] Read(string dataSet, LabelledEmbeddings set, Func<string, string?> corrected)
        {
            var lines = File.ReadAllLines(TestData.Require(dataSet + "/metadata.csv")).Select(line => line.Split(',')).ToArray();
            var (sex, race, age) = (Array.IndexOf(lines[0], "sex"), Array.IndexOf(lines[0], "race"), Array.IndexOf(lines[0], "age"));
            return [.. lines.Skip(1).Select((row, place) => new Photo(
                row[0], corrected(row[0]) is { } own && own != row[0] ? own : corrected(row[1])!, set.Vectors[place]!,
                [.. Slices(row[sex] == "U" ? "" : row[sex], row[race], row[age])]))];
        }

        private static IEnumerable<string> Slices(string sex, string race, string age)
        {
            yield return "all";
            if (sex.Length > 0)
                yield return $"sex {sex}";
            if (race.Length > 0)
                yield return $"race {race}";
            if (sex.Length > 0 && race.Length > 0)
                yield return $"sex × race {sex} × {race}";
            if (double.TryParse(age, CultureInfo.InvariantCulture, out var years))
                yield return $"age from {AgeEdges.Last(edge => years >= edge)}";
        }

        internal sealed record Photo(string Image, string Subject, float[] Embedding, IReadOnlyList<string> Slices)
        {
            public float Score(Photo other) => System.Numerics.Tensors.TensorPrimitives.Dot(Embedding, other.Embedding);
        }
    }
}
