using System.Diagnostics;
using System.Globalization;
using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Images.Isolation;
using MatchEngine.Faces.Models;

namespace MatchEngine.Benchmarks.Faces;

/// <summary><c>isolation</c>: what decoding in a child process costs a photo, side by side with decoding in this one.</summary>
internal static class IsolationCommand
{
    public static int Run()
    {
        using var isolated = new IsolatedImageDecoder();
        var inProcess = new InProcessImageDecoder();
        using var pipeline = new FacePipeline(ModelCatalog.Read());
        var (group, portrait) = SamplePortrait.Make(pipeline);
        using var photo = ImageDecoder.Decode(group);
        using var large = photo.Crop(new SimilarityTransform(0.48f, 0, 0, 0), 4000, 3000);
        var start = Stopwatch.GetTimestamp();
        isolated.Decode(portrait, ImageLimits.Default).Dispose();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"first image, the child's start included: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0} ms"));
        foreach (var (name, bytes, rounds) in new[]
        {
            ("250×250", portrait, 400), ("1920×1350", group, 60), ("4000×3000", ImageEncoder.ToJpeg(large), 15),
        })
        {
            // In turn, so that both see the same load of the machine.
            var (here, there) = (new List<double>(), new List<double>());
            for (var i = 0; i < rounds; i++)
            {
                here.Add(Milliseconds(inProcess, bytes));
                there.Add(Milliseconds(isolated, bytes));
            }
            var (a, b) = (here.Order().ElementAt(rounds / 2), there.Order().ElementAt(rounds / 2));
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {name} | {a:0.00} | {b:0.00} | {b - a:0.00} | {b / a:0.00} |"));
        }
        return 0;
    }

    private static double Milliseconds(IImageDecoder decoder, byte[] bytes)
    {
        var start = Stopwatch.GetTimestamp();
        decoder.Decode(bytes, ImageLimits.Default).Dispose();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
