using System.Diagnostics;
using System.Globalization;
using MatchEngine.Faces;
using MatchEngine.Faces.Detection;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;

namespace MatchEngine.Benchmarks.Faces;

/// <summary>
/// <c>group-photos</c>: which faces of large photos are found, by their size, and what that costs, for one pass over the whole image and
/// for tiles; <c>group-speed</c>: from the bytes of a photo of 12 megapixels with 30 faces to their embeddings.
/// </summary>
internal static class GroupPhotoCommand
{
    private static readonly int[] Sizes = [12, 16, 24, 32, 48, 64, 96];

    // The last two: nearly as many pixels as are held, and so many that every second is left out.
    private static readonly (int Width, int Height)[] Canvases =
        [(1200, 900), (2400, 1600), (4000, 3000), (6000, 4000), (9200, 6900), (11_648, 8_736)];

    public static int Run(string[] args)
    {
        string Option(string name, string otherwise) =>
            Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length ? args[i + 1] : otherwise;
        var data = Option("data-set", "");
        if (!File.Exists(Path.Combine(data, "metadata.csv")))
        {
            Console.Error.WriteLine(
                "give photos of one face each with --data-set DIR (with metadata.csv, the face in the middle), for example lfw-a");
            return 2;
        }
        using var pipeline = new FacePipeline(ModelCatalog.Read());
        var portraits = File.ReadLines(Path.Combine(data, "metadata.csv")).Skip(1).Select(line => Path.Combine(data, line.Split(',')[0]))
            .Where((_, i) => i % 15 == 0).ToList();
        var samples = Enumerable.Range(1, 6)
            .Select(number => Path.Combine(AppContext.BaseDirectory, "samples", $"sample{number}.jpg")).ToList();
        using var maker = new GroupPhotoMaker(portraits, samples, pipeline);
        Console.Error.WriteLine($"{maker.People} people");
        if (args[0] == "group-speed")
            Speed(maker, pipeline, int.Parse(Option("rounds", "9"), CultureInfo.InvariantCulture));
        else
            Recall(
                maker, samples, int.Parse(Option("photos", "8"), CultureInfo.InvariantCulture),
                Option("settings", ""), Option("sizes", ""));
        return 0;
    }

    /// <summary>The ways that are compared: the card as shipped, and changes to it.</summary>
    private static IEnumerable<(string Name, ModelCard Card)> Settings(ModelCard card, string only)
    {
        DetectionOutput Tiles(int shrink, int overlap, float confidence) =>
            card.Detection! with { SmallFaces = new SmallFaces(shrink, overlap, confidence) };
        (string, DetectionOutput)[] all =
        [
            ("one pass, stretch", card.Detection! with { SmallFaces = null }),
            ("one pass, letterbox", card.Detection with { SmallFaces = null, Fit = ImageFit.Letterbox }),
            ("tiles 1:4", Tiles(4, 64, 0.8f)),
            ("tiles 1:3", Tiles(3, 64, 0.8f)),
            ("tiles 1:2, 0.65", Tiles(2, 64, 0.65f)),
            ("tiles 1:2, 0.8", Tiles(2, 64, 0.8f)),
            ("tiles 1:2, 0.9", Tiles(2, 64, 0.9f)),
            ("tiles 1:2, 0.9, overlap 96", Tiles(2, 96, 0.9f)),
            ("tiles 1:2, 0.9, letterbox", Tiles(2, 64, 0.9f) with { Fit = ImageFit.Letterbox }),
            ("tiles 1:2, 0.95", Tiles(2, 64, 0.95f)),
            ("tiles 1:3, 0.9", Tiles(3, 64, 0.9f)),
            ("tiles 1:1, 0.9", Tiles(1, 64, 0.9f)),
        ];
        yield return ("as shipped", card);
        foreach (var (name, detection) in all)
            if (only.Length == 0 || only.Split(';').Contains(name))
                yield return (name, card with { Detection = detection });
    }

    private static void Recall(GroupPhotoMaker maker, List<string> samples, int photos, string only, string sizes)
    {
        var catalog = ModelCatalog.Read();
        var card = catalog.Find("fr-detect", ModelTask.Detection);
        foreach (var (width, height) in Canvases)
        {
            if (sizes.Length > 0 && !sizes.Split(',').Contains($"{width}x{height}"))
                continue;
            var group = Enumerable.Range(0, photos)
                .Select(seed => maker.Make(width, height, Enumerable.Range(0, 28).Select(i => Sizes[i % Sizes.Length]), seed)).ToList();
            Console.WriteLine($"### {width}×{height}, {photos} photos, {group.Sum(photo => photo.Faces.Count)} faces");
            Console.WriteLine();
            Console.WriteLine(
                $"| detection | {string.Join(" | ", Sizes.Select(size => $"{size} px"))} | boxes without a face, a photo | ms |");
            Console.WriteLine($"|---|{string.Concat(Sizes.Select(_ => "---:|"))}---:|---:|");
            foreach (var (name, changed) in Settings(card, only))
            {
                using var detector = new Trial(changed);
                var (hits, all, other, times) = (new Dictionary<int, int>(), new Dictionary<int, int>(), 0, new List<double>());
                foreach (var photo in group)
                {
                    using var image = ImageDecoder.Decode(photo.Jpeg);
                    var start = Stopwatch.GetTimestamp();
                    var found = detector.Detect(image);
                    var scale = ImageScale.Of(image);
                    times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                    foreach (var (box, eyes, _) in photo.Faces)
                    {
                        all[eyes] = all.GetValueOrDefault(eyes) + 1;
                        hits[eyes] = hits.GetValueOrDefault(eyes)
                            + (found.Any(face => scale.ToOriginal(face.Box).IntersectionOverUnion(box) >= 0.4f) ? 1 : 0);
                    }
                    other += found.Count(
                        face => photo.Faces.All(known => known.Box.IntersectionOverUnion(scale.ToOriginal(face.Box)) < 0.2f));
                }
                var cells = Sizes.Select(size => all.GetValueOrDefault(size) == 0
                    ? "-"
                    : (100.0 * hits[size] / all[size]).ToString("0", CultureInfo.InvariantCulture) + " %");
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {name} | {string.Join(" | ", cells)} | {other / (double)photos:0.00} | "
                        + $"{times.Order().ElementAt(times.Count / 2):0} |"));
            }
            Console.WriteLine();
        }
        Console.WriteLine("### The six sample photos (22 faces)");
        Console.WriteLine();
        Console.WriteLine("| detection | faces found in each | ms, all six |");
        Console.WriteLine("|---|---|---:|");
        foreach (var (name, changed) in Settings(card, only))
        {
            using var detector = new Trial(changed);
            var (counts, milliseconds) = (new List<int>(), 0.0);
            foreach (var file in samples)
            {
                using var image = ImageDecoder.Decode(File.ReadAllBytes(file));
                var start = Stopwatch.GetTimestamp();
                counts.Add(detector.Detect(image).Count);
                milliseconds += Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {string.Join(", ", counts)} | {milliseconds:0} |"));
        }
    }

    private static void Speed(GroupPhotoMaker maker, FacePipeline pipeline, int rounds)
    {
        var photo = maker.Make(4000, 3000, Enumerable.Range(0, 30).Select(i => 40 + 2 * i), 1);
        Console.WriteLine($"{photo.Width}×{photo.Height}, {photo.Jpeg.Length / 1048576.0:0.0} MiB JPEG, {photo.Faces.Count} faces");
        var runs = new List<Extraction>();
        var (totals, cpu) = (new List<double>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            var (start, used) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            var extraction = pipeline.Extract(photo.Jpeg, new(FaceChoice.All));
            if (round == 0)
                continue; // the first one loads pages and compiles
            totals.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            cpu.Add((Environment.CpuUsage.TotalTime - used).TotalMilliseconds);
            runs.Add(extraction);
        }
        double Median(IEnumerable<double> values) => values.Order().ElementAt(rounds / 2);
        var elapsed = runs.Select(run => run.Elapsed).ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{runs[0].Faces.Count} embeddings, median of {rounds}: {Median(totals):0} ms (decode "
                + $"{Median(elapsed.Select(t => t.Decode.TotalMilliseconds)):0}, detect and landmarks "
                + $"{Median(elapsed.Select(t => t.Detect.TotalMilliseconds)):0}, embed "
                + $"{Median(elapsed.Select(t => t.Embed.TotalMilliseconds)):0}); worst {totals.Max():0} ms; CPU time {Median(cpu):0} ms"));
    }

    /// <summary>A detector of a changed card, run as the pipeline runs it on an upright photo.</summary>
    private sealed class Trial : IDisposable
    {
        private readonly FaceDetector _detector;
        private readonly OnnxModel.Run _run;

        public Trial(ModelCard card)
        {
            _detector = new FaceDetector(new OnnxModel(card));
            _run = _detector.CreateRun();
        }

        public List<DetectedFace> Detect(Image image)
        {
            var found = _detector.Detect(image, _run);
            return _detector.HasTiles(image) ? _detector.DetectSmall(image, found, _run, CancellationToken.None) : found;
        }

        public void Dispose()
        {
            _run.Dispose();
            _detector.Dispose();
        }
    }
}
