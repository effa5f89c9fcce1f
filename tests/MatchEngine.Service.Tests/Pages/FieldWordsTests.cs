using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Pages;

namespace MatchEngine.Service.Tests.Pages;

public class FieldWordsTests
{
    [Theory]
    [InlineData("listLength lies within 1 … 10", "“Largest number of candidates” lies within 1 … 10", "listLength")]
    [InlineData("filter: 'sex' has no value", "“Only people with”: 'sex' has no value", "filter")]
    [InlineData("preparation: gamma is 0.2 to 4", "“Gamma” is 0.2 to 4", "gamma")]
    [InlineData("preparation: crop is x and y", "“The part that is left” is x and y", "cropX cropY cropWidth cropHeight")]
    [InlineData("purpose.basis has at most 500 characters", "“Statutory violation or other basis” has at most 500 characters", "basis")]
    [InlineData("face is only, largest", "“Which face” is only, largest", "face")]
    public void A_field_is_called_what_its_label_says(string told, string said, string fields) =>
        Assert.Equal((said, fields), FieldWords.Told(told) is var (sentence, found) ? (sentence, string.Join(' ', found)) : default);

    [Theory]
    [InlineData("a case is open or closed"), InlineData("choose a photo first"), InlineData("nonsense is a whole number"), InlineData("")]
    public void Any_other_sentence_stays_as_it_is(string told)
    {
        var (sentence, fields) = FieldWords.Told(told);
        Assert.Equal(told, sentence);
        Assert.Empty(fields);
    }

    [Fact]
    public void A_floor_is_one_or_each_gallerys_own_or_none()
    {
        Assert.Equal("floor 0.2500", Words.Floor(0.25f, null));
        Assert.Equal("floor 0.2500 in a, none in b", Words.Floor(null, [new GalleryFloor("a", 0.25f), new GalleryFloor("b", null)]));
        Assert.Equal("no floor", Words.Floor(null, null));
    }
}
