using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces.Images;

/// <summary>
/// Upright pixels in memory: 8-bit RGB, interleaved, rows from top to bottom without padding. The memory is unmanaged, so the garbage
/// collector never copies it, and it is overwritten with zeros when the image is disposed of.
/// </summary>
/// <remarks>
/// A very large picture is held scaled down (<see cref="ImageLimits.MaxDecodedPixels"/>). What is told of the faces in it, boxes and
/// points, is in pixels of the original all the same: the upright picture of the file,
/// <see cref="OriginalWidth"/> × <see cref="OriginalHeight"/>.
/// </remarks>
public sealed unsafe class Image : IDisposable
{
    private byte* _pixels;

    /// <summary>Makes a black image.</summary>
    /// <param name="width">Width in pixels, above 0.</param>
    /// <param name="height">Height in pixels, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is not positive, or the pixels would exceed 2 GiB.</exception>
    /// <exception cref="OutOfMemoryException">The system has no memory for the pixels.</exception>
    public Image(int width, int height)
        : this(width, height, width, height)
    {
    }

    /// <summary>Makes a black image for a picture that is held scaled down.</summary>
    internal Image(int width, int height, int originalWidth, int originalHeight)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var bytes = 3L * width * height;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, int.MaxValue, nameof(height));
        (Width, Height, OriginalWidth, OriginalHeight) = (width, height, originalWidth, originalHeight);
        _pixels = (byte*)NativeMemory.AllocZeroed((nuint)bytes);
        GC.AddMemoryPressure(bytes);
    }

    /// <summary>Releases the memory of an image that nobody disposed of.</summary>
    ~Image() => Release();

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width in pixels of the upright picture of the file; <see cref="Width"/> unless the picture is held scaled down.</summary>
    public int OriginalWidth { get; }

    /// <summary>Height in pixels of the upright picture of the file; <see cref="Height"/> unless the picture is held scaled down.</summary>
    public int OriginalHeight { get; }

    /// <summary>What is to be said of the file that it was read from.</summary>
    public ImageRemark Remark { get; internal set; }

    /// <summary>All pixels: 3 × <see cref="Width"/> × <see cref="Height"/> bytes.</summary>
    /// <exception cref="ObjectDisposedException">The image was disposed of.</exception>
    public Span<byte> Pixels
    {
        get
        {
            ObjectDisposedException.ThrowIf(_pixels is null, this);
            return new(_pixels, 3 * Width * Height);
        }
    }

    /// <summary>One row: 3 × <see cref="Width"/> bytes.</summary>
    /// <param name="y">0 … <see cref="Height"/> − 1.</param>
    /// <exception cref="ObjectDisposedException">The image was disposed of.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No such row.</exception>
    public Span<byte> Row(int y) => Pixels.Slice(3 * Width * y, 3 * Width);

    /// <summary>Makes an image of a part of this one, turned and scaled as the transform says. Beyond the edges lies black.</summary>
    /// <param name="toSource">From the new image's coordinates to this one's; pixel centres are at whole numbers.</param>
    /// <param name="width">Width of the new image, above 0.</param>
    /// <param name="height">Height of the new image, above 0.</param>
    /// <exception cref="ObjectDisposedException">The image was disposed of.</exception>
    public Image Crop(SimilarityTransform toSource, int width, int height) => Resampler.Crop(this, toSource, width, height);

    /// <summary>Overwrites the pixels and gives the memory back.</summary>
    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (_pixels is null)
            return;
        CryptographicOperations.ZeroMemory(new Span<byte>(_pixels, 3 * Width * Height));
        NativeMemory.Free(_pixels);
        _pixels = null;
        GC.RemoveMemoryPressure(3L * Width * Height);
    }
}
