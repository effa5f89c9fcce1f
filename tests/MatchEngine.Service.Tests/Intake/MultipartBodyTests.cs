using System.Text;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Intake;
using Microsoft.Net.Http.Headers;

namespace MatchEngine.Service.Tests.Intake;

public class MultipartBodyTests
{
    [Fact]
    public async Task Takes_apart_what_the_framework_puts_together()
    {
        var binary = new byte[200_000];
        new Random(1).NextBytes(binary);
        // Bytes that look like a boundary's beginning must not end a part.
        "\r\n--"u8.CopyTo(binary.AsSpan(1000));
        using var form = new MultipartFormDataContent
        {
            { new StringContent("{\"a\":1}", Encoding.UTF8, "application/json"), "request" },
            { new ByteArrayContent(binary), "image", "photo ü.jpg" },
            { new ByteArrayContent([]), "image", "empty.jpg" },
        };
        var body = await form.ReadAsByteArrayAsync();

        var parts = MultipartBody.Parse(body, MultipartBody.Boundary(MediaTypeHeaderValue.Parse(form.Headers.ContentType!.ToString())), 10);

        Assert.Equal(["request", "image", "image"], parts.Select(part => part.Name));
        Assert.Equal("application/json", parts[0].ContentType);
        Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString(parts[0].Content.Span));
        Assert.Equal(binary, parts[1].Content.ToArray());
        Assert.Equal("photo ü.jpg", parts[1].FileName);
        Assert.Empty(parts[2].Content.ToArray());
    }

    [Fact]
    public void A_part_is_a_piece_of_the_body_and_no_copy()
    {
        var body = Encoding.ASCII.GetBytes("--b\r\nContent-Disposition: form-data; name=\"image\"\r\n\r\nXYZ\r\n--b--\r\n");
        var part = Assert.Single(MultipartBody.Parse(body, "b", 1));
        part.Content.Span.Clear();
        Assert.DoesNotContain("XYZ", Encoding.ASCII.GetString(body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no boundary at all")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nnever ends")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data\r\n\r\nno name\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--b--")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--b--")]
    [InlineData("--bx\r\n\r\n--b")]
    public void What_is_not_multipart_is_refused(string body) =>
        Assert.Equal(
            "bad_request", Assert.Throws<ProblemException>(() => MultipartBody.Parse(Encoding.ASCII.GetBytes(body), "b", 10)).Kind.Code);

    [Fact]
    public void Too_many_parts_are_refused()
    {
        var body = Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n", 3)) + "--b--");
        Assert.Equal(3, MultipartBody.Parse(body, "b", 3).Count);
        Assert.Equal(413, Assert.Throws<ProblemException>(() => MultipartBody.Parse(body, "b", 2)).Kind.Status);
    }

    [Fact]
    public void No_mutant_of_a_body_does_anything_but_parse_or_be_refused()
    {
        var whole = Encoding.ASCII.GetBytes(
            "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a\"\r\nContent-Type: image/jpeg\r\n\r\nXYZ\r\n--b\r\n"
                + "Content-Disposition: form-data; name=\"request\"\r\n\r\n{}\r\n--b--\r\n");
        var random = new Random(7);
        for (var i = 0; i < 20_000; i++)
        {
            var mutant = whole[..random.Next(whole.Length + 1)];
            for (var flips = random.Next(4); flips > 0 && mutant.Length > 0; flips--)
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            try
            {
                foreach (var part in MultipartBody.Parse(mutant, "b", 10))
                    Assert.True(part.Content.Length <= mutant.Length);
            }
            catch (ProblemException)
            {
            }
        }
    }
}
