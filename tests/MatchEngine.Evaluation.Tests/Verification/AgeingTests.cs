using System.Globalization;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Verification;

public class AgeingTests
{
    [Fact]
    public void Simulated_ageing_is_found_by_years_between_captures_and_children_stand_in_bands_of_their_own()
    {
        // The photo p of a subject is taken 3p years after the first; its noise grows with that time, and for children faster.
        static bool IsChild(int s) => s % 4 == 0;
        var (embeddings, images) = SyntheticFaces.Make(
            400,
            _ => 4,
            64,
            5,
            new Dictionary<string, Func<int, int, string>>
            {
                ["captured_on"] = (s, p) => (2000 + s % 5 + 3 * p).ToString(CultureInfo.InvariantCulture) + "-06-01",
                ["age"] = (s, p) => ((IsChild(s) ? 5 : 40) + 3 * p).ToString(CultureInfo.InvariantCulture),
            },
            noise: (s, p) => 0.5 + p * (IsChild(s) ? 0.5 : 0.2));
        var plan = new Protocol
        {
            Name = "ageing",
            GlobalFmr = 0.001,
            FalseMatchRates = [0.001],
            Bootstrap = new BootstrapPlan { Replicates = 200 },
            Ageing = new AgeingPlan { YearBands = [0, 4, 7], AgeBands = [0, 4, 8, 12, 18, 45] },
        };
        var result = VerificationEvaluation.Run(embeddings, images, plan, null, new InputFaults(strict: true));
        var years = result.Ageing.Where(b => b.By == "years between captures").ToArray();
        Assert.Equal(["0–3", "4–6", "7+"], years.Select(b => b.Band));
        Assert.True(years[0].Fnmr.Range.High < years[2].Fnmr.Range.Low, $"{years[0].Fnmr} then {years[2].Fnmr}");
        // Three steps of 3 years, two of 6, one of 9 for each of 400 subjects.
        Assert.Equal([1200L, 800, 400], years.Select(b => b.Fnmr.Trials));
        var ages = result.Ageing.Where(b => b.By == "age at the earlier capture").ToArray();
        Assert.Equal(["4–7", "8–11", "18–44", "45+"], ages.Select(b => b.Band));
        Assert.True(ages[0].Fnmr.Range.Low > ages[2].Fnmr.Range.High, $"{ages[0].Fnmr} against {ages[2].Fnmr}");
        Assert.Equal(100, ages[0].Subjects);
    }

    [Theory]
    [InlineData("2005", 2005.0)]
    [InlineData("2005-07", 2005.4959)]
    [InlineData("2004-12-31", 2004.9973)]
    public void Dates_are_years_with_their_part_of_the_year(string text, double year) => Assert.Equal(year, Ageing.YearOf(text), 1e-4);

    [Fact]
    public void What_is_not_a_date_is_not_known() => Assert.True(double.IsNaN(Ageing.YearOf("June")));

    [Fact]
    public void Without_dates_the_notes_say_that_the_time_is_not_known()
    {
        var (embeddings, images) = SyntheticFaces.Make(
            60, _ => 3, 32, 6, new Dictionary<string, Func<int, int, string>> { ["age"] = (_, _) => "30" });
        var plan = new Protocol
        {
            Name = "a",
            GlobalFmr = 0.01,
            FalseMatchRates = [0.01],
            Ageing = new AgeingPlan(),
            Bootstrap = new BootstrapPlan { Replicates = 100 },
        };
        var result = VerificationEvaluation.Run(embeddings, images, plan, null, new InputFaults(strict: true));
        Assert.Contains(result.Notes, n => n.StartsWith("Time between captures is not known", StringComparison.Ordinal));
        Assert.Equal("25–34", Assert.Single(result.Ageing).Band);
    }
}
