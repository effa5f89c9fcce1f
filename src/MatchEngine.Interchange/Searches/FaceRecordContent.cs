using MatchEngine.Interchange.Fields;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Searches;

/// <summary>
/// What a face record is built from: an image and what is known of it. The caller gives its size;
/// <see cref="ImageHeader"/> reads it from the bytes.
/// </summary>
public sealed record FaceRecordContent
{
    /// <summary>10.999 DATA: the encoded image, or bare pixels with <see cref="Compression"/> NONE. Referred to, not copied.</summary>
    public required ReadOnlyMemory<byte> Image { get; init; }

    /// <summary>10.006 HLL: 10 … 99999 pixels.</summary>
    public required int Width { get; init; }

    /// <summary>10.007 VLL: 10 … 99999 pixels.</summary>
    public required int Height { get; init; }

    /// <summary>10.011 CGA; see <see cref="CompressionAlgorithms"/>.</summary>
    public required string Compression { get; init; }

    /// <summary>10.012 CSP; see <see cref="ColorSpaces"/>.</summary>
    public required string ColorSpace { get; init; }

    /// <summary>10.004 SRC: who took the photo.</summary>
    public required string SourceAgency { get; init; }

    /// <summary>10.005 PHD: when.</summary>
    public required DateOnly PhotoDate { get; init; }

    /// <summary>10.013 SAP; 0: unknown.</summary>
    public int AcquisitionProfile { get; init; }

    /// <summary>10.020 POS: F, R, L or A; null writes none.</summary>
    public string? Pose { get; init; }

    /// <summary>10.026 SXS, e.g. NEUTRAL; mandatory for profiles 40, 50 and 51.</summary>
    public IReadOnlyList<string> FacialDescription { get; init; } = [];

    /// <summary>10.027 SEC; mandatory for profiles 40, 50 and 51.</summary>
    public string? EyeColor { get; init; }

    /// <summary>10.028 SHC; mandatory for profiles 40, 50 and 51.</summary>
    public string? HairColor { get; init; }

    /// <summary>10.038 COM; null writes none.</summary>
    public string? Comment { get; init; }

    /// <summary>Builds the record.</summary>
    /// <param name="idc">Its IDC.</param>
    /// <exception cref="ArgumentException">There is no image, or a value is not one of the standard's.</exception>
    public RecordBuilder ToRecord(int idc)
    {
        if (Image.IsEmpty)
            throw new ArgumentException("a face record needs an image");
        if (Width is < 10 or > 99999 || Height is < 10 or > 99999)
            throw new ArgumentException(
                $"the image has {Width} × {Height} pixels; the standard allows 10 … 99999 each way (clause 8.10.6)");
        if (!CompressionAlgorithms.IsForPhotos(Compression))
            throw new ArgumentException($"'{Compression}' is no compression of a photo (10.011)");
        if (!ColorSpaces.IsKnown(ColorSpace))
            throw new ArgumentException($"'{ColorSpace}' is no colour space of the standard (10.012)");
        var record = new RecordBuilder(10, idc)
            .Add(3, ImageTypes.Face)
            .Add(4, SourceAgency)
            .Add(5, Numbers.Date(PhotoDate))
            .Add(6, Width)
            .Add(7, Height)
            .Add(8, 0) // no units: the scales say that pixels are square
            .Add(9, 1)
            .Add(10, 1)
            .Add(11, Compression)
            .Add(12, ColorSpace)
            .Add(13, AcquisitionProfile);
        if (Pose is not null)
            record.Add(20, Pose);
        if (FacialDescription.Count > 0)
            record.Add(26, FacialDescription.Select(code => new[] { code }));
        if (EyeColor is not null)
            record.Add(27, EyeColor);
        if (HairColor is not null)
            record.Add(28, HairColor);
        if (Comment is not null)
            record.Add(38, Comment);
        return record.AddData(Image);
    }
}
