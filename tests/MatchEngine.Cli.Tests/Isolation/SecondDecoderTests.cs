using System.Buffers.Binary;
using System.Diagnostics;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Images.Isolation;
using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests.Isolation;

/// <summary>The second decoder, in the processes that it is for.</summary>
public sealed class SecondDecoderTests : IDisposable
{
    private readonly IsolatedImageDecoder _decoder = OtherImages.Decoder();

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    public void Dispose() => _decoder.Dispose();

    public static TheoryData<string> Kinds => [.. OtherImages.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_kind_gives_the_pixels_that_it_was_made_of(string kind)
    {
        OtherImages.Require();
        using var expected = Picture(150, 90);
        var bytes = OtherImages.Encode(kind, expected);
        Assert.NotNull(SecondDecoder.FormatOf(bytes));
        using var image = _decoder.Decode(bytes, ImageLimits.Default, Ends);
        Assert.Equal((150, 90), (image.Width, image.Height));
        if (kind is "grey jp2" or "12-bit tiff")
            for (var at = 0; at < image.Pixels.Length; at += 3)
                Assert.True(image.Pixels[at] == image.Pixels[at + 1] && image.Pixels[at] == image.Pixels[at + 2]);
        var (from, step) = kind == "12-bit tiff" ? (1, 3) : (0, 1);
        // Lossy, or through CIELAB at 8 bits; grey ones are compared with luma or green.
        Assert.InRange(MeanDifference(expected, image, from, step, grey: kind == "grey jp2"), 0, 4);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_cut_short_is_refused(string kind)
    {
        OtherImages.Require();
        using var picture = Picture(150, 90);
        var bytes = OtherImages.Encode(kind, picture);
        foreach (var length in (ReadOnlySpan<int>)[bytes.Length / 10, bytes.Length / 2, bytes.Length * 9 / 10])
        {
            var cut = bytes[..length];
            if (SecondDecoder.FormatOf(cut) is null)
                continue; // A TIFF's directory may stand at its end: then it is no kind of the second decoder's.
            Assert.Equal(
                AcquisitionFailure.Undecodable,
                Assert.Throws<AcquisitionException>(() => _decoder.Decode(cut, ImageLimits.Default, Ends)).Reason);
        }
    }

    [Theory]
    [InlineData("jp2"), InlineData("lzma tiff")]
    public void Too_many_pixels_are_refused_before_they_are_decoded(string kind)
    {
        OtherImages.Require();
        using var picture = Picture(150, 90);
        var bytes = OtherImages.Encode(kind, picture);
        foreach (var limits in (ReadOnlySpan<ImageLimits>)[new(MaxPixels: 150 * 90 - 1), new(MaxDecodedPixels: 150 * 90 - 1)])
            Assert.Equal(
                AcquisitionFailure.TooManyPixels,
                Assert.Throws<AcquisitionException>(() => _decoder.Decode(bytes, limits, Ends)).Reason);
        _decoder.Decode(bytes, new ImageLimits(MaxPixels: 150 * 90, MaxDecodedPixels: 150 * 90), Ends).Dispose();
        Assert.Single(_decoder.Children);
    }

    [Fact]
    public void Formats_of_the_first_decoder_are_none_of_the_second()
    {
        OtherImages.Require();
        var jpeg = File.ReadAllBytes(Matchengine.Sample(1));
        Assert.Null(SecondDecoder.FormatOf(jpeg));
        Assert.Equal(
            AcquisitionFailure.UnsupportedFormat,
            Assert.Throws<AcquisitionException>(() => _decoder.Decode(jpeg, ImageLimits.Default, Ends)).Reason);
    }

    [Fact]
    public void A_heic_is_read_whose_first_brand_is_the_general_one()
    {
        OtherImages.Require();
        var heic = OtherImages.Heic();
        using var expected = _decoder.Decode(heic, ImageLimits.Default, Ends);
        "mif1"u8.CopyTo(heic.AsSpan(8));
        using var image = _decoder.Decode(heic, ImageLimits.Default, Ends);
        Assert.True(expected.Pixels.SequenceEqual(image.Pixels));
    }

    [Fact]
    public void A_heic_that_says_how_the_camera_was_held_comes_out_upright()
    {
        OtherImages.Require();
        var heic = OtherImages.Heic();
        using var expected = _decoder.Decode(heic, ImageLimits.Default, Ends);
        // The number of bits gives its place among the properties to a quarter turn anticlockwise (ISO/IEC 23008-12, 6.5.10).
        var property = heic.AsSpan().IndexOf("pixi"u8);
        Assert.True(property > 0, "the file of the data set has no property whose place can be taken");
        "irot"u8.CopyTo(heic.AsSpan(property));
        heic[property + 4] = 1;
        using var turned = _decoder.Decode(heic, ImageLimits.Default, Ends);
        Assert.Equal((expected.Width, expected.Height), (turned.Height, turned.Width));
        var difference = 0L;
        for (var y = 0; y < turned.Height; y++)
            for (var x = 0; x < turned.Width; x++)
                difference += Math.Abs(turned.Row(y)[3 * x] - expected.Row(x)[3 * (expected.Width - 1 - y)]);
        Assert.InRange((double)difference / (turned.Width * turned.Height), 0, 6);
    }

    [Fact]
    public void A_heic_cut_short_or_too_large_is_refused()
    {
        OtherImages.Require();
        var heic = OtherImages.Heic();
        foreach (var length in (ReadOnlySpan<int>)[40, 500, heic.Length / 2, heic.Length - 1000])
            Assert.Equal(
                AcquisitionFailure.Undecodable,
                Assert.Throws<AcquisitionException>(() => _decoder.Decode(heic.AsSpan(0, length), ImageLimits.Default, Ends)).Reason);
        Assert.Equal(
            AcquisitionFailure.TooManyPixels,
            Assert.Throws<AcquisitionException>(() => _decoder.Decode(heic, new ImageLimits(MaxPixels: 1000), Ends)).Reason);
        var extent = heic.AsSpan().IndexOf("ispe"u8);
        BinaryPrimitives.WriteUInt32BigEndian(heic.AsSpan(extent + 8), 60_000);
        BinaryPrimitives.WriteUInt32BigEndian(heic.AsSpan(extent + 12), 60_000);
        Assert.Throws<AcquisitionException>(() => _decoder.Decode(heic, ImageLimits.Default, Ends));
    }

    [Fact]
    public async Task A_child_killed_in_the_middle_of_a_picture_costs_that_picture_alone()
    {
        OtherImages.Require();
        // Some hundreds of milliseconds of work.
        using var picture = Picture(2400, 1800);
        var large = OtherImages.Encode("jp2", picture);
        using var small = Picture(64, 48);
        var next = OtherImages.Encode("jp2", small);
        _decoder.Decode(next, ImageLimits.Default, Ends).Dispose();
        var killed = 0;
        for (var round = 0; round < 10 && killed < 3; round++)
        {
            var child = Assert.Single(_decoder.Children);
            var decoding = Task.Run(() => _decoder.Decode(large, ImageLimits.Default, Ends), Ends);
            await Task.Delay(30 + 10 * round, Ends);
            using (var process = Process.GetProcessById(child))
                process.Kill();
            try
            {
                (await decoding).Dispose();
            }
            catch (AcquisitionException error)
            {
                Assert.Equal(AcquisitionFailure.DecoderFailed, error.Reason);
                killed++;
            }
            using var after = _decoder.Decode(next, ImageLimits.Default, Ends);
            Assert.Equal(64, after.Width);
        }
        Assert.Equal(3, killed);
    }

    [Fact]
    public void A_picture_that_takes_too_long_is_given_up()
    {
        OtherImages.Require();
        using var picture = Picture(2400, 1800);
        var large = OtherImages.Encode("jp2", picture);
        using var hasty = OtherImages.Decoder(TimeSpan.FromMilliseconds(250));
        var error = Assert.Throws<AcquisitionException>(() => hasty.Decode(large, ImageLimits.Default, Ends));
        Assert.Equal(AcquisitionFailure.DecoderFailed, error.Reason);
        Assert.Empty(hasty.Children);
    }

    [Fact]
    public void Nothing_is_written_to_the_folder_of_temporary_files()
    {
        OtherImages.Require();
        using var cli = new Matchengine();
        var (photos, temporary) = (Directory.CreateDirectory(cli.File("photos")).FullName, Directory.CreateDirectory(cli.File("tmp")));
        using (var photo = ImageDecoder.Decode(File.ReadAllBytes(Matchengine.Sample(1))))
            foreach (var kind in OtherImages.Kinds)
                File.WriteAllBytes(
                    Path.Combine(photos, kind + (kind.EndsWith("tiff", StringComparison.Ordinal) ? ".tif" : ".jp2")),
                    OtherImages.Encode(kind, photo));
        if (TestData.Root is { } root && File.Exists(Path.Combine(root, "cases", "heic-from-heif-enc.heic")))
            File.WriteAllBytes(Path.Combine(photos, "a.heic"), OtherImages.Heic());
        File.WriteAllBytes(Path.Combine(photos, "damaged.heic"), [0, 0, 0, 24, .. "ftypheic\0\0\0\0mif1heic"u8, 1, 2, 3]);
        cli.Variables["TMPDIR"] = temporary.FullName;
        var report = cli.Run("enroll", "-g", "g", photos, "--min-quality", "none", "--faces", "largest", "--workers", "1", "--json");
        Assert.Empty(temporary.EnumerateFileSystemInfos());
        Assert.DoesNotContain("\"decoder_failed\"", report.Output, StringComparison.Ordinal);
        Assert.Equal(1, report.Json.GetProperty("failed").GetInt32());
    }

    private static Image Picture(int width, int height)
    {
        using var photo = ImageDecoder.Decode(File.ReadAllBytes(Matchengine.Sample(1)));
        var scale = MathF.Min((float)photo.Width / width, (float)photo.Height / height);
        return photo.Crop(new Faces.Geometry.SimilarityTransform(scale, 0, 0, 0), width, height);
    }

    private static double MeanDifference(Image expected, Image actual, int from, int step, bool grey)
    {
        var (sum, count) = (0.0, 0);
        for (var at = from; at < actual.Pixels.Length; at += step, count++)
        {
            var pixel = expected.Pixels.Slice(at / 3 * 3, 3);
            sum += Math.Abs(actual.Pixels[at] - (grey ? 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2] : expected.Pixels[at]));
        }
        return sum / count;
    }
}
