using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using MatchEngine.Faces.Models.Onnx;

namespace MatchEngine.Faces.Models;

/// <summary>
/// Rewrites a network into one that gives the same output faster. Weights too small to matter are set to zero: their products are
/// denormal numbers, on which processors are many times slower. And PReLU(x), for which ONNX Runtime has no fast kernel, becomes
/// s·x + (1 − s)·ReLU(x), which is the same function of operations that have one.
/// </summary>
public static class ModelPreparation
{
    /// <summary>Rises whenever the result of <see cref="Prepare"/> changes; part of the name of a cached model.</summary>
    public const int Version = 1;

    /// <summary>
    /// Weights nearer to zero than this are flushed. Activations lie within about 1e-3 … 1e3, so a single product of a smaller weight
    /// is below 1e-12 of the rest of its sum; flushing denormals alone (1e-38) would leave products which are.
    /// </summary>
    public const float FlushBelow = 1e-15f;

    private const int FloatType = 1; // TensorProto.DataType.FLOAT

    /// <summary>Prepares a model.</summary>
    /// <param name="model">The bytes of an ONNX file.</param>
    /// <returns>The bytes of the prepared one.</returns>
    /// <exception cref="InvalidDataException">The bytes are no ONNX model.</exception>
    public static byte[] Prepare(ReadOnlySpan<byte> model)
    {
        ModelProto proto;
        try
        {
            proto = ModelProto.Parser.ParseFrom(model);
        }
        catch (InvalidProtocolBufferException broken)
        {
            throw new InvalidDataException("the file is no ONNX model: " + broken.Message, broken);
        }
        if (proto.Graph is null)
            throw new InvalidDataException("the file is no ONNX model: it has no graph");
        RewritePRelu(proto.Graph);
        foreach (var tensor in proto.Graph.Initializer)
            FlushSmallWeights(tensor);
        return proto.ToByteArray();
    }

    private static void FlushSmallWeights(TensorProto tensor)
    {
        if (tensor.DataType != FloatType)
            return;
        for (var i = 0; i < tensor.FloatData.Count; i++)
            if (MathF.Abs(tensor.FloatData[i]) < FlushBelow)
                tensor.FloatData[i] = 0;
        if (tensor.RawData.IsEmpty)
            return;
        var bytes = tensor.RawData.ToByteArray();
        foreach (ref var word in MemoryMarshal.Cast<byte, uint>(bytes.AsSpan()))
        {
            // raw_data is little-endian whatever the machine.
            var bits = BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word);
            if (MathF.Abs(BitConverter.UInt32BitsToSingle(bits)) < FlushBelow)
                word = 0;
        }
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
    }

    private static void RewritePRelu(GraphProto graph)
    {
        var initializers = graph.Initializer.Where(tensor => tensor.HasName).ToDictionary(tensor => tensor.Name);
        var nodes = graph.Node.ToList();
        graph.Node.Clear();
        foreach (var node in nodes)
        {
            if (node.OpType != "PRelu" || node.Input.Count != 2 || node.Output.Count != 1
                || !initializers.TryGetValue(node.Input[1], out var slope) || slope.DataType != FloatType)
            {
                graph.Node.Add(node);
                continue;
            }
            var (x, y) = (node.Input[0], node.Output[0]);
            var complement = Complement(slope, y + "/one_minus_slope");
            graph.Initializer.Add(complement);
            graph.Node.Add(Node("Mul", y + "/scaled", x, slope.Name));
            graph.Node.Add(Node("Relu", y + "/positive", x));
            graph.Node.Add(Node("Mul", y + "/positive_scaled", y + "/positive", complement.Name));
            graph.Node.Add(Node("Add", y, y + "/scaled", y + "/positive_scaled"));
        }
    }

    private static NodeProto Node(string operation, string output, params ReadOnlySpan<string> inputs)
    {
        var node = new NodeProto { OpType = operation, Name = output + ":" + operation, Output = { output } };
        foreach (var input in inputs)
            node.Input.Add(input);
        return node;
    }

    private static TensorProto Complement(TensorProto slope, string name)
    {
        var values = slope.FloatData.Count > 0
            ? slope.FloatData.ToArray()
            : MemoryMarshal.Cast<byte, float>(slope.RawData.Span).ToArray();
        for (var i = 0; i < values.Length; i++)
            values[i] = 1 - values[i];
        var result = new TensorProto { Name = name, DataType = FloatType };
        result.Dims.Add(slope.Dims);
        result.FloatData.Add(values);
        return result;
    }
}
