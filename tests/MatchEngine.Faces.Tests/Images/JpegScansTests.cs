using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

public sealed class JpegScansTests
{
    private static byte[] Baseline { get; } = Samples.FaceJpeg(1, 120);

    private static byte[] Progressive { get; } = Encode();

    [Theory]
    [InlineData(false), InlineData(true)]
    public void A_jpeg_that_lacks_its_end_marker_alone_is_read_and_remarked_upon(bool progressive)
    {
        var whole = progressive ? Progressive : Baseline;
        Assert.Equal([0xFF, 0xD9], whole[^2..]);
        using var expected = ImageDecoder.Decode(whole);
        Assert.Equal(ImageRemark.None, expected.Remark);
        foreach (var missing in (ReadOnlySpan<int>)[1, 2])
        {
            using var image = ImageDecoder.Decode(whole.AsSpan(0, whole.Length - missing));
            Assert.True(expected.Pixels.SequenceEqual(image.Pixels));
            Assert.Equal(ImageRemark.EndMissing, image.Remark);
        }
    }

    [Fact]
    public void A_jpeg_that_lacks_more_is_cut_short_or_has_every_pixel_all_the_same()
    {
        using var expected = ImageDecoder.Decode(Baseline);
        var refused = 0;
        for (var missing = 3; missing < 2000; missing += missing < 40 ? 1 : 37)
        {
            try
            {
                using var image = ImageDecoder.Decode(Baseline.AsSpan(0, Baseline.Length - missing));
                Assert.True(expected.Pixels.SequenceEqual(image.Pixels), $"{missing} bytes are missing and other pixels were read");
            }
            catch (AcquisitionException error)
            {
                Assert.Equal(AcquisitionFailure.Undecodable, error.Reason);
                Assert.Contains("cut short", error.Message, StringComparison.Ordinal);
                refused++;
            }
        }
        Assert.InRange(refused, 80, 95);
    }

    [Fact]
    public void A_progressive_jpeg_that_ends_between_two_scans_is_cut_short()
    {
        var scans = Enumerable.Range(0, Progressive.Length - 1)
            .Where(at => Progressive[at] == 0xFF && Progressive[at + 1] == 0xDA).ToList();
        Assert.True(scans.Count > 5);
        Assert.All(scans.Skip(1), scan =>
        {
            // The tables of a scan stand before it; a cut at the scan leaves them, which harms nobody.
            Assert.False(JpegScans.AreComplete(Progressive.AsSpan(0, scan)));
            Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(Progressive.AsSpan(0, scan)));
        });
        Assert.True(JpegScans.AreComplete(Progressive));
    }

    [Fact]
    public void The_end_of_a_thumbnail_is_not_the_end_of_the_photo()
    {
        // An APP1 segment with an end marker in it, as EXIF has.
        byte[] file = [.. Baseline[..2], 0xFF, 0xE1, 0, 6, 1, 0xFF, 0xD9, 1, .. Baseline[2..^2]];
        using var image = ImageDecoder.Decode(file);
        Assert.Equal(ImageRemark.EndMissing, image.Remark);
    }

    [Fact]
    public void No_prefix_and_no_mutant_makes_it_fail()
    {
        var random = new Random(3);
        for (var i = 0; i < 20_000; i++)
        {
            var mutant = Progressive[..random.Next(1200)];
            for (var n = random.Next(4); n > 0 && mutant.Length > 0; n--)
                mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
            // Any answer will do, within the bytes.
            _ = JpegScans.AreComplete(mutant);
        }
        Assert.False(JpegScans.AreComplete([]));
    }

    private static byte[] Encode()
    {
        using var image = ImageDecoder.Decode(Baseline);
        return ImageDecoderTests.Reencode(
            TiffBuilder.BuildRgb(image.Width, image.Height, image.Pixels), "jpegsave_buffer"u8, "interlace"u8, "true"u8);
    }
}
