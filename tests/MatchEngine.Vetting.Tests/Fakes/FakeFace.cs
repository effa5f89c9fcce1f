using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Fakes;

/// <summary>
/// A face without a network: a real photo of four by four coloured fields, and a template that is their colours. It outlives a crop,
/// another format and, for whoever heeds EXIF, a turn; a picture of one colour shows nobody,
/// and one twice as wide as high shows two people.
/// </summary>
internal static class FakeFace
{
    private const int Fields = 4, Side = 64;

    /// <summary>How long a template is.</summary>
    public const int Dimension = 3 * Fields * Fields;

    /// <summary>A photo of a person.</summary>
    /// <param name="person">Who.</param>
    /// <param name="capture">Which photo of them; 0 is the plainest.</param>
    /// <param name="noise">How much captures differ, in steps of a colour.</param>
    public static byte[] Photo(int person, int capture = 0, int noise = 24)
    {
        using var image = new Image(Side, Side);
        var colours = Colours(person, capture, noise);
        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
                for (var channel = 0; channel < 3; channel++)
                    image.Row(y)[3 * x + channel] =
                        colours[3 * (y * Fields / Side * Fields + x * Fields / Side) + channel];
        return ImageEncoder.ToJpeg(image, 95);
    }

    /// <summary>A photo as the port takes it.</summary>
    public static PhotoInput Input(int person, int capture = 0) => new(Photo(person, capture));

    /// <summary>The template of a photo, of unit length.</summary>
    /// <exception cref="FakeRefusal">It is no image, or shows no face, or two.</exception>
    public static float[] Template(ReadOnlyMemory<byte> photo)
    {
        using var image = Decode(photo);
        if (image.Width >= 1.8 * image.Height)
            throw new FakeRefusal(FailureKind.SeveralFaces, "multiple_faces", "two faces");
        var values = new float[Dimension];
        for (var field = 0; field < Fields * Fields; field++)
            for (var channel = 0; channel < 3; channel++)
            {
                var (x, y) = (
                    (2 * (field % Fields) + 1) * image.Width / (2 * Fields), (2 * (field / Fields) + 1) * image.Height / (2 * Fields));
                values[3 * field + channel] = image.Row(y)[3 * x + channel];
            }
        var mean = values.Average();
        for (var i = 0; i < values.Length; i++)
            values[i] -= mean;
        var length = MathF.Sqrt(values.Sum(value => value * value));
        if (length < 8 * MathF.Sqrt(Dimension))
            throw new FakeRefusal(FailureKind.NoFace, "no_face", "no face was found");
        return [.. values.Select(value => value / length)];
    }

    private static Image Decode(ReadOnlyMemory<byte> photo)
    {
        try
        {
            return ImageDecoder.Decode(photo.Span, new ImageLimits(MaxBytes: 4 << 20, MaxPixels: 4_000_000, MaxDecodedPixels: 4_000_000));
        }
        catch (AcquisitionException error) when (error.Reason is AcquisitionFailure.TooLarge or AcquisitionFailure.TooManyPixels)
        {
            throw new FakeRefusal(FailureKind.TooLarge, "image_too_large", "too large");
        }
        catch (AcquisitionException)
        {
            throw new FakeRefusal(FailureKind.UnreadableImage, "image_invalid", "no image that is read here");
        }
    }

    private static byte[] Colours(int person, int capture, int noise)
    {
        var who = new Random(1000 + person);
        var when = new Random(HashCode(person, capture));
        return [.. Enumerable.Range(0, Dimension).Select(_ =>
            (byte)(who.Next(40, 216) + (capture == 0 ? 0 : when.Next(-noise, noise + 1))))];
    }

    // The framework's own differs from process to process.
    private static int HashCode(int person, int capture) => unchecked(person * 7919 + capture * 104_729 + 17);
}

/// <summary>The fake service says no.</summary>
internal sealed class FakeRefusal(FailureKind kind, string code, string detail) : Exception(detail)
{
    /// <summary>What kind of no.</summary>
    public FailureKind Kind { get; } = kind;

    /// <summary>Its code.</summary>
    public string Code { get; } = code;
}
