using System.Security.Cryptography;
using ImageMagick;
using MatchEngine.Faces.Images;

namespace MatchEngine.Codecs;

/// <summary>Reads JPEG 2000 and TIFF by ImageMagick, in memory or not at all.</summary>
internal static unsafe class MagickReader
{
    // Three copies of the most pixels that are held (64 million), at 8 bits of four channels. The process has 2 GiB in all.
    private const ulong Memory = 768UL << 20;

    // Beyond any camera; a picture as thin as this has no face in it.
    private const ulong Side = 65_535;

    private const ulong Seconds = 30;

    // ImageMagick counts more pictures of a file than it is asked for.
    private const ulong Pictures = 64;

    /// <summary>Loads ImageMagick and sets its limits: no disk, one thread, no more memory than the most pixels need.</summary>
    /// <exception cref="DllNotFoundException">Its library is missing.</exception>
    public static void Start()
    {
        try
        {
            MagickNET.Initialize();
            (ResourceLimits.Disk, ResourceLimits.Thread, ResourceLimits.Time) = (0, 1, Seconds);
            (ResourceLimits.Memory, ResourceLimits.Area, ResourceLimits.MaxMemoryRequest) = (Memory, Memory / 4, Memory);
            (ResourceLimits.Width, ResourceLimits.Height, ResourceLimits.ListLength) = (Side, Side, Pictures);
            OpenCL.IsEnabled = false;
        }
        catch (TypeInitializationException error) when (error.InnerException is DllNotFoundException missing)
        {
            throw new DllNotFoundException(missing.Message, error);
        }
    }

    /// <summary>Decodes an image.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="format">Its format; not HEIC, which ImageMagick would write to a temporary file first.</param>
    /// <param name="limits">How big it may be.</param>
    /// <exception cref="Faces.AcquisitionException">It is too large, damaged or cut short.</exception>
    public static Image Read(ReadOnlySpan<byte> bytes, SecondFormat format, ImageLimits limits)
    {
        var name = format == SecondFormat.Tiff ? "TIFF" : "JPEG 2000";
        var settings = new MagickReadSettings
        {
            Format = format switch
            {
                SecondFormat.Jpeg2000 => MagickFormat.Jp2,
                SecondFormat.Jpeg2000Codestream => MagickFormat.J2k,
                SecondFormat.Tiff => MagickFormat.Tiff,
                _ => throw new ArgumentOutOfRangeException(nameof(format), format, null),
            },
        };
        try
        {
            using var magick = new MagickImage();
            magick.Ping(bytes, settings);
            CheckSize(magick, name, limits);
            magick.Read(bytes, settings);
            // Once more: a file may say one thing to who asks for its size and another to who asks for its pixels.
            CheckSize(magick, name, limits);
            return ToRgb(magick);
        }
        catch (MagickException error)
        {
            throw SecondImageDecoder.Damaged(name, error);
        }
    }

    private static void CheckSize(MagickImage magick, string name, ImageLimits limits) =>
        ImageDecoder.CheckHeldWhole(checked((int)magick.Width), checked((int)magick.Height), name, limits);

    private static Image ToRgb(MagickImage magick)
    {
        try
        {
            if (magick.ColorSpace is not (ColorSpace.sRGB or ColorSpace.Gray))
                magick.ColorSpace = ColorSpace.sRGB;
            magick.AutoOrient();
            if (magick.HasAlpha)
            {
                // White, the colour of the page on which a picture with holes is usually seen.
                magick.BackgroundColor = MagickColors.White;
                magick.Alpha(AlphaAction.Remove);
            }
            var image = new Image((int)magick.Width, (int)magick.Height);
            using var pixels = magick.GetPixelsUnsafe();
            var channels = (int)magick.ChannelCount;
            for (var y = 0; y < image.Height; y++)
            {
                var source = Row(pixels, y, image.Width, channels);
                var row = image.Row(y);
                for (var (x, from) = (0, 0); x < row.Length; x += 3, from += channels)
                    (row[x], row[x + 1], row[x + 2]) = channels >= 3
                        ? (source[from], source[from + 1], source[from + 2])
                        : (source[from], source[from], source[from]);
            }
            return image;
        }
        finally
        {
            Clear(magick);
        }
    }

    private static void Clear(MagickImage magick)
    {
        using var pixels = magick.GetPixelsUnsafe();
        for (var y = 0; y < (int)magick.Height; y++)
            CryptographicOperations.ZeroMemory(Row(pixels, y, (int)magick.Width, (int)magick.ChannelCount));
    }

    private static Span<byte> Row(IUnsafePixelCollection<byte> pixels, int y, int width, int channels) =>
        new((void*)pixels.GetAreaPointer(0, y, (uint)width, 1), width * channels);
}
