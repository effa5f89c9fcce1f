using Google.Protobuf;
using MatchEngine.Faces.Models.Onnx;

namespace MatchEngine.Faces.Models;

/// <summary>
/// What an ONNX file makes its reader open besides itself: tensors with external data name a path and a range of bytes. A card vouches for
/// one file; what another one holds, wherever it lies, is neither known nor to be read.
/// </summary>
internal static class OnnxReferences
{
    private const int External = 1; // TensorProto.DataLocation.EXTERNAL

    // Weights are passed over where they lie and not copied.
    private static readonly MessageParser<ReferringModel> Parser = ReferringModel.Parser.WithDiscardUnknownFields(true);

    /// <summary>Refuses a model that refers to other files, anywhere in it.</summary>
    /// <exception cref="ModelException">It does, or is no ONNX file.</exception>
    public static void RequireNone(string path, byte[] model)
    {
        ReferringModel parsed;
        try
        {
            parsed = Parser.ParseFrom(model);
        }
        catch (InvalidProtocolBufferException error)
        {
            throw new ModelException($"model file {path} cannot be loaded: the file is no ONNX model: {error.Message}", error);
        }
        var graphs = parsed.TrainingInfo.SelectMany(training => (ReferringGraph?[])[training.Initialization, training.Algorithm])
            .Append(parsed.Graph);
        if (graphs.Any(IsReferring) || parsed.Functions.Any(function => IsReferring(function.Node, function.AttributeProto)))
            throw new ModelException(
                $"model file {path} keeps weights in other files (external data), which no card vouches for. "
                    + "Save it as one file, for example with onnx.save(model, path, save_as_external_data=False)");
    }

    private static bool IsReferring(ReferringGraph? graph) =>
        graph is not null
        && (graph.Initializer.Any(IsReferring) || graph.SparseInitializer.Any(IsReferring) || IsReferring(graph.Node, []));

    private static bool IsReferring(IEnumerable<ReferringNode> nodes, IEnumerable<ReferringAttribute> defaults) =>
        nodes.SelectMany(node => node.Attribute).Concat(defaults).Any(attribute =>
            IsReferring(attribute.T) || attribute.Tensors.Any(IsReferring) || IsReferring(attribute.G) || attribute.Graphs.Any(IsReferring)
            || IsReferring(attribute.SparseTensor) || attribute.SparseTensors.Any(IsReferring));

    private static bool IsReferring(ReferringSparseTensor? tensor) =>
        tensor is not null && (IsReferring(tensor.Values) || IsReferring(tensor.Indices));

    private static bool IsReferring(ReferringTensor? tensor) =>
        tensor is not null && (tensor.DataLocation == External || tensor.ExternalData.Count > 0);
}
