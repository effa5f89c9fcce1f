using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using MatchEngine.Faces.Native;

namespace MatchEngine.Faces.Images;

/// <summary>
/// From the bytes of a JPEG, PNG, WebP, TIFF, AVIF, GIF (first frame), BMP or PPM to upright 8-bit RGB pixels. Size limits are checked
/// before a pixel is decoded, damaged and truncated files are refused, the EXIF orientation is applied, and CMYK, grey, 16-bit and
/// transparent images are converted. A JPEG that lacks nothing but its end marker is read (<see cref="Image.Remark"/>). What this decoder
/// does not read and another one might, <see cref="Isolation.ImageDecoders"/> hands on.
/// </summary>
/// <remarks>
/// libvips reads the image as a stream of strips (never the whole picture at once, and never through a temporary file); each strip is
/// copied to its upright place and overwritten. A picture of more than <see cref="ImageLimits.MaxDecodedPixels"/> is scaled down on the
/// way: a JPEG by its codec, others by the mean of squares. What libvips and the codecs hold meanwhile (their strip and row buffers; for
/// progressive JPEG, WebP, AVIF and GIF a whole picture's worth) is freed by them without being overwritten.
/// </remarks>
public static unsafe class ImageDecoder
{
    private const int Rgb16 = 25, Srgb = 22, Cmyk = 15; // VipsInterpretation
    private const int FormatUchar = 0; // VipsBandFormat

    // CMYK with transparency has five; 16-bit RGB with transparency takes eight bytes.
    private const int MaxBands = 8, MaxBytesPerPixel = 8;

    // A JPEG's codec scales by powers of two: it leaves out frequencies.
    private const int MaxJpegFactor = 8;

    // Bytes of a strip: small enough for the second-level cache, large enough that the cost of a call does not count.
    private const int StripBytes = 256 << 10;

    /// <summary>Decodes an image.</summary>
    /// <param name="bytes">The encoded image; only read.</param>
    /// <param name="limits">How big it may be; <see cref="ImageLimits.Default"/> when null.</param>
    /// <param name="cancellationToken">Looked at between strips: a picture that a codec gives row by row can be given up in its
    /// middle, others are bounded by <see cref="ImageLimits.MaxDecodedPixels"/>.</param>
    /// <returns>The upright pixels; dispose of them to have them overwritten.</returns>
    /// <exception cref="AcquisitionException">Too large, of an unsupported format, truncated or damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Image Decode(ReadOnlySpan<byte> bytes, ImageLimits? limits = null, CancellationToken cancellationToken = default)
    {
        limits ??= ImageLimits.Default;
        CheckByteSize(bytes.Length, limits);
        var format = ImageFormats.Sniff(bytes);
        switch (format)
        {
            // Two formats so simple that code of ours reads them: libvips' build has no loader for them.
            case ImageFormat.Netpbm:
                return NetpbmReader.Read(bytes, limits);
            case ImageFormat.Bmp:
                return BmpReader.Read(bytes, limits);
            case ImageFormat.Tiff when TiffKind.BeyondVips(bytes) is not null:
                throw Unsupported(format, bytes);
        }
        try
        {
            return Decode(format, bytes, limits, "error"u8, cancellationToken);
        }
        catch (AcquisitionException error) when (error.Reason == AcquisitionFailure.Undecodable
            && format == ImageFormat.Jpeg && format.LooksCutShort(bytes) && JpegScans.AreComplete(bytes))
        {
            return DecodeWithEnd(bytes, limits, cancellationToken) ?? throw new AcquisitionException(error.Reason, error.Message);
        }
    }

    /// <summary>Decodes a JPEG with an end marker behind what there is of it; null when it lacks more, or is damaged otherwise.</summary>
    private static Image? DecodeWithEnd(ReadOnlySpan<byte> bytes, ImageLimits limits, CancellationToken cancellationToken)
    {
        // Data that end within a block are filled up with a warning, which libvips passes over in the last rows. Where all are there, what
        // stands behind them changes no pixel.
        Image? image = null;
        try
        {
            image = DecodeWith([0xFF, 0xD9], "warning"u8, bytes, limits, cancellationToken);
            // A last FF may have been the first half of a stuffed byte.
            byte[] more = [.. bytes[^1] == 0xFF ? new byte[1] : [], .. Enumerable.Repeat((byte)0xAA, 64), 0xFF, 0xD9];
            using var other = DecodeWith(more, "error"u8, bytes, limits, cancellationToken);
            if (image.Pixels.SequenceEqual(other.Pixels))
            {
                image.Remark = ImageRemark.EndMissing;
                return image;
            }
        }
        catch (AcquisitionException error) when (error.Reason == AcquisitionFailure.Undecodable)
        {
            // As it was said before the end was put behind it.
        }
        catch
        {
            image?.Dispose();
            throw;
        }
        image?.Dispose();
        return null;
    }

    private static Image DecodeWith(
        byte[] end, ReadOnlySpan<byte> failOn, ReadOnlySpan<byte> bytes, ImageLimits limits, CancellationToken cancellationToken)
    {
        var whole = GC.AllocateUninitializedArray<byte>(bytes.Length + end.Length, pinned: true);
        try
        {
            bytes.CopyTo(whole);
            end.CopyTo(whole, bytes.Length);
            return Decode(ImageFormat.Jpeg, whole, limits, failOn, cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(whole);
        }
    }

    private static Image Decode(
        ImageFormat format, ReadOnlySpan<byte> bytes, ImageLimits limits, ReadOnlySpan<byte> failOn, CancellationToken cancellationToken)
    {
        var loader = format switch
        {
            ImageFormat.Jpeg => "jpegload_buffer"u8,
            ImageFormat.Png => "pngload_buffer"u8,
            ImageFormat.WebP => "webpload_buffer"u8,
            ImageFormat.Tiff => "tiffload_buffer"u8,
            ImageFormat.Gif => "gifload_buffer"u8,
            ImageFormat.Avif => "heifload_buffer"u8,
            _ => throw Unsupported(format, bytes),
        };
        fixed (byte* data = bytes)
        {
            var image = Load(loader, data, bytes.Length, 1, failOn);
            if (image == 0)
                throw Damaged(format, bytes);
            try
            {
                var (width, height) = (Vips.Width(image), Vips.Height(image));
                CheckPixels(width, height, limits);
                var factor = limits.FactorFor(width, height);
                if (factor > 1 && HeldWhole(format, image) is { } kind)
                    CheckHeldWhole(width, height, kind, limits);
                CheckDepth(format, image, factor > 1 ? limits.MaxPixels : Math.Min(limits.MaxPixels, limits.MaxDecodedPixels));
                var orientation = Vips.Orientation(image);
                if (factor > 1 && format == ImageFormat.Jpeg)
                {
                    var step = (int)Math.Min(MaxJpegFactor, BitOperations.RoundUpToPowerOf2((uint)factor));
                    if (!Replace(ref image, Load(loader, data, bytes.Length, step, failOn)))
                        throw Damaged(format, bytes);
                    factor = limits.FactorFor(Vips.Width(image), Vips.Height(image));
                }
                if (!ToRgb(ref image) || (factor > 1 && !Shrink(ref image, factor, limits)))
                    throw Damaged(format, bytes);
                return ReadUpright(image, width, height, orientation, cancellationToken) ?? throw Damaged(format, bytes);
            }
            finally
            {
                Vips.Unref(image);
                Vips.ErrorClear();
            }
        }
    }

    /// <summary>Checks the size of an encoded image before it is read.</summary>
    /// <exception cref="AcquisitionException">It is above <see cref="ImageLimits.MaxBytes"/>.</exception>
    public static void CheckByteSize(long bytes, ImageLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (bytes > limits.MaxBytes)
            throw new AcquisitionException(
                AcquisitionFailure.TooLarge,
                $"the file has {bytes / 1048576.0:0.#} MiB; at most {limits.MaxBytes / 1048576.0:0.#} MiB are read. "
                    + "Scale it down or compress it more");
    }

    /// <summary>Checks the size that a header announces.</summary>
    /// <exception cref="AcquisitionException">It is above <see cref="ImageLimits.MaxPixels"/>.</exception>
    internal static void CheckPixels(int width, int height, ImageLimits limits)
    {
        if ((long)width * height > limits.MaxPixels)
            throw TooMany(width, height, limits.MaxPixels, "");
    }

    /// <summary>Checks the size of a picture that its codec holds in full.</summary>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="limits">How many pixels are held.</param>
    /// <exception cref="AcquisitionException">It is above <see cref="ImageLimits.MaxDecodedPixels"/>.</exception>
    public static void CheckHeldWhole(int width, int height, string kind, ImageLimits limits)
    {
        CheckPixels(width, height, limits);
        if (limits.FactorFor(width, height) > 1)
            throw TooMany(
                width, height, limits.MaxDecodedPixels,
                $" of a {kind}, which has to be held in full; a baseline JPEG may have {Megapixels(limits.MaxPixels)}");
    }

    /// <summary>
    /// Makes the image for a picture whose rows come one by one: scaled down by a whole factor where it has too many pixels to be held.
    /// </summary>
    /// <param name="width">Width of the picture.</param>
    /// <param name="height">Height of the picture.</param>
    /// <param name="limits">How many pixels are held.</param>
    /// <returns>The image, still black, and the factor; a <see cref="RowReducer"/> fills it.</returns>
    /// <exception cref="AcquisitionException">The picture is so thin that nothing would be left of it.</exception>
    internal static (Image Image, int Factor) Reduced(int width, int height, ImageLimits limits)
    {
        var factor = limits.FactorFor(width, height);
        CheckSides(width, height, factor, limits);
        return (new Image(width / factor, height / factor, width, height), factor);
    }

    private static void CheckSides(int width, int height, int factor, ImageLimits limits)
    {
        if (Math.Min(width, height) < factor)
            throw TooMany(width, height, limits.MaxDecodedPixels, " of so thin a picture");
    }

    private static AcquisitionException TooMany(int width, int height, long most, string of) => new(
        AcquisitionFailure.TooManyPixels,
        $"the image has {width} × {height} pixels; at most {Megapixels(most)} are read{of}. Scale it down");

    private static string Megapixels(long pixels) => $"{pixels / 1e6:0.#} megapixels";

    /// <summary>What kind of picture it is, if its codec holds all pixels at once; null if it gives them row by row.</summary>
    private static string? HeldWhole(ImageFormat format, nint image) => format switch
    {
        ImageFormat.Jpeg => IsSet(image, "jpeg-multiscan"u8) ? "progressive JPEG" : null,
        ImageFormat.Png => IsSet(image, "interlaced"u8) ? "interlaced PNG" : null,
        _ => format.Name(),
    };

    /// <summary>Opens an encoded image; 0 when its header is damaged.</summary>
    /// <param name="loader">The loader.</param>
    /// <param name="data">The encoded image, which stays where it is while the result lives.</param>
    /// <param name="length">Its bytes.</param>
    /// <param name="factor">1, or for JPEG also 2, 4 and 8: by what it is scaled down.</param>
    /// <param name="failOn">From which kind of complaint on its codec gives up: error or warning.</param>
    private static nint Load(ReadOnlySpan<byte> loader, byte* data, int length, int factor, ReadOnlySpan<byte> failOn)
    {
        var load = new VipsOperation(loader);
        load.Set("buffer"u8, data, (nuint)length);
        load.Set("access"u8, "sequential"u8);
        load.Set("fail_on"u8, failOn);
        if (factor > 1)
            load.Set("shrink"u8, [(byte)('0' + factor), 0]);
        return load.RunToImage();
    }

    /// <summary>
    /// Replaces <paramref name="image"/> by one scaled down by a whole factor, strip by strip; false when libvips cannot.
    /// </summary>
    private static bool Shrink(ref nint image, int factor, ImageLimits limits)
    {
        CheckSides(Vips.Width(image), Vips.Height(image), factor, limits);
        Span<byte> text = stackalloc byte[12];
        text.Clear();
        _ = factor.TryFormat(text, out _, provider: CultureInfo.InvariantCulture);
        var shrink = new VipsOperation("shrink"u8);
        shrink.Set("in"u8, image);
        shrink.Set("hshrink"u8, text);
        shrink.Set("vshrink"u8, text);
        return Replace(ref image, shrink.RunToImage());
    }

    /// <summary>
    /// Checks what a header announces of each pixel: libraries take memory for channels that nobody will look at, however many there are.
    /// </summary>
    private static void CheckDepth(ImageFormat format, nint image, long pixels)
    {
        // VipsBandFormat
        var (bands, bytes) = (
            Vips.Bands(image), Vips.Format(image) switch { 0 or 1 => 1, 2 or 3 => 2, 4 or 5 or 6 => 4, 7 or 8 => 8, _ => 16 });
        if (bands is < 1 or > MaxBands)
            throw new AcquisitionException(
                AcquisitionFailure.UnsupportedFormat,
                $"the {format.Name()} has {bands} channels; at most {MaxBands} are read. Convert it to 8-bit RGB");
        if ((long)Vips.Width(image) * Vips.Height(image) * bands * bytes > MaxBytesPerPixel * pixels)
            throw new AcquisitionException(
                AcquisitionFailure.TooManyPixels,
                $"the {format.Name()} holds {bands * bytes} bytes a pixel, which is too much for so many pixels. "
                    + "Convert it to 8-bit RGB or scale it down");
    }

    /// <summary>What is said of a file that no decoder here reads.</summary>
    internal static AcquisitionException Unsupported(ImageFormat format, ReadOnlySpan<byte> bytes) => new(
        AcquisitionFailure.UnsupportedFormat,
        bytes.IsEmpty ? "the file is empty"
        : format == ImageFormat.Unknown ? $"the file is no image that is known here; {Known} are read"
        : format == ImageFormat.Jpeg2000 ? "JPEG 2000 is not read here; convert it to PNG, for example with opj_decompress of OpenJPEG"
        : format == ImageFormat.Tiff && TiffKind.BeyondVips(bytes) is { } kind
            ? $"a TIFF {kind} is not read here; save it as plain 8-bit RGB, or convert it to PNG"
        : format == ImageFormat.AnsiNist
            ? "an ANSI/NIST-ITL file is no image but holds some; 'matchengine search', 'compare' and 'detect' take it, "
                + "'matchengine an2 extract' takes its photo out"
        : $"{format.Name()} is not read here; convert it to JPEG or PNG");

    private static string Known => SecondDecoder.IsInstalled
        ? "JPEG, PNG, WebP, TIFF, AVIF, HEIC, JPEG 2000, GIF, BMP and PPM"
        : "JPEG, PNG, WebP, TIFF, AVIF, GIF, BMP and PPM";

    private static AcquisitionException Damaged(ImageFormat format, ReadOnlySpan<byte> bytes) => new(
        AcquisitionFailure.Undecodable,
        format.LooksCutShort(bytes)
            ? $"the {format.Name()} is cut short: its end is missing. Fetch it again from its source"
            : $"the {format.Name()} is damaged and cannot be decoded in full. Fetch it again from its source");

    /// <summary>Replaces <paramref name="image"/> by one of three 8-bit bands in sRGB; false when libvips cannot.</summary>
    private static bool ToRgb(ref nint image)
    {
        if (Vips.Interpretation(image) == Cmyk && HasField(image, "icc-profile-data"u8))
        {
            // The profile says what the inks look like; libvips has a general one for images without it or with a broken one.
            var transform = new VipsOperation("icc_transform"u8);
            transform.Set("in"u8, image);
            transform.Set("output_profile"u8, "srgb"u8);
            transform.Set("embedded"u8, "true"u8);
            if (transform.RunToImage() is var converted and not 0)
                Replace(ref image, converted);
        }
        if (Vips.Interpretation(image) != Srgb || Vips.Format(image) != FormatUchar)
        {
            var convert = new VipsOperation("colourspace"u8);
            convert.Set("in"u8, image);
            convert.Set("space"u8, "srgb"u8);
            if (!Replace(ref image, convert.RunToImage()))
                return false;
        }
        if (Vips.HasAlpha(image) != 0)
        {
            // White, the colour of the page on which a picture with holes is usually seen.
            var flatten = new VipsOperation("flatten"u8);
            flatten.Set("in"u8, image);
            flatten.Set("background"u8, "255"u8);
            if (!Replace(ref image, flatten.RunToImage()))
                return false;
        }
        if (Vips.Bands(image) > 3)
        {
            var extract = new VipsOperation("extract_band"u8);
            extract.Set("in"u8, image);
            extract.Set("band"u8, "0"u8);
            extract.Set("n"u8, "3"u8);
            if (!Replace(ref image, extract.RunToImage()))
                return false;
        }
        if (Vips.Format(image) != FormatUchar)
        {
            var cast = new VipsOperation("cast"u8);
            cast.Set("in"u8, image);
            cast.Set("format"u8, "uchar"u8);
            if (!Replace(ref image, cast.RunToImage()))
                return false;
        }
        return Vips.Bands(image) == 3;
    }

    private static bool HasField(nint image, ReadOnlySpan<byte> name)
    {
        fixed (byte* text = name)
            return Vips.FieldType(image, text) != 0;
    }

    private static bool IsSet(nint image, ReadOnlySpan<byte> name)
    {
        var value = 0;
        fixed (byte* text = name)
            return Vips.FieldType(image, text) != 0 && Vips.FieldNumber(image, text, &value) == 0 && value != 0;
    }

    private static bool Replace(ref nint image, nint next)
    {
        if (next == 0)
            return false;
        Vips.Unref(image);
        image = next;
        return true;
    }

    private static Image? ReadUpright(
        nint source, int originalWidth, int originalHeight, int orientation, CancellationToken cancellationToken)
    {
        var (width, height) = (Vips.Width(source), Vips.Height(source));
        var region = Vips.RegionNew(source);
        if (region == 0)
            return null;
        var turned = orientation is >= 5 and <= 8;
        var upright = turned
            ? new Image(height, width, originalHeight, originalWidth)
            : new Image(width, height, originalWidth, originalHeight);
        try
        {
            var rows = Math.Clamp(StripBytes / (3 * width), 1, height);
            for (var top = 0; top < height; top += rows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var count = Math.Min(rows, height - top);
                nuint length;
                var strip = Vips.RegionFetch(region, 0, top, width, count, &length);
                if (strip is null)
                {
                    upright.Dispose();
                    return null;
                }
                var pixels = new Span<byte>(strip, checked((int)length));
                Orientation.Place(pixels, width, height, top, orientation, upright);
                CryptographicOperations.ZeroMemory(pixels);
                Vips.Free(strip);
            }
            return upright;
        }
        catch
        {
            upright.Dispose();
            throw;
        }
        finally
        {
            Vips.Unref(region);
        }
    }
}
