namespace MatchEngine.Faces.Tests;

/// <summary>Damaged files must end in a picture or in a typed error: never in a crash, a hang or another exception.</summary>
public sealed class ImageDecoderFuzzTests
{
    [Theory]
    [MemberData(nameof(ImageDecoderTests.Encodings), MemberType = typeof(ImageDecoderTests))]
    public void Mutants_are_decoded_or_refused(string encoding) => Fuzz(encoding, 400, seed: 20261122);

    [Theory(Explicit = true)]
    [MemberData(nameof(ImageDecoderTests.Encodings), MemberType = typeof(ImageDecoderTests))]
    public void Twenty_thousand_mutants_are_decoded_or_refused(string encoding) => Fuzz(encoding, 20_000, Environment.TickCount);

    private static void Fuzz(string encoding, int mutants, int seed)
    {
        var random = new Random(seed);
        var whole = ImageDecoderTests.Encode(encoding);
        var limits = new ImageLimits(MaxPixels: 4_000_000);
        var (decoded, refused) = (0, 0);
        for (var i = 0; i < mutants; i++)
        {
            var mutant = Mutate(whole, random);
            try
            {
                using var image = ImageDecoder.Decode(mutant, limits);
                Assert.Equal(3 * image.Width * image.Height, image.Pixels.Length);
                decoded++;
            }
            catch (AcquisitionException)
            {
                refused++;
            }
            catch (Exception error)
            {
                Assert.Fail($"mutant {i} of seed {seed}: {error}");
            }
        }
        // Both ends must be reached, or the mutations are too tame or too wild to test anything.
        Assert.True(decoded > 0 && refused > mutants / 20, $"{decoded} decoded, {refused} refused");
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        var mutant = (byte[])whole.Clone();
        switch (random.Next(5))
        {
            case 0: // single bits, anywhere
                for (var n = random.Next(1, 6); n > 0; n--)
                    mutant[random.Next(mutant.Length)] ^= (byte)(1 << random.Next(8));
                return mutant;
            case 1: // bytes of the header, where sizes and counts live
                for (var n = random.Next(1, 8); n > 0; n--)
                    mutant[random.Next(Math.Min(400, mutant.Length))] = (byte)random.Next(256);
                return mutant;
            case 2: // extreme values
                var at = random.Next(mutant.Length - 4);
                mutant.AsSpan(at, 4).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0);
                return mutant;
            case 3: // a piece copied elsewhere
                var length = random.Next(1, Math.Min(200, mutant.Length / 2));
                mutant.AsSpan(random.Next(mutant.Length - length), length).CopyTo(mutant.AsSpan(random.Next(mutant.Length - length)));
                return mutant;
            default: // cut, or a piece taken out of the middle
                var from = random.Next(mutant.Length);
                return random.Next(2) == 0 ? mutant[..from] : [.. mutant[..from], .. mutant[Math.Min(mutant.Length, from + random.Next(1, 300))..]];
        }
    }
}
