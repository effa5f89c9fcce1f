using BenchmarkDotNet.Attributes;
using MatchEngine.Faces;
using MatchEngine.Faces.Alignment;
using MatchEngine.Faces.Detection;
using MatchEngine.Faces.Embedding;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Landmarks;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Quality.Assessment;

namespace MatchEngine.Benchmarks.Faces;

/// <summary>What each stage from bytes to embedding costs on one core, for a 250 × 250 photo of one face.</summary>
[MemoryDiagnoser]
public class StageBenchmarks
{
    private static readonly PixelLayout AlignedInput = new(112, 112, ChannelOrder.Bgr, [127.5f, 127.5f, 127.5f], [128, 128, 128]);

    private byte[] _jpeg = [];
    private byte[] _largeJpeg = [];
    private Image _image = null!;
    private LocatedFace _face = null!;
    private FacePipeline _pipeline = null!;
    private FaceDetector _detector = null!;
    private FaceLandmarker _landmarker = null!;
    private FaceAligner _aligner = null!;
    private FaceEmbedder _embedder = null!;
    private FaceEmbedder _mirroring = null!;
    private FaceEmbedder _asShipped = null!;
    private QualityAssessor _assessor = null!;
    private QualityAssessor _assessorWithoutNetworks = null!;
    private QualityAssessor.Buffers _assessment = null!;
    private QualityAssessor.Buffers _assessmentWithoutNetworks = null!;
    private OnnxModel.Run _detection = null!;
    private OnnxModel.Run _landmarks = null!;
    private OnnxModel.Run _embedding = null!;
    private OnnxModel.Run _embeddingAsShipped = null!;

    [GlobalSetup]
    public void Load()
    {
        var catalog = ModelCatalog.Read();
        var card = catalog.Find(ModelCatalog.DefaultEmbedder, ModelTask.Embedding);
        _pipeline = new FacePipeline(catalog);
        _detector = new FaceDetector(new OnnxModel(catalog.Find(card.Embedding!.Detector, ModelTask.Detection)));
        _landmarker = new FaceLandmarker(new OnnxModel(catalog.Find(card.Embedding.Landmarker!, ModelTask.Landmarks)));
        _aligner = new FaceAligner(card);
        _embedder = new FaceEmbedder(new OnnxModel(card), mirrorAverage: false);
        _mirroring = new FaceEmbedder(new OnnxModel(card), mirrorAverage: true);
        _asShipped = new FaceEmbedder(new OnnxModel(card with { Prepare = false }), mirrorAverage: false);
        (_detection, _landmarks, _embedding, _embeddingAsShipped) = (
            _detector.CreateRun(), _landmarker.CreateRun(), _embedder.CreateRun(), _asShipped.CreateRun());
        var length = card.Embedding.Length;
        _assessor = new QualityAssessor(
            catalog.Find(ModelCatalog.DefaultHeadPose, ModelTask.HeadPose),
            catalog.Find(ModelCatalog.DefaultEyeState, ModelTask.EyeState), length);
        _assessorWithoutNetworks = new QualityAssessor(null, null, length);
        (_assessment, _assessmentWithoutNetworks) = (_assessor.CreateBuffers(), _assessorWithoutNetworks.CreateBuffers());
        (_largeJpeg, _jpeg) = SamplePortrait.Make(_pipeline);
        _image = ImageDecoder.Decode(_jpeg);
        _face = _pipeline.Detect(_image)[0];
    }

    [Benchmark]
    public void Decode() => ImageDecoder.Decode(_jpeg).Dispose();

    [Benchmark]
    public void DecodeTwoAndAHalfMegapixels() => ImageDecoder.Decode(_largeJpeg).Dispose();

    [Benchmark]
    public int Detect() => _detector.Detect(_image, _detection).Count;

    [Benchmark]
    public FacePoints Landmarks() => _landmarker.Locate(_image, _face.Box, _landmarks).Five;

    [Benchmark]
    public void Align() => Resampler.Crop(_image, _aligner.ToSource(_face.Points), AlignedInput, _embedding.Input);

    [Benchmark]
    public float[] AlignAndEmbed() => _embedder.Embed(_image, _face.Points, _embedding);

    [Benchmark]
    public float[] AlignAndEmbedMirrorAverage() => _mirroring.Embed(_image, _face.Points, _embedding);

    [Benchmark]
    public float[] AlignAndEmbedModelAsShipped() => _asShipped.Embed(_image, _face.Points, _embeddingAsShipped);

    [Benchmark]
    public double Quality() => _assessor.Assess(_image, _face, 3.5f, _assessment).Overall;

    [Benchmark]
    public double QualityWithoutNetworks() => _assessorWithoutNetworks.Assess(_image, _face, 3.5f, _assessmentWithoutNetworks).Overall;

    [Benchmark]
    public double BytesToEmbeddingAndQuality() =>
        _pipeline.Extract(_jpeg, new(FaceChoice.Largest) { Quality = true }).Faces[0].Quality!.Overall;

    [Benchmark(Baseline = true)]
    public int BytesToEmbedding() => _pipeline.Extract(_jpeg, new(FaceChoice.Largest)).Faces.Count;
}
