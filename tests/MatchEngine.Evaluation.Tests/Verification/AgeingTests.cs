using System.Globalization;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
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
    public void Dates_are_years_with_their_part_of_the_year(string text, double year) => Assert.Equal(year, CaptureTimes.YearOf(text),
        1e-4);

    [Fact]
    public void What_is_not_a_date_is_not_known() => Assert.True(double.IsNaN(CaptureTimes.YearOf("June")));

    [Fact]
    public void Without_dates_time_between_captures_comes_from_ages_and_without_both_the_notes_say_that_it_is_not_known()
    {
        var (embeddings, images) = SyntheticFaces.Make(
            60, _ => 3, 32, 6, new Dictionary<string, Func<int, int, string>> { ["age"] = (_, p) => $"{30 + 2 * p}", ["note"] = (_, _) =>
                "" });
        var plan = new Protocol
        {
            Name = "a",
            GlobalFmr = 0.01,
            FalseMatchRates = [0.01],
            Ageing = new AgeingPlan(),
            Bootstrap = new BootstrapPlan { Replicates = 100 },
        };
        var result = VerificationEvaluation.Run(embeddings, images, plan, null, new InputFaults(strict: true));
        Assert.Contains(result.Notes, n => n.EndsWith("the difference of ages, in whole years.", StringComparison.Ordinal));
        Assert.Equal(
            [("2–3", 120L), ("4–5", 60L)],
            result.Ageing.Where(b => b.By == AgeingNames.Years).Select(b => (b.Band, b.Fnmr.Trials)));
        Assert.Equal("25–34", Assert.Single(result.Ageing, b => b.By == AgeingNames.Age).Band);
        var neither = VerificationEvaluation.Run(
            embeddings, images, plan with { Ageing = new AgeingPlan { AgeColumn = "note" } }, null, new InputFaults(strict: true));
        Assert.Contains(neither.Notes, n => n.StartsWith("Time between captures is not known", StringComparison.Ordinal));
        Assert.Empty(neither.Ageing);
    }

    // Simulated families: a child's photos at 4, 6 and 16, an adult's at 20, 22 and 32; children look alike, and change with the years.
    private static (EmbeddingSet Embeddings, DataSet Images) Families()
    {
        static bool IsChild(int s) => s % 2 == 0;
        int[] years = [0, 2, 12];
        return SyntheticFaces.Make(
            300, _ => 3, 64, 15,
            new Dictionary<string, Func<int, int, string>>
            {
                ["age"] = (s, p) => ((IsChild(s) ? 4 : 20) + years[p]).ToString(CultureInfo.InvariantCulture),
            },
            noise: (s, p) => 0.5 + years[p] * (IsChild(s) ? 0.12 : 0.02),
            common: s => IsChild(s) ? 0.25 : 0);
    }

    private static readonly Protocol Children = new()
    {
        Name = "children",
        GlobalFmr = 0.001,
        FalseMatchRates = [0.001],
        Bootstrap = new BootstrapPlan { Replicates = 200 },
        Ageing = new AgeingPlan { YearBands = [0, 1, 5, 10], AgeBands = [0, 6, 12, 18, 30] },
        Identification = new IdentificationPlan { FalsePositiveRates = [0.1], GallerySizes = [], NonMatedShare = 0.3 },
    };

    [Fact]
    public void Elapsed_time_is_crossed_with_age_and_with_the_age_at_the_later_capture()
    {
        var (embeddings, images) = Families();
        var result = VerificationEvaluation.Run(embeddings, images, Children, null, new InputFaults(strict: true));
        RateEstimate Rate(string by, string band) => result.Ageing.Single(b => b.By == by && b.Band == band).Fnmr;
        // At 4, then at 6; at 4, then at 16: 150 children each.
        Assert.Equal(150, Rate(AgeingNames.AgeThenAge, "0–5, then 6–11").Trials);
        Assert.Equal(150, Rate(AgeingNames.AgeAndYears, "0–5 × 10+").Trials);
        Assert.True(Rate(AgeingNames.AgeThenAge, "0–5, then 12–17").Range.Low > Rate(AgeingNames.AgeThenAge, "0–5, then 6–11").Range.High);
        Assert.True(Rate(AgeingNames.AgeAndYears, "0–5 × 10+").Range.Low > Rate(AgeingNames.AgeAndYears, "18–29 × 10+").Range.High);
        Assert.Equal(
            [450L, 450], new[] { "child, then child", "adult, then adult" }.Select(band => Rate(AgeingNames.ChildAdult, band).Trials));
    }

    [Fact]
    public void False_matches_are_counted_by_age_and_age_and_children_against_adults_have_a_rate_of_their_own()
    {
        var (embeddings, images) = Families();
        var result = VerificationEvaluation.Run(embeddings, images, Children, null, new InputFaults(strict: true));
        AgeCell Cell(string by, string first, string second) =>
            result.AgeMatrix.Single(c => c.By == by && (c.First, c.Second) == (first, second));
        var (children, mixed, adults) = (
            Cell("child or adult", "child", "child"), Cell("child or adult", "child", "adult"), Cell("child or adult", "adult", "adult"));
        // 450 photos of 150 children and 450 of 150 adults.
        Assert.Equal((450L * 447 / 2, 450L * 450, 450L * 447 / 2), (children.Fmr.Trials, mixed.Fmr.Trials, adults.Fmr.Trials));
        Assert.True(children.Fmr.Range.Low > adults.Fmr.Range.High, $"{children.Fmr} against {adults.Fmr}");
        Assert.Equal(150L * 149 / 2, Cell("age", "0–5", "0–5").Fmr.Trials);
        // Every impostor comparison stands in one cell.
        foreach (var by in new[] { "age", "child or adult" })
            Assert.Equal(result.Curve.Impostor.Total, result.AgeMatrix.Where(c => c.By == by).Sum(c => c.Fmr.Trials));
    }

    [Fact]
    public void Children_are_searched_in_a_gallery_of_children()
    {
        var (embeddings, images) = Families();
        var plan = Children with { Filter = new Dictionary<string, IReadOnlyList<string>> { ["age"] = ["..18"] } };
        var result = Evaluation.Identification.IdentificationEvaluation.Run(embeddings, images, plan, new InputFaults(strict: true));
        Assert.All(result.Searches.Searches, s => Assert.True(CaptureTimes.AgeOf(result.Searches.Images!.Column("age")[s.Photo]) < 18));
        Assert.Equal(105, result.Searches.GallerySize);
        RateEstimate Rate(string by, string band) => result.Ageing.Single(b => b.By == by && b.Band == band).Fnmr;
        Assert.True(Rate(AgeingNames.AgeThenAge, "0–5, then 12–17").Rate > Rate(AgeingNames.AgeThenAge, "0–5, then 6–11").Rate);
        Assert.Equal(105, Rate(AgeingNames.AgeAndYears, "0–5 × 1–4").Trials);
    }
}
