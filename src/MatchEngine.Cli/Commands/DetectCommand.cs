using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Quality.Assessment;
using MatchEngine.Galleries;

namespace MatchEngine.Cli.Commands;

/// <summary><c>detect</c>: which faces an image shows.</summary>
internal static class DetectCommand
{
    public static Command Create()
    {
        var image = new Argument<string>("IMAGE")
        {
            Description = "A JPEG, PNG, WebP, TIFF, AVIF, GIF, BMP, PPM or ANSI/NIST file of one face, or '-' for standard input",
        };
        var draw = new Option<string?>("--draw")
        {
            Description = "Write the image with boxes and points drawn on it",
            HelpName = "OUT.png",
        };
        var quality = new Option<bool>("--quality") { Description = "Show every component of each face's quality" };
        var model = new Option<string>("--model")
        {
            Description = "Id of the embedder's card, which names the detector",
            HelpName = "ID",
            DefaultValueFactory = _ => ModelCatalog.DefaultEmbedder,
        };
        var command = new Command("detect", "Find the faces of an image")
        {
            image, draw, quality, model, SharedOptions.IsolateDecoder, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(image);
            using var pipeline = DataFolder.LoadPipeline(
                parsed.GetRequiredValue(SharedOptions.Data), parsed.GetRequiredValue(model), parsed.GetValue(SharedOptions.IsolateDecoder));
            using var bytes = ProbeArgument.Read(path, null);
            using var pixels = Decode(pipeline, path, bytes.Span, cancellationToken);
            ImageArgument.Warn(path, pixels.Remark);
            var faces = pipeline.Assess(pixels, cancellationToken);
            if (parsed.GetValue(draw) is { } output)
                Draw(pixels, [.. faces.Select(face => face.Face)], output);
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new
                {
                    Width = pixels.OriginalWidth,
                    Height = pixels.OriginalHeight,
                    HeldAs = pixels.Width == pixels.OriginalWidth ? null : new { pixels.Width, pixels.Height },
                    Faces = faces.Select((face, i) => new
                    {
                        Face = i + 1,
                        Box = JsonOutput.Box(face.Face.Box),
                        face.Face.Confidence,
                        InterEyeDistance = Math.Round(face.Face.Points.InterEyeDistance, 1),
                        Quality = QualityOutput.ToJson(face.Quality),
                        Points = Points(face.Face.Points).Select(point => new { X = Math.Round(point.X, 1), Y = Math.Round(point.Y, 1) }),
                    }),
                });
            else
                Write(path, pixels, faces, parsed.GetValue(quality));
            return Task.FromResult(faces.Count > 0 ? ExitCode.Done : ExitCode.NothingOrPartly);
        });
        return command;
    }

    private static Image Decode(FacePipeline pipeline, string path, ReadOnlySpan<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            return pipeline.Decode(bytes, cancellationToken);
        }
        catch (AcquisitionException error)
        {
            throw ImageArgument.Named(path, error);
        }
    }

    private static void Write(string path, Image pixels, IReadOnlyList<AssessedFace> faces, bool all)
    {
        if (faces.Count == 0)
        {
            Console.WriteLine($"{path}: no face found in {pixels.OriginalWidth} × {pixels.OriginalHeight} pixels.{HeldAs(pixels)}"
                + (Darkness.IsIn(pixels) ? " The picture is nearly black; use one that was taken in more light." : ""));
            return;
        }
        if (HeldAs(pixels) is { Length: > 0 } held)
            Console.WriteLine(
                $"{path}: {pixels.OriginalWidth} × {pixels.OriginalHeight} pixels.{held} Quality is that of the smaller one.");
        var table = Terminal.Table(">face", ">x", ">y", ">width", ">height", ">confidence", ">inter-eye distance", ">quality");
        for (var i = 0; i < faces.Count; i++)
        {
            var face = faces[i].Face;
            table.AddPlainRow(
                $"{i + 1}", $"{face.Box.X:0}", $"{face.Box.Y:0}", $"{face.Box.Width:0}", $"{face.Box.Height:0}",
                $"{face.Confidence:0.00}", $"{face.Points.InterEyeDistance:0.0} px", $"{faces[i].Quality.Overall:0}");
        }
        Terminal.Out.Write(table);
        for (var i = 0; i < faces.Count; i++)
        {
            if (all)
                QualityOutput.WriteAll($"Quality of face {i + 1}:", faces[i].Quality);
            else if (faces[i].Quality.Advice.Any())
                QualityOutput.Write(Console.Out, $"Quality of face {i + 1}:", faces[i].Quality);
        }
    }

    private static string HeldAs(Image pixels) =>
        pixels.Width == pixels.OriginalWidth
            ? ""
            : $" So large a picture is read scaled down to {pixels.Width} × {pixels.Height}; cut out the part that matters for more.";

    private static System.Numerics.Vector2[] Points(FacePoints points) =>
        [points.LeftEye, points.RightEye, points.Nose, points.LeftMouth, points.RightMouth];

    private static void Draw(Image image, IReadOnlyList<LocatedFace> faces, string output)
    {
        var scale = ImageScale.Of(image);
        var stroke = Math.Max(1, Math.Max(image.Width, image.Height) / 500);
        foreach (var face in faces)
        {
            var box = scale.FromOriginal(face.Box);
            Fill(image, box.X, box.Y, box.Width, stroke, 0x20, 0xE0, 0x60);
            Fill(image, box.X, box.Bottom - stroke, box.Width, stroke, 0x20, 0xE0, 0x60);
            Fill(image, box.X, box.Y, stroke, box.Height, 0x20, 0xE0, 0x60);
            Fill(image, box.Right - stroke, box.Y, stroke, box.Height, 0x20, 0xE0, 0x60);
            foreach (var point in Points(face.Points).Select(scale.FromOriginal))
                Fill(image, point.X - stroke, point.Y - stroke, 2 * stroke + 1, 2 * stroke + 1, 0xFF, 0x40, 0x40);
        }
        File.WriteAllBytes(output, ImageEncoder.ToPng(image));
    }

    private static void Fill(Image image, float x, float y, float width, float height, byte red, byte green, byte blue)
    {
        var (left, right) = (Math.Clamp((int)x, 0, image.Width), Math.Clamp((int)(x + width), 0, image.Width));
        var (top, bottom) = (Math.Clamp((int)y, 0, image.Height), Math.Clamp((int)(y + height), 0, image.Height));
        for (var row = top; row < bottom; row++)
        {
            var pixels = image.Row(row);
            for (var column = left; column < right; column++)
                (pixels[3 * column], pixels[3 * column + 1], pixels[3 * column + 2]) = (red, green, blue);
        }
    }
}
