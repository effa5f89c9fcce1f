using MatchEngine.Evaluation.Demographics;

namespace MatchEngine.Evaluation.Tests.Demographics;

public class BandsTests
{
    [Theory]
    [InlineData(0, "0–17")]
    [InlineData(17.9, "0–17")]
    [InlineData(18, "18–29")]
    [InlineData(30, "30+")]
    [InlineData(99, "30+")]
    public void A_number_falls_into_the_band_whose_lower_edge_it_reaches(double number, string band) =>
        Assert.Equal(band, Bands.Of(number, [0, 18, 30])!.Value.Text);

    [Fact]
    public void Below_the_first_edge_there_is_no_band() => Assert.Null(Bands.Of(-1, [0, 18]));

    [Fact]
    public void Edges_that_are_not_whole_are_spelt_out() => Assert.Equal("0.5 to below 2", Bands.Of(1, [0.5, 2])!.Value.Text);

    [Fact]
    public void A_band_of_one_whole_number_has_one_number_as_its_name() => Assert.Equal("1", Bands.Of(1, [0, 1, 2])!.Value.Text);
}
