using System.Buffers;
using System.Text;
using System.Text.Json;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;

namespace MatchEngine.Service.Tests.Intake;

public class JsonImagesTests
{
    [Fact]
    public void Decodes_images_where_they_lie_and_leaves_the_rest()
    {
        var image = new byte[1000];
        new Random(2).NextBytes(image);
        var text = JsonSerializer.Serialize(new
        {
            listLength = 5,
            image = Convert.ToBase64String(image),
            purpose = new { image = "not this one" },
            flags = new object?[] { true, null, 1.5, "ü" },
        });
        var body = Encoding.UTF8.GetBytes(text);

        var (images, rest) = Take(body, "image");

        Assert.Equal(image, Assert.Single(images).Content.ToArray());
        Assert.Equal("""{"listLength":5,"purpose":{"image":"not this one"},"flags":[true,null,1.5,"ü"]}""", rest);
        Assert.True(body.AsSpan().IndexOf(image) >= 0, "the image lies in the body's own buffer");
    }

    [Fact]
    public void Takes_an_image_out_of_an_object_by_both_names_and_no_deeper()
    {
        var body = Encoding.UTF8.GetBytes(
            """{"Image":{"Bytes":"AAEC","Deeper":{"Bytes":"not this one"}},"Bytes":"nor this","Other":{"Bytes":"nor that"}}""");
        var (images, rest) = Take(body, "Image.Bytes");
        Assert.Equal("Image.Bytes", Assert.Single(images).Name);
        Assert.Equal([0, 1, 2], images[0].Content.ToArray());
        Assert.Equal("""{"Image":{"Deeper":{"Bytes":"not this one"}},"Bytes":"nor this","Other":{"Bytes":"nor that"}}""", rest);
    }

    [Fact]
    public void Takes_arrays_of_images_and_escaped_slashes()
    {
        var image = new byte[] { 0xFF, 0xFF, 0xFF, 0xFB, 0xEF, 0xBE };
        var escaped = Convert.ToBase64String(image).Replace("/", "\\/", StringComparison.Ordinal)
            .Replace("+", "\\u002B", StringComparison.Ordinal);
        var (images, rest) = Take(Encoding.UTF8.GetBytes($$"""{"image":["{{escaped}}","AAEC"]}"""), "image");
        Assert.Equal([image, [0, 1, 2]], images.Select(part => part.Content.ToArray()));
        Assert.Equal("{}", rest);
    }

    [Fact]
    public void Takes_data_urls_and_base64_in_lines()
    {
        var image = new byte[200];
        new Random(3).NextBytes(image);
        var lines = Convert.ToBase64String(image, Base64FormattingOptions.InsertLineBreaks);
        foreach (var text in (string[])["data:image/jpeg;base64," + Convert.ToBase64String(image), lines, "data:;base64," + lines])
            Assert.Equal(
                image,
                Assert.Single(Take(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { image = text })), "image").Images)
                    .Content.ToArray());
    }

    [Fact]
    public void Takes_the_alphabet_for_addresses_with_padding_and_without()
    {
        for (var length = 1; length < 70; length++)
        {
            var image = new byte[length];
            new Random(length).NextBytes(image);
            image[0] = 0xFB;
            var padded = Convert.ToBase64String(image).Replace('+', '-').Replace('/', '_');
            foreach (var text in (string[])[padded, padded.TrimEnd('='), "DATA:image/png;base64," + padded])
                Assert.Equal(
                    image,
                    Assert.Single(Take(JsonSerializer.SerializeToUtf8Bytes(new { image = text }), "image").Images).Content.ToArray());
        }
    }

    [Theory]
    [InlineData("json-data-url.json"), InlineData("json-base64-line-breaks-RFC2045.json")]
    public void Cases_of_the_data_set_are_taken_as_the_image_they_hold(string file)
    {
        var body = File.ReadAllBytes(MatchEngine.Tests.TestData.Require("cases/" + file));
        Assert.Equal([0xFF, 0xD8, 0xFF], Assert.Single(Take(body, "image").Images).Content.ToArray()[..3]);
    }

    [Theory]
    [InlineData("""{"image":"data:image/png,AAEC"}""")]
    [InlineData("""{"image":"data:image/png;base64"}""")]
    [InlineData("""{"image":"%%%"}""")]
    [InlineData("""{"image":"AA%%"}""")]
    [InlineData("""{"image":"AA=A"}""")]
    [InlineData("""{"image":"AAAAA"}""")]
    [InlineData("""{"image":17}""")]
    [InlineData("""{"image":[{"a":1}]}""")]
    [InlineData("""{"image":"\n"}""")]
    [InlineData("""["image"]""")]
    public void What_is_no_image_is_refused(string body) =>
        Assert.Equal(400, Assert.Throws<ProblemException>(() => Take(Encoding.UTF8.GetBytes(body), "image")).Kind.Status);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"image":"AAEC" """)]
    [InlineData("{\"a\":\u00e9}")]
    public void What_is_no_json_is_refused(string body) =>
        Assert.ThrowsAny<JsonException>(() => Take(Encoding.UTF8.GetBytes(body), "image"));

    [Fact]
    public void An_image_under_a_misspelt_name_never_becomes_a_string()
    {
        var body = Encoding.UTF8.GetBytes($$"""{"imge":"{{Convert.ToBase64String(new byte[100_000])}}"}""");
        Assert.Equal("bad_value", Assert.Throws<ProblemException>(() => Take(body, "image")).Kind.Code);
    }

    [Fact]
    public void More_images_than_the_limit_are_refused() =>
        Assert.Equal(
            413, Assert.Throws<ProblemException>(() => Take("""{"image":["AAEC","AAEC","AAEC"]}"""u8.ToArray(), "image")).Kind.Status);

    private static (IReadOnlyList<BodyPart> Images, string Remainder) Take(byte[] body, string name)
    {
        var rest = new ArrayBufferWriter<byte>();
        var images = JsonImages.Take(body, [name], 2, rest);
        return (images, Encoding.UTF8.GetString(rest.WrittenSpan));
    }
}
