using Microsoft.ML.OnnxRuntime;

namespace MatchEngine.Faces.Models;

/// <summary>What a network's file says of its inputs and outputs.</summary>
/// <param name="Inputs">Names, numbers' type and shapes; −1 for a side that is free.</param>
/// <param name="Outputs">The same for the outputs, in the file's order.</param>
internal sealed record OnnxSignature(IReadOnlyList<OnnxTensor> Inputs, IReadOnlyList<OnnxTensor> Outputs)
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="ModelException">It is no ONNX network that ONNX Runtime loads.</exception>
    public static OnnxSignature Read(string path, byte[] bytes)
    {
        OnnxReferences.RequireNone(path, bytes);
        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            using var session = new InferenceSession(bytes, options);
            return Of(session);
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelException($"model file {path} cannot be loaded: {error.Message}", error);
        }
    }

    /// <summary>The signature of a loaded network.</summary>
    public static OnnxSignature Of(InferenceSession session) => new(
        [.. session.InputNames.Select(name => Tensor(name, session.InputMetadata[name]))],
        [.. session.OutputNames.Select(name => Tensor(name, session.OutputMetadata[name]))]);

    /// <summary>
    /// Why no card can make the network usable here, as the rest of a sentence that begins with the file; null when one can.
    /// </summary>
    public string? Complaint()
    {
        if (Inputs.Count != 1)
            return $"has {Inputs.Count} inputs ({string.Join(", ", Inputs)}); networks of one image input are used here";
        var input = Inputs[0];
        if (input.Type != "Float")
            return $"takes numbers of type {input.Type}; export it with float32 inputs";
        if (input.Shape.Count != 4)
            return $"takes {input.Sides}; an image goes in as N×C×H×W";
        if (input.Shape[1] is not (1 or 3 or < 0))
            return $"takes {input.Sides}"
                + (input.Shape[3] is 1 or 3
                    ? ": its channels come last (N×H×W×C); export it with channels first, N×C×H×W"
                    : $": {input.Shape[1]} channels; 1 or 3 are used here");
        if (input.Shape[0] > 1)
            return $"takes {input.Shape[0]} images at a time; export it for one, or for any number";
        return Outputs.FirstOrDefault(output => output.Type != "Float") is { } other
            ? $"gives output {other} of type {other.Type}; export it with float32 outputs"
            : null;
    }

    private static OnnxTensor Tensor(string name, NodeMetadata metadata) =>
        new(name, metadata.ElementDataType.ToString(), metadata.Dimensions);
}

/// <summary>An input or output of a network.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Type of its numbers, in ONNX Runtime's words.</param>
/// <param name="Shape">Its sides; −1 for one that is free.</param>
internal sealed record OnnxTensor(string Name, string Type, IReadOnlyList<int> Shape)
{
    /// <summary>The sides as text, e.g. <c>1×3×112×112</c>; a free one is <c>?</c>.</summary>
    public string Sides => string.Join('×', Shape.Select(side => side < 0 ? "?" : $"{side}"));

    public override string ToString() => $"'{Name}' {Sides}";
}
