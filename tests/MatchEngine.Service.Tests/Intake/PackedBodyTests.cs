using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Intake;

public class PackedBodyTests(TestService service) : IClassFixture<TestService>
{
    private static ByteArrayContent Packed(byte[] bytes, string coding)
    {
        using var packed = new MemoryStream();
        using (Stream packer = coding switch
        {
            "gzip" => new GZipStream(packed, CompressionMode.Compress),
            // The name stands for the format of RFC 1950.
            "deflate" => new ZLibStream(packed, CompressionMode.Compress),
            _ => new BrotliStream(packed, CompressionMode.Compress),
        })
            packer.Write(bytes);
        return Content(packed.ToArray(), coding);
    }

    private static ByteArrayContent Content(byte[] bytes, string coding)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.ContentEncoding.Add(coding);
        return content;
    }

    [Theory]
    [InlineData("gzip"), InlineData("deflate"), InlineData("br")]
    public async Task A_body_without_an_image_is_unpacked(string coding)
    {
        using var admin = service.Admin();
        var created = await admin.PostAsync(
            "/v1/galleries", Packed(Encoding.UTF8.GetBytes($$"""{"name":"{{coding}}"}"""), coding)).Json(201);
        Assert.Equal(coding, created.GetProperty("name").GetString());
        Assert.True(service.Buffers.AllClear());
    }

    /// <summary>A thousandth of the size comes over the wire: only what it unpacks to can be too large.</summary>
    [Theory]
    [InlineData("gzip"), InlineData("deflate"), InlineData("br")]
    public async Task A_bomb_is_413_at_the_limit_of_the_body(string coding)
    {
        using var admin = service.Admin();
        var bomb = Packed(Encoding.UTF8.GetBytes($$"""{"name":"{{new string('a', 64 << 20)}}"}"""), coding);
        Assert.True(bomb.Headers.ContentLength < 1 << 20);
        var before = GC.GetTotalAllocatedBytes();
        Assert.Equal("too_large", await admin.PostAsync("/v1/galleries", bomb).Code(413));
        Assert.True(GC.GetTotalAllocatedBytes() - before < 32 << 20, "it was unpacked beyond the limit");
        Assert.True(service.Buffers.AllClear());
    }

    [Fact]
    public async Task What_is_not_packed_as_it_says_is_400_and_another_coding_415()
    {
        using var admin = service.Admin();
        foreach (var coding in (string[])["gzip", "deflate", "br"])
            Assert.Equal("bad_request", await admin.PostAsync("/v1/galleries", Content("{\"name\":\"x\"}"u8.ToArray(), coding)).Code(400));
        Assert.Equal("unsupported", await admin.PostAsync("/v1/galleries", Content("{}"u8.ToArray(), "zstd")).Code(415));
        var twice = Content("{}"u8.ToArray(), "gzip");
        twice.Headers.ContentEncoding.Add("br");
        Assert.Equal("unsupported", await admin.PostAsync("/v1/galleries", twice).Code(415));
    }

    [Fact]
    public async Task An_exported_gallery_that_comes_packed_is_415()
    {
        using var admin = service.Admin();
        var body = Content([1, 2, 3], "gzip");
        body.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        Assert.Equal("unsupported", await admin.PostAsync("/v1/galleries/packed/restoration", body).Code(415));
    }
}
