using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Images.Isolation;
using MatchEngine.Galleries.Images;

namespace MatchEngine.Frs.Extraction;

/// <summary>Pictures for people's eyes, decoded as probes are: in processes of their own when the settings say so.</summary>
/// <param name="options">How they are decoded.</param>
public sealed class Pictures(FrsOptions options) : IDisposable
{
    /// <summary>A step that no eye sees.</summary>
    private const int Quality = 98;

    private readonly ImageDecoders _decoder = new(options.IsolateDecoder);

    /// <summary>The whole photo, upright, as a JPEG.</summary>
    /// <exception cref="AcquisitionException">It cannot be decoded.</exception>
    public byte[] Jpeg(ReadOnlySpan<byte> photo)
    {
        using var image = _decoder.Decode(photo, options.Images);
        return ImageEncoder.ToJpeg(image, Quality);
    }

    /// <summary>A face cut out of a photo; see <see cref="FaceImage.Cut"/>.</summary>
    /// <exception cref="AcquisitionException">It cannot be decoded.</exception>
    public byte[] Crop(ReadOnlySpan<byte> photo, BoundingBox box, float margin, int size)
    {
        using var image = _decoder.Decode(photo, options.Images);
        return FaceImage.Cut(image, box, margin, size);
    }

    /// <inheritdoc/>
    public void Dispose() => _decoder.Dispose();
}
