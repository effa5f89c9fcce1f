using MatchEngine.Faces.Embedding;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Models.Onnx;

namespace MatchEngine.Faces.Tests.Models;

public sealed class ModelPreparationTests
{
    private static ModelCard Card => ModelCatalog.Read().Find(ModelCatalog.DefaultEmbedder, ModelTask.Embedding);

    [Fact]
    public void The_prepared_network_gives_the_same_vectors_on_real_faces()
    {
        using var plain = new FaceEmbedder(new OnnxModel(Card with { Prepare = false }));
        using var prepared = new FaceEmbedder(new OnnxModel(Card));
        using var plainRun = plain.CreateRun();
        using var preparedRun = prepared.CreateRun();
        var compared = 0;
        for (var number = 1; number <= 6; number++)
        {
            using var image = ImageDecoder.Decode(Samples.Bytes(number));
            foreach (var face in Samples.Pipeline.Extract(image, new(FaceChoice.All)).Faces)
            {
                var difference = 1 - Samples.Cosine(
                    plain.Embed(image, face.Points, plainRun), prepared.Embed(image, face.Points, preparedRun));
                Assert.InRange(difference, -1e-9, 1e-6);
                compared++;
            }
        }
        Assert.True(compared >= 10, $"only {compared} faces in the sample photos");
    }

    [Fact]
    public void No_prelu_and_no_tiny_weight_is_left()
    {
        var before = ModelProto.Parser.ParseFrom(ModelStore.ReadOriginal(Card));
        var after = ModelProto.Parser.ParseFrom(ModelPreparation.Prepare(ModelStore.ReadOriginal(Card)));
        var rewritten = before.Graph.Node.Count(node => node.OpType == "PRelu");
        Assert.True(rewritten > 0, "the default embedder has PReLUs");
        Assert.DoesNotContain(after.Graph.Node, node => node.OpType == "PRelu");
        Assert.Equal(before.Graph.Node.Count + 3 * rewritten, after.Graph.Node.Count);
        Assert.DoesNotContain(Weights(after), weight => weight != 0 && MathF.Abs(weight) < ModelPreparation.FlushBelow);
        Assert.Contains(Weights(before), weight => weight != 0 && MathF.Abs(weight) < ModelPreparation.FlushBelow);
    }

    [Fact]
    public void Preparing_twice_changes_nothing_more()
    {
        var once = ModelPreparation.Prepare(ModelStore.ReadOriginal(Card));
        Assert.Equal(once, ModelPreparation.Prepare(once));
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 1, 2, 3 })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF })]
    public void What_is_no_model_is_refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => ModelPreparation.Prepare(bytes));

    private static IEnumerable<float> Weights(ModelProto model) => model.Graph.Initializer
        .Where(tensor => tensor.DataType == 1)
        .SelectMany(tensor =>
            tensor.FloatData.Concat(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray()));
}
