using System.Globalization;
using MatchEngine.Faces;
using MatchEngine.Faces.Detection;
using MatchEngine.Faces.Embedding;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Landmarks;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Quality.Assessment;

namespace MatchEngine.Benchmarks.Faces;

/// <summary>
/// <c>several-faces</c>: what a group photo of five people takes as a probe, with one face wanted, with all of them in one pass, and with a
/// pass for each. Processor time in milliseconds, medians of rounds in turns, quality included; each stage is measured by itself too.
/// </summary>
internal static class SeveralFacesCommand
{
    private const int People = 5;

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
        var rounds = int.Parse(Option("rounds", "41"), CultureInfo.InvariantCulture);
        var catalog = ModelCatalog.Read();
        using var pipeline = new FacePipeline(catalog);
        using var maker = new GroupPhotoMaker(
            [.. File.ReadLines(Path.Combine(data, "metadata.csv")).Skip(1).Select(line => Path.Combine(data, line.Split(',')[0]))
                .Where((_, i) => i % 60 == 0)],
            [.. Enumerable.Range(1, 6).Select(number => Path.Combine(AppContext.BaseDirectory, "samples", $"sample{number}.jpg"))],
            pipeline);
        var eyes = Option("eyes", "48").Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToList();
        Console.WriteLine(
            "| photo | between the eyes | decode and detect | landmarks, a face | quality, a face | align and embed, a face | one face "
                + "| five, one pass | five passes | five to one | … beyond embedding | … beyond what is each face's own |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (width, height) in ((int, int)[])[(1280, 960), (1920, 1440), (4000, 3000)])
            foreach (var apart in eyes)
                Console.WriteLine(
                    Measure(Photo(maker, pipeline, width, height, apart), $"{width}×{height} | {apart} px", catalog, rounds));
        return 0;
    }

    /// <summary>A photo in which the pipeline finds the five people and nobody else.</summary>
    private static byte[] Photo(GroupPhotoMaker maker, FacePipeline pipeline, int width, int height, int eyes)
    {
        for (var seed = 0; ; seed++)
        {
            var photo = maker.Make(width, height, Enumerable.Repeat(eyes, People), seed);
            using var image = ImageDecoder.Decode(photo.Jpeg);
            if (photo.Faces.Count == People && pipeline.Detect(image).Count == People)
                return photo.Jpeg;
        }
    }

    private static string Measure(byte[] photo, string name, ModelCatalog catalog, int rounds)
    {
        using var pipeline = new FacePipeline(catalog);
        using var stages = new Stages(catalog, photo);
        List<double> once = [], landmarks = [], quality = [], embedding = [], one = [], five = [], passes = [];
        for (var round = -2; round < rounds; round++)
        {
            // The first rounds load pages and let the runtime compile.
            if (round == 0)
                new[] { once, landmarks, quality, embedding, one, five, passes }.ToList().ForEach(times => times.Clear());
            one.Add(Time(() => Extract(FaceChoice.Largest)));
            five.Add(Time(() => Extract(FaceChoice.All)));
            passes.Add(Time(() =>
            {
                for (var number = 1; number <= People; number++)
                    Extract(FaceChoice.Nth(number));
            }));
            once.Add(Time(stages.DecodeAndDetect));
            landmarks.Add(Time(stages.Locate) / People);
            quality.Add(Time(stages.Assess) / People);
            embedding.Add(Time(stages.Embed) / People);
        }
        var (first, all, embed) = (Median(one), Median(five), Median(embedding));
        var own = embed + Median(landmarks) + Median(quality);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {Median(once):0.0} | {Median(landmarks):0.0} | {Median(quality):0.0} | {embed:0.0} | {first:0.0} | {all:0.0} "
                + $"| {Median(passes):0.0} | {all / first:0.00} | {(all - (People * embed)) / (first - embed):0.00} "
                + $"| {(all - (People * own)) / (first - own):0.00} |");

        void Extract(FaceChoice choice) => pipeline.Extract(photo, new(choice) { Quality = true }).Clear();
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);

    private static double Time(Action work)
    {
        var used = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - used).TotalMilliseconds;
    }

    /// <summary>The stages by themselves, each for all five faces.</summary>
    private sealed class Stages : IDisposable
    {
        private readonly byte[] _photo;
        private readonly Image _image;
        private readonly FaceDetector _detector;
        private readonly FaceLandmarker _landmarker;
        private readonly FaceEmbedder _embedder;
        private readonly QualityAssessor _assessor;
        private readonly OnnxModel.Run _detection;
        private readonly OnnxModel.Run _landmarks;
        private readonly OnnxModel.Run _embedding;
        private readonly QualityAssessor.Buffers _assessment;
        private readonly List<DetectedFace> _found;
        private readonly List<LocatedFace> _located;

        public Stages(ModelCatalog catalog, byte[] photo)
        {
            var card = catalog.Find(ModelCatalog.DefaultEmbedder, ModelTask.Embedding);
            _photo = photo;
            _image = ImageDecoder.Decode(photo);
            _detector = new FaceDetector(new OnnxModel(catalog.Find(card.Embedding!.Detector, ModelTask.Detection)));
            _landmarker = new FaceLandmarker(new OnnxModel(catalog.Find(card.Embedding.Landmarker!, ModelTask.Landmarks)));
            _embedder = new FaceEmbedder(new OnnxModel(card));
            _assessor = new QualityAssessor(
                catalog.Find(ModelCatalog.DefaultHeadPose, ModelTask.HeadPose),
                catalog.Find(ModelCatalog.DefaultEyeState, ModelTask.EyeState), card.Embedding.Length);
            (_detection, _landmarks, _embedding) = (_detector.CreateRun(), _landmarker.CreateRun(), _embedder.CreateRun());
            _assessment = _assessor.CreateBuffers();
            _found = Detect(_image);
            _located = [.. _found.Select(Located)];
        }

        public void DecodeAndDetect()
        {
            using var image = ImageDecoder.Decode(_photo);
            Detect(image);
        }

        public void Locate() => _found.ForEach(face => Located(face));

        public void Assess() => _located.ForEach(face => _assessor.Assess(_image, face, 3.5f, _assessment));

        public void Embed() => _located.ForEach(face => _embedder.Embed(_image, face.Points, _embedding));

        public void Dispose()
        {
            _image.Dispose();
            _detection.Dispose();
            _landmarks.Dispose();
            _embedding.Dispose();
            _assessment.Dispose();
            _detector.Dispose();
            _landmarker.Dispose();
            _embedder.Dispose();
            _assessor.Dispose();
        }

        private List<DetectedFace> Detect(Image image)
        {
            var found = _detector.Detect(image, _detection);
            return _detector.HasTiles(image) ? _detector.DetectSmall(image, found, _detection, CancellationToken.None) : found;
        }

        private LocatedFace Located(DetectedFace face)
        {
            var contour = _landmarker.Locate(_image, face.Box, _landmarks);
            return new LocatedFace(face.Box, face.Confidence, contour.Five) { Contour = contour };
        }
    }
}
