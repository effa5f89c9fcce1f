using ImageMagick;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Images.Isolation;
using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests.Isolation;

/// <summary>Images in the formats of the second decoder. Encoding them here is no test of it: what they hold is known beforehand.</summary>
internal static class OtherImages
{
    /// <summary>The kinds that can be made without a data set.</summary>
    public static readonly string[] Kinds = ["jp2", "grey jp2", "j2k", "lzma tiff", "cielab tiff", "planar tiff", "12-bit tiff"];

    /// <summary>A decoder whose processes hold the second one.</summary>
    /// <param name="patience">How long an image may take.</param>
    public static IsolatedImageDecoder Decoder(TimeSpan? patience = null) => new(new IsolationOptions
    {
        Command =
        [
            Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            Matchengine.Program, DecoderProcess.SecondVerb,
        ],
        Timeout = patience ?? TimeSpan.FromSeconds(30),
    });

    /// <summary>Skips the test where the second decoder has no libraries.</summary>
    public static void Require() => Assert.SkipUnless(SecondDecoder.IsInstalled, "needs the second decoder, which is for x64 alone");

    /// <summary>Encodes a picture.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="image">The picture; a grey kind takes its green.</param>
    public static byte[] Encode(string kind, Image image)
    {
        if (kind == "12-bit tiff")
            return TwelveBits(image);
        using var magick = new MagickImage(
            Netpbm(image), new MagickReadSettings { Format = MagickFormat.Ppm });
        switch (kind)
        {
            case "grey jp2":
                magick.Grayscale(PixelIntensityMethod.Rec601Luma);
                magick.Quality = 100;
                return magick.ToByteArray(MagickFormat.Jp2);
            case "cielab tiff":
                magick.ColorSpace = ColorSpace.Lab;
                break;
            case "lzma tiff":
                magick.Settings.Compression = CompressionMethod.LZMA;
                break;
            case "planar tiff":
                magick.Settings.Interlace = Interlace.Plane;
                magick.Settings.SetDefine(MagickFormat.Tiff, "tile-geometry", "64x64");
                break;
            default:
                magick.Quality = 100;
                return magick.ToByteArray(kind == "j2k" ? MagickFormat.J2k : MagickFormat.Jp2);
        }
        return magick.ToByteArray(MagickFormat.Tiff);
    }

    /// <summary>The HEIC of the data set; skips the test without it.</summary>
    public static byte[] Heic()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "HEIC is read on Linux");
        return File.ReadAllBytes(TestData.Require("cases/heic-from-heif-enc.heic"));
    }

    /// <summary>Two pixels of 12 bits are three bytes; rows begin at a byte (TIFF 6.0).</summary>
    private static byte[] TwelveBits(Image image)
    {
        var packed = new List<byte>();
        for (var y = 0; y < image.Height; y++)
        {
            var row = image.Row(y);
            for (var x = 0; x < image.Width; x += 2)
            {
                var (a, b) = (row[3 * x + 1] * 4095 / 255, x + 1 < image.Width ? row[3 * x + 4] * 4095 / 255 : 0);
                packed.AddRange([(byte)(a >> 4), (byte)(a << 4 | b >> 8), (byte)b]);
            }
        }
        (int Tag, int Type, int Value)[] entries =
        [
            (256, 4, image.Width), (257, 4, image.Height), (258, 3, 12), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1),
            (278, 4, image.Height), (279, 4, packed.Count),
        ];
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file);
        writer.Write("II*\0"u8);
        writer.Write(8 + packed.Count);
        writer.Write(packed.ToArray());
        writer.Write((short)entries.Length);
        foreach (var (tag, type, value) in entries)
        {
            writer.Write((short)tag);
            writer.Write((short)type);
            writer.Write(1);
            writer.Write(value);
        }
        writer.Write(0);
        return file.ToArray();
    }

    private static byte[] Netpbm(Image image) =>
        [.. System.Text.Encoding.ASCII.GetBytes($"P6\n{image.Width} {image.Height}\n255\n"), .. image.Pixels];
}
