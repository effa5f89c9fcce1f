using System.Globalization;
using System.Text;
using MatchEngine.Faces;

namespace MatchEngine.Galleries.Tests.Fakes;

/// <summary>A face of a fake image: of whom (two faces of one identity score high), a variation, and how big it is.</summary>
internal sealed record FakeFace(int Identity, int Variation = 0, int Size = 100, int X = 10);

/// <summary>An "image" whose bytes say in plain text which faces it shows or how it fails.</summary>
internal static class FakeImage
{
    public const string Signature = "fake-image";

    public static byte[] Of(params FakeFace[] faces) => Salted("", faces);

    /// <summary>The same faces in a file with another content.</summary>
    public static byte[] Salted(string salt, params FakeFace[] faces)
    {
        var text = new StringBuilder($"{Signature}\nsalt {salt}\n");
        foreach (var face in faces)
            text.Append(CultureInfo.InvariantCulture, $"face {face.Identity} {face.Variation} {face.Size} {face.X}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>
    /// The same in a picture that can be decoded: a PPM of 200 × 150 pixels whose comments are the fake image,
    /// and whose pixels say where they are.
    /// </summary>
    public static byte[] Picture(string salt, params FakeFace[] faces)
    {
        var text = Encoding.UTF8.GetString(Salted(salt, faces)).TrimEnd('\n');
        var head = Encoding.UTF8.GetBytes($"P6\n#{text.Replace("\n", "\n#", StringComparison.Ordinal)}\n200 150\n255\n");
        var pixels = new byte[3 * 200 * 150];
        for (var y = 0; y < 150; y++)
            for (var x = 0; x < 200; x++)
                (pixels[3 * (200 * y + x)], pixels[3 * (200 * y + x) + 1], pixels[3 * (200 * y + x) + 2]) = ((byte)x, (byte)y, 128);
        return [.. head, .. pixels];
    }

    public static byte[] Failing(AcquisitionFailure reason) => Encoding.UTF8.GetBytes($"{Signature}\nfail {reason}\n");
}
