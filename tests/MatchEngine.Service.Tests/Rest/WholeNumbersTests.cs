using System.Text;
using System.Text.Json;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Rest;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Rest;

public class WholeNumbersTests(TestService service) : IClassFixture<TestService>
{
    [Theory]
    [InlineData("5.0", 5)]
    [InlineData("5e0", 5)]
    [InlineData("0.5e1", 5)]
    [InlineData("-3.00", -3)]
    [InlineData("2147483647.0", int.MaxValue)]
    [InlineData("-2147483648", int.MinValue)]
    public void A_number_without_a_fraction_is_whole_however_it_is_written(string json, int expected)
    {
        Assert.Equal(expected, JsonSerializer.Deserialize<int>(json, WireJson.Options));
        Assert.Equal(expected, JsonSerializer.Deserialize<long?>(json, WireJson.Options));
    }

    [Theory]
    [InlineData("5.5"), InlineData("2147483648"), InlineData("1e300"), InlineData("\"5\""), InlineData("true"), InlineData("-1e400")]
    public void Anything_else_is_not(string json) =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<int>(json, WireJson.Options));

    [Fact]
    public void Both_ends_of_the_long_ones_come_back()
    {
        foreach (var number in (long[])[long.MinValue, long.MaxValue, 0])
            Assert.Equal(number, JsonSerializer.Deserialize<long>(JsonSerializer.Serialize(number, WireJson.Options), WireJson.Options));
    }

    [Fact]
    public async Task A_list_length_of_five_point_nought_is_five()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("whole");
        var probe = Convert.ToBase64String(FakeImage.Of(new FakeFace(1)));
        var answer = await admin.PostAsync("/v1/searches", new StringContent(
            $$$"""{"image":"{{{probe}}}","galleries":["whole"],"listLength":5.0,"purpose":{"caseNumber":"C","basis":"b"}}""",
            Encoding.UTF8, "application/json")).Json();
        Assert.Equal(5, answer.GetProperty("listLength").GetInt32());
    }
}
