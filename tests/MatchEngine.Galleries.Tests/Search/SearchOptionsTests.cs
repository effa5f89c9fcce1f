using MatchEngine.Faces;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Galleries.Tests.Search;

public class SearchOptionsTests
{
    [Fact]
    public void Twenty_candidates_no_floor_and_the_only_face_are_the_defaults()
    {
        var options = new SearchOptions();

        Assert.Equal((20, null, FaceChoice.Only), (options.ListLength, options.Floor, options.Face));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void A_list_has_one_to_ten_thousand_places(int length) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchOptions { ListLength = length });

    [Theory]
    [InlineData(1.01f)]
    [InlineData(-1.01f)]
    [InlineData(float.NaN)]
    public void A_floor_is_a_score(float floor) => Assert.Throws<ArgumentOutOfRangeException>(() => new SearchOptions { Floor = floor });

    [Theory]
    [InlineData(0.0009)]
    [InlineData(100.1)]
    [InlineData(double.NaN)]
    public void A_floor_is_chosen_for_a_thousandth_of_a_stranger_up_to_a_hundred(double strangers) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SearchOptions { FloorStrangers = strangers });

    [Theory]
    [InlineData(-1f)]
    [InlineData(1f)]
    public void The_ends_of_the_range_are_floors(float floor) => Assert.Equal(floor, new SearchOptions { Floor = floor }.Floor);
}
