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

    public static byte[] Failing(AcquisitionFailure reason) => Encoding.UTF8.GetBytes($"{Signature}\nfail {reason}\n");
}
