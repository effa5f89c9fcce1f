using System.Text.Json;
using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Interchange;

namespace MatchEngine.Cli.Tests.Commands;

/// <summary>Every reason of refusal, by a real file, with the advice that an operator reads.</summary>
public sealed class RefusalTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    public static TheoryData<AcquisitionFailure> Reasons => [.. Enum.GetValues<AcquisitionFailure>()];

    [Theory]
    [MemberData(nameof(Reasons))]
    public void A_probe_is_refused_with_reason_and_advice(AcquisitionFailure reason)
    {
        var (file, advice, more) = Make(reason);
        _cli.Run("gallery", "create", "people").Expect(0);
        string[] arguments = ["search", "-g", "people", file, "--json", .. more];
        Assert.SkipWhen(reason == AcquisitionFailure.DecoderFailed && !OperatingSystem.IsLinux(), "finds the decoding process by /proc");
        var outcome = (reason == AcquisitionFailure.DecoderFailed ? _cli.RunKillingDecoder(arguments) : _cli.Run(arguments)).Expect(2);
        var error = outcome.Json.GetProperty("error");
        Assert.Equal(reason.ToCode(), error.GetProperty("reason").GetString());
        Assert.Contains(advice, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        var line = Assert.Single(outcome.Error.TrimEnd().Split('\n'));
        Assert.StartsWith("matchengine: ", line, StringComparison.Ordinal);
        Assert.Contains(advice, line, StringComparison.Ordinal);
        Assert.Equal(reason == AcquisitionFailure.LowQuality, error.TryGetProperty("quality", out _));
    }

    private (string File, string Advice, string[] More) Make(AcquisitionFailure reason)
    {
        switch (reason)
        {
            case AcquisitionFailure.Unreadable:
                return (_cli.File("nowhere.jpg"), "nowhere.jpg", []);
            case AcquisitionFailure.TooLarge:
                return (Write("large.jpg", new byte[ImageLimits.Default.MaxBytes + 1]), "Scale it down", []);
            case AcquisitionFailure.TooManyPixels:
                return (Write("wide.pgm", [.. "P5 60000 60000 255\n"u8, .. new byte[20]]), "Scale it down", []);
            case AcquisitionFailure.UnsupportedFormat:
                return (Write("page.pdf", [.. "%PDF-1.7\n"u8]), "convert it to JPEG or PNG", []);
            case AcquisitionFailure.Undecodable:
                return (Write("half.jpg", File.ReadAllBytes(Matchengine.Sample(2))[..20_000]), "Fetch it again", []);
            case AcquisitionFailure.NoFace:
                using (var blank = new Image(200, 200))
                    return (Write("blank.png", ImageEncoder.ToPng(blank)), "the picture is nearly black", []);
            case AcquisitionFailure.MultipleFaces:
                return (Matchengine.Sample(4), "choose one by its number", []);
            case AcquisitionFailure.NoSuchFace:
                return (Matchengine.Sample(4), "the image has 4", ["--face", "9"]);
            case AcquisitionFailure.LowQuality:
                return (Write("blurred.png", Blurred()), "the face is blurred", []);
            case AcquisitionFailure.DecoderFailed:
                return (Matchengine.Sample(2), "Convert it to a plain JPEG or PNG", ["--isolate-decoder"]);
            default:
                throw new ArgumentOutOfRangeException(nameof(reason), reason, "a new reason needs a file that shows it");
        }
    }

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(_cli.File(name), bytes);
        return _cli.File(name);
    }

    /// <summary>A face of twelve pixels between the eyes, made large again.</summary>
    private byte[] Blurred()
    {
        Portraits.Write(_cli.File("photos"));
        using var portrait = ImageDecoder.Decode(File.ReadAllBytes(_cli.File("photos/p30-a.jpg")));
        const int Small = 24;
        using var thumbnail = portrait.Crop(
            new SimilarityTransform(
                (float)portrait.Width / Small, 0, portrait.Width / (2f * Small) - 0.5f, portrait.Height / (2f * Small) - 0.5f),
            Small, Small);
        using var enlarged = thumbnail.Crop(new SimilarityTransform(Small / 240f, 0, 0, 0), 240, 240);
        return ImageEncoder.ToPng(enlarged);
    }

    [Fact]
    public void A_poor_photo_is_refused_everywhere_and_taken_when_any_is()
    {
        var poor = Write("blurred.png", Blurred());
        var good = _cli.File("photos/p30-a.jpg");
        var enrolled = _cli.Run("enroll", "-g", "people", poor, good, "--json").Expect(1).Json;
        Assert.Equal(1, enrolled.GetProperty("enrolled").GetInt32());
        Assert.Equal("low_quality", enrolled.GetProperty("failures")[0].GetProperty("reason").GetString());
        Assert.Contains("blurred", enrolled.GetProperty("failures")[0].GetProperty("detail").GetString(), StringComparison.Ordinal);

        Assert.Equal(
            "low_quality", _cli.Run("compare", good, poor, "--json").Expect(2).Json.GetProperty("error").GetProperty("reason").GetString());
        var compared = _cli.Run("compare", good, poor, "--min-quality", "none", "--json").Expect(0).Json;
        Assert.True(Overall(compared.GetProperty("a")) > Overall(compared.GetProperty("b")));

        var list = _cli.Run("search", "-g", "people", poor, "--min-quality", "0", "--json").Expect(0).Json;
        var quality = list.GetProperty("probe").GetProperty("quality");
        Assert.InRange(quality.GetProperty("overall").GetDouble(), 0, 35);
        Assert.Contains("Probe quality", _cli.Run("search", "-g", "people", good).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("1 assessed", _cli.Run("gallery", "show", "people").Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(2, _cli.Run("enroll", "-g", "any", poor, good, "--min-quality", "none", "--json").Expect(0).Json
            .GetProperty("enrolled").GetInt32());
        Assert.Equal(
            2, _cli.Run("gallery", "show", "any", "--json").Expect(0).Json.GetProperty("quality").GetProperty("assessed").GetInt32());
    }

    private static double Overall(JsonElement face) => face.GetProperty("quality").GetProperty("overall").GetDouble();
}
