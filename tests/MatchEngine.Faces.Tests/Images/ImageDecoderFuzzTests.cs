using System.Globalization;
using System.Runtime.InteropServices;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

/// <summary>
/// Damaged files must end in a picture or in a typed error: never in a crash, a hang or another exception; they leave no memory behind and
/// say nothing on standard error.
/// </summary>
public sealed partial class ImageDecoderFuzzTests(ITestOutputHelper output)
{
    // Generous: a mutant of 120 × 120 pixels takes a millisecond or two, one whose header announces four megapixels some tens.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Encodings =>
        ["jpeg", "progressive jpeg", "png", "webp", "lossy webp", "tiff", "avif", "gif", "bmp", "palette bmp", "ppm", "plain pgm"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Mutants_are_decoded_or_refused(string encoding) => await FuzzAsync(encoding, 400, seed: 20261122, measured: false);

    [Theory(Explicit = true)]
    [MemberData(nameof(Encodings))]
    public async Task Twenty_thousand_mutants_are_decoded_or_refused(string encoding) =>
        await FuzzAsync(encoding, 20_000, Environment.TickCount, measured: true);

    private async Task FuzzAsync(string encoding, int mutants, int seed, bool measured)
    {
        // The long form runs alone, so that the process's memory tells of the decoders only.
        measured &= OperatingSystem.IsLinux();
        var random = new Random(seed);
        var whole = Encode(encoding);
        var limits = new ImageLimits(MaxPixels: 4_000_000);
        // What can be read row by row is also read scaled down, as very large pictures are.
        var scaling = encoding is "jpeg" or "png" or "bmp" or "palette bmp" or "ppm" or "plain pgm"
            ? limits with { MaxDecodedPixels = 120 * 120 / 4 }
            : null;
        var (decoded, refused) = (0, 0);
        using var standardError = measured ? new StandardErrorCapture() : null;
        if (measured)
            File.WriteAllText("/proc/self/clear_refs", "5"); // the peak starts anew
        var early = 0L;
        for (var i = 0; i < mutants; i++)
        {
            var mutant = Mutate(whole, random);
            var mutated = i;
            // A decoder that hangs cannot be stopped, but it can be told.
            var decoding = Task.Run(
                () => IsDecoded(mutant, limits, $"mutant {mutated} of seed {seed}")
                    | (scaling is not null && IsDecoded(mutant, scaling, $"mutant {mutated} of seed {seed}, scaled down")),
                        TestContext.Current.CancellationToken);
            if (await decoding.WaitAsync(Patience, TestContext.Current.CancellationToken))
                decoded++;
            else
                refused++;
            if (measured && i == mutants / 4)
                early = Memory("VmRSS");
        }
        // Both ends must be reached, or the mutations are too tame or too wild to test anything.
        Assert.True(decoded > 0 && refused > mutants / 20, $"{decoded} decoded, {refused} refused");
        output.WriteLine($"{encoding}: {decoded} decoded, {refused} refused, seed {seed}");
        if (!measured)
            return;
        var (late, peak) = (Memory("VmRSS"), Memory("VmHWM"));
        output.WriteLine($"{encoding}: {early >> 10} MiB after a quarter, {late >> 10} MiB at the end, {peak >> 10} MiB at the peak");
        // A leak of one picture in ten mutants would be hundreds of MiB.
        Assert.InRange(late - early, long.MinValue, 48L << 10);
        Assert.InRange(peak - early, long.MinValue, 160L << 10);
        Assert.Equal("", standardError!.End());
    }

    private static bool IsDecoded(byte[] mutant, ImageLimits limits, string name)
    {
        try
        {
            using var image = ImageDecoder.Decode(mutant, limits);
            Assert.Equal(3 * image.Width * image.Height, image.Pixels.Length);
            return true;
        }
        catch (AcquisitionException)
        {
            return false;
        }
        catch (Exception error)
        {
            throw new InvalidOperationException($"{name}: {error}", error);
        }
    }

    private static byte[] Encode(string encoding)
    {
        using var image = ImageDecoder.Decode(Samples.FaceJpeg(1, 120));
        byte[] Again(ReadOnlySpan<byte> saver, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
            ImageDecoderTests.Reencode(TiffBuilder.BuildRgb(image.Width, image.Height, image.Pixels), saver, name, value);
        return encoding switch
        {
            "progressive jpeg" => Again("jpegsave_buffer"u8, "interlace"u8, "true"u8),
            "lossy webp" => Again("webpsave_buffer"u8, "Q"u8, "80"u8),
            "avif" => Again("heifsave_buffer"u8, "compression"u8, "av1"u8),
            "gif" => Again("gifsave_buffer"u8, "effort"u8, "1"u8),
            "bmp" => Bmp(image, palette: false),
            "palette bmp" => Bmp(image, palette: true),
            "ppm" => [.. System.Text.Encoding.ASCII.GetBytes($"P6\n# a comment\n{image.Width} {image.Height}\n255\n"), .. image.Pixels],
            "plain pgm" => System.Text.Encoding.ASCII.GetBytes(
                $"P2\n{image.Width} {image.Height}\n255\n" + string.Join('\n', image.Pixels.ToArray().Where((_, i) => i % 3 == 1))),
            _ => ImageDecoderTests.Encode(encoding),
        };
    }

    private static byte[] Bmp(Image image, bool palette)
    {
        var stride = palette ? (image.Width + 3) / 4 * 4 : (3 * image.Width + 3) / 4 * 4;
        var start = 54 + (palette ? 1024 : 0);
        var bytes = new byte[start + stride * image.Height];
        bytes[0] = (byte)'B';
        bytes[1] = (byte)'M';
        foreach (var (at, value) in (ReadOnlySpan<(int, int)>)[
            (10, start), (14, 40), (18, image.Width), (22, image.Height), (26, 1 | (palette ? 8 : 24) << 16)])
            BitConverter.TryWriteBytes(bytes.AsSpan(at), value);
        for (var i = 0; palette && i < 256; i++)
            bytes.AsSpan(54 + 4 * i, 3).Fill((byte)i);
        for (var y = 0; y < image.Height; y++)
        {
            var row = bytes.AsSpan(start + stride * (image.Height - 1 - y));
            for (var x = 0; x < image.Width; x++)
            {
                var pixel = image.Row(y).Slice(3 * x, 3);
                if (palette)
                    row[x] = pixel[1];
                else
                    (row[3 * x], row[3 * x + 1], row[3 * x + 2]) = (pixel[2], pixel[1], pixel[0]);
            }
        }
        return bytes;
    }

    private static long Memory(string name) => File.ReadLines("/proc/self/status")
        .Where(line => line.StartsWith(name + ":", StringComparison.Ordinal))
        .Select(line => long.Parse(line[(name.Length + 1)..^2].Trim(), CultureInfo.InvariantCulture)).Single();

    /// <summary>Takes what native code writes to file descriptor 2 from its making to <see cref="End"/>.</summary>
    private sealed partial class StandardErrorCapture : IDisposable
    {
        private readonly string _path = Path.GetTempFileName();
        private int _saved = -1;

        public StandardErrorCapture()
        {
            using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite);
            _saved = Duplicate(2);
            Assert.True(DuplicateTo((int)file.DangerousGetHandle(), 2) == 2);
        }

        public string End()
        {
            Dispose();
            return Text;
        }

        private string Text { get; set; } = "";

        public void Dispose()
        {
            if (_saved < 0)
                return;
            _ = DuplicateTo(_saved, 2);
            _ = Close(_saved);
            _saved = -1;
            Text = File.ReadAllText(_path);
            File.Delete(_path);
        }

        [LibraryImport("libc", EntryPoint = "dup")]
        private static partial int Duplicate(int descriptor);

        [LibraryImport("libc", EntryPoint = "dup2")]
        private static partial int DuplicateTo(int from, int to);

        [LibraryImport("libc", EntryPoint = "close")]
        private static partial int Close(int descriptor);
    }

    private static byte[] Mutate(byte[] whole, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                return Mutants.BitsFlipped(whole, random);
            case 1:
                return Mutants.BytesDrawn(whole, 8, 0, 400, random);
            case 2:
                return Mutants.Extreme(whole, random);
            case 3: // a piece copied elsewhere
                var mutant = (byte[])whole.Clone();
                var length = random.Next(1, Math.Min(200, mutant.Length / 2));
                mutant.AsSpan(random.Next(mutant.Length - length), length).CopyTo(mutant.AsSpan(random.Next(mutant.Length - length)));
                return mutant;
            default:
                return Mutants.Cut(whole, random);
        }
    }
}
