using System.Globalization;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;

namespace MatchEngine.Cli.Tests.Isolation;

/// <summary>
/// Damaged files for the second decoder: each ends in a picture or a refusal, the process that asks never ends, and a child stays within
/// its memory. A child may die of one; that is what it is for.
/// </summary>
public sealed class SecondDecoderFuzzTests(ITestOutputHelper output)
{
    // What a child has is 2 GiB; a mutant of at most four megapixels may need no more than a part of it.
    private const long MostKilobytes = 1 << 20;

    public static TheoryData<string> Kinds => [.. OtherImages.Kinds, "heic"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Mutants_are_decoded_or_refused(string kind) => Fuzz(kind, 60, seed: 20261130);

    [Theory(Explicit = true)]
    [MemberData(nameof(Kinds))]
    public void Twenty_thousand_mutants_are_decoded_or_refused(string kind) => Fuzz(kind, 20_000, Environment.TickCount);

    private void Fuzz(string kind, int mutants, int seed)
    {
        OtherImages.Require();
        var whole = Whole(kind);
        var random = new Random(seed);
        var limits = new ImageLimits(MaxPixels: 4_000_000);
        using var decoder = OtherImages.Decoder(TimeSpan.FromSeconds(20));
        var (decoded, refused, died, most) = (0, 0, 0, 0L);
        for (var i = 0; i < mutants; i++)
        {
            try
            {
                using var image = decoder.Decode(Mutate(whole, random), limits, TestContext.Current.CancellationToken);
                Assert.Equal(3 * image.Width * image.Height, image.Pixels.Length);
                decoded++;
            }
            catch (AcquisitionException error)
            {
                _ = error.Reason == AcquisitionFailure.DecoderFailed ? died++ : refused++;
            }
            Assert.InRange(decoder.Children.Count, 0, 1);
            if (i % 50 == 0)
                most = Math.Max(most, decoder.Children.Max(Peak));
        }
        output.WriteLine($"{kind}: {decoded} decoded, {refused} refused, {died} children died, {most >> 10} MiB at most, seed {seed}");
        // Both ends must be reached, or the mutations are too tame or too wild to test anything.
        // LZMA has checksums, which next to no mutant passes.
        Assert.True((decoded > 0 || kind == "lzma tiff") && refused > mutants / 20, $"{decoded} decoded, {refused} refused, {died} died");
        Assert.InRange(died, 0, mutants / 100);
        Assert.InRange(most, 0, MostKilobytes);
        // Whatever came before, the whole file is still read.
        decoder.Decode(whole, limits, TestContext.Current.CancellationToken).Dispose();
    }

    private static byte[] Whole(string kind)
    {
        if (kind == "heic")
            return OtherImages.Heic();
        using var photo = ImageDecoder.Decode(File.ReadAllBytes(Matchengine.Sample(1)));
        using var small = photo.Crop(new Faces.Geometry.SimilarityTransform(4, 0, 0, 0), 96, 80);
        return OtherImages.Encode(kind, small);
    }

    private static long Peak(int process)
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        try
        {
            return File.ReadLines($"/proc/{process}/status")
                .Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                .Select(line => long.Parse(line[6..^2].Trim(), CultureInfo.InvariantCulture)).FirstOrDefault();
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static byte[] Mutate(byte[] whole, Random random) => random.Next(4) switch
    {
        0 => Mutants.BitsFlipped(whole, random),
        1 => Mutants.BytesDrawn(whole, 4, 8, 900, random),
        2 => Mutants.Extreme(whole, random),
        _ => Mutants.Cut(whole, random),
    };
}
