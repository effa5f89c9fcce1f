using MatchEngine.Faces.Native;

namespace MatchEngine.Faces.Images;

/// <summary>From pixels to the bytes of a JPEG, PNG or WebP. No metadata is written.</summary>
public static unsafe class ImageEncoder
{
    /// <summary>Encodes as JPEG.</summary>
    /// <param name="image">The pixels; only read.</param>
    /// <param name="quality">1 (smallest) … 100 (best).</param>
    /// <exception cref="ArgumentOutOfRangeException">The quality is not within 1 … 100.</exception>
    /// <exception cref="InvalidOperationException">The image is too large for the format (65,535 pixels a side).</exception>
    public static byte[] ToJpeg(Image image, int quality = 90)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        Span<byte> text = stackalloc byte[4];
        _ = quality.TryFormat(text, out _);
        return Encode(image, "jpegsave_buffer"u8, "Q"u8, text);
    }

    /// <summary>Encodes as PNG, without loss.</summary>
    /// <param name="image">The pixels; only read.</param>
    /// <exception cref="InvalidOperationException">libvips refuses the image.</exception>
    public static byte[] ToPng(Image image) => Encode(image, "pngsave_buffer"u8, "compression"u8, "6"u8);

    /// <summary>Encodes as WebP, without loss.</summary>
    /// <param name="image">The pixels; only read.</param>
    /// <exception cref="InvalidOperationException">The image is too large for the format (16,383 pixels a side).</exception>
    public static byte[] ToWebP(Image image) => Encode(image, "webpsave_buffer"u8, "lossless"u8, "true"u8);

    private static byte[] Encode(Image image, ReadOnlySpan<byte> saver, ReadOnlySpan<byte> option, ReadOnlySpan<byte> value)
    {
        ArgumentNullException.ThrowIfNull(image);
        Vips.EnsureStarted();
        fixed (byte* pixels = image.Pixels)
        {
            // The pixels are not copied: the operation below reads them while they are pinned here.
            var source = Vips.ImageFromMemory(pixels, (nuint)image.Pixels.Length, image.Width, image.Height, 3, 0);
            try
            {
                var save = new VipsOperation(saver);
                save.Set("in"u8, source);
                save.Set(option, value);
                save.Set("keep"u8, "none"u8);
                return save.RunToBytes()
                    ?? throw new InvalidOperationException($"an image of {image.Width} × {image.Height} pixels could not be encoded");
            }
            finally
            {
                Vips.Unref(source);
            }
        }
    }
}
