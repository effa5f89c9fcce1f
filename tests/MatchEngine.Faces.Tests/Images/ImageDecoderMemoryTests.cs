using System.Globalization;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

/// <summary>Runs alone: what others take meanwhile would be counted.</summary>
[CollectionDefinition(nameof(ImageDecoderMemoryTests), DisableParallelization = true)]
[Collection(nameof(ImageDecoderMemoryTests))]
public sealed class ImageDecoderMemoryTests
{
    [Theory(Explicit = true)]
    [InlineData("jpeg"), InlineData("png")]
    public void A_picture_of_200_megapixels_takes_little_more_memory_than_what_is_held_of_it(string encoding)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux tells the most memory that was taken");
        byte[] bytes;
        using (var large = new Image(16_384, 12_288))
            bytes = encoding == "png" ? ImageEncoder.ToPng(large) : ImageEncoder.ToJpeg(large, 90);
        GC.Collect();
        TakePeak();
        var before = TakePeak();
        using var held = ImageDecoder.Decode(bytes);
        var taken = TakePeak() - before;
        Assert.Equal((8192, 6144), (held.Width, held.Height));
        // 1:2 of it as RGB is 151 MB; the rest is the row buffers of libvips and of the codec. The whole would be 604 MB.
        Assert.InRange(taken, 3L * 8192 * 6144 / 2, 3L * 8192 * 6144 + (160 << 20));
    }

    /// <summary>The most memory the process has had since this was last asked, in bytes.</summary>
    private static long TakePeak()
    {
        var line = File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        File.WriteAllText("/proc/self/clear_refs", "5");
        return long.Parse(line.AsSpan(6, line.Length - 8).Trim(), CultureInfo.InvariantCulture) << 10;
    }
}
