using System.Globalization;

namespace MatchEngine.Galleries;

/// <summary>What a reader is told of faces that an image shows and that nothing was made of, whatever the image was for.</summary>
internal static class FacesLeftOut
{
    /// <summary>A sentence for each of them.</summary>
    /// <param name="faces">The faces' numbers, and why they were left out; null where they were not.</param>
    /// <param name="image">What the image is called: "the probe" …</param>
    /// <param name="use">What was made of the others: "searched" …</param>
    public static IEnumerable<string> Of(IEnumerable<(int Number, string? Refusal)> faces, string image, string use) =>
        faces.Where(face => face.Refusal is not null).Select(face => string.Create(
            CultureInfo.InvariantCulture, $"face {face.Number} of {image} was not {use}: {face.Refusal}"));
}
