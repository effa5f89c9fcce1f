using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;

namespace MatchEngine.Faces.Models;

/// <summary>
/// A loaded network. One session serves all threads: each call runs wholly on the thread that makes it, so that as many photos are
/// worked on as there are callers and the runtime never starts a thread per core of the host (a container's quota may be far less).
/// </summary>
public sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();

    /// <summary>Loads a network.</summary>
    /// <param name="card">Its card.</param>
    /// <exception cref="ModelException">The file is missing, swapped, damaged, or does not fit its card.</exception>
    public OnnxModel(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        Card = card;
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        try
        {
            _session = new InferenceSession(ModelStore.Read(card), options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new ModelException($"model file {card.Path} cannot be loaded: {error.Message}", error);
        }
        if (OnnxSignature.Of(_session).Complaint() is { } complaint)
        {
            _session.Dispose();
            throw new ModelException($"model file {card.Path} {complaint}");
        }
        InputName = _session.InputNames[0];
        InputShape = [.. _session.InputMetadata[InputName].Dimensions];
        int[] expected = [1, card.Input.Planes, card.Input.Height, card.Input.Width];
        // −1 stands for a side that is free.
        if (InputShape.Length != 4 || InputShape.Zip(expected).Any(side => side.First > 0 && side.First != side.Second))
        {
            _session.Dispose();
            throw new ModelException(
                $"model file {card.Path} takes {string.Join('×', InputShape)}, its card says {string.Join('×', expected)}");
        }
    }

    /// <summary>The card.</summary>
    public ModelCard Card { get; }

    internal IReadOnlyList<string> OutputNames => _session.OutputNames;

    internal string InputName { get; }

    internal int[] InputShape { get; }

    /// <summary>The outputs with the shapes that the file declares, −1 for a side that is free.</summary>
    internal IReadOnlyDictionary<string, int[]> Outputs =>
        _session.OutputMetadata.ToDictionary(output => output.Key, output => output.Value.Dimensions);

    /// <summary>The shape of an output that the file fixes but for the batch, which here is one image.</summary>
    /// <exception cref="ModelException">There is no such output, or another side is free.</exception>
    internal long[] FixedShape(string output)
    {
        if (!_session.OutputMetadata.TryGetValue(output, out var metadata))
            throw new ModelException($"model file {Card.Path} has no output '{output}'; it has {string.Join(", ", _session.OutputNames)}");
        long[] shape = [.. metadata.Dimensions.Select((side, axis) => side < 0 && axis == 0 ? 1L : side)];
        return shape.All(side => side >= 1)
            ? shape
            : throw new ModelException($"model file {Card.Path}: output '{output}' has no fixed shape");
    }

    /// <summary>Frees the network.</summary>
    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    /// <summary>
    /// Buffers of one worker for this network. Not thread-safe; the network behind it is. Input and outputs live in native memory of
    /// ours, which is overwritten by <see cref="Clear"/>.
    /// </summary>
    internal sealed unsafe class Run : IDisposable
    {
        private readonly OnnxModel _model;
        private readonly float* _input;
        private readonly nint[] _outputs;
        private readonly int[] _outputLengths;
        private readonly OrtValue[] _inputValues;
        private readonly OrtValue[] _outputValues;
        private readonly string[] _inputNames;
        private readonly string[] _outputNames;

        // Files that were exported for one input size declare that size's outputs, and ONNX Runtime then refuses ours for another one,
        // though it computes them rightly. Those runs leave the outputs to it and copy.
        private readonly bool _outputsAreBound = true;

        /// <summary>Makes buffers for outputs whose shapes the file fixes.</summary>
        /// <exception cref="ModelException">The network lacks an output, or its shape is not fixed.</exception>
        public Run(OnnxModel model, params string[] outputNames)
            : this(model, [.. outputNames.Select(name => new OutputShape(name, model.FixedShape(name)))])
        {
        }

        /// <summary>Makes buffers for outputs whose shapes follow from the input's.</summary>
        /// <exception cref="ModelException">The network lacks an output.</exception>
        public Run(OnnxModel model, IReadOnlyList<OutputShape> outputs)
        {
            _model = model;
            _inputNames = [model.InputName];
            _outputNames = [.. outputs.Select(output => output.Name)];
            var layout = model.Card.Input;
            InputLength = layout.Length;
            _input = (float*)NativeMemory.AlignedAlloc((nuint)InputLength * sizeof(float), 64);
            _inputValues = [Wrap(_input, [1, layout.Planes, layout.Height, layout.Width], InputLength)];
            _outputs = new nint[outputs.Count];
            _outputLengths = new int[outputs.Count];
            _outputValues = new OrtValue[outputs.Count];
            for (var i = 0; i < outputs.Count; i++)
            {
                var shape = outputs[i].Shape;
                if (!model.Outputs.TryGetValue(outputs[i].Name, out var declared))
                    throw new ModelException(
                        $"model file {model.Card.Path} has no output '{outputs[i].Name}'; it has {string.Join(", ", model.OutputNames)}");
                _outputsAreBound &= declared.Length == shape.Length
                    && declared.Zip(shape).All(side => side.First < 0 || side.First == side.Second);
                _outputLengths[i] = (int)shape.Aggregate(1L, (product, side) => checked(product * side));
                _outputs[i] = (nint)NativeMemory.AlignedAlloc((nuint)_outputLengths[i] * sizeof(float), 64);
                _outputValues[i] = Wrap((float*)_outputs[i], shape, _outputLengths[i]);
            }
            Clear();
        }

        public int InputLength { get; }

        public Span<float> Input => new(_input, InputLength);

        public int OutputCount => _outputs.Length;

        public ReadOnlySpan<float> Output(int i) => new((float*)_outputs[i], _outputLengths[i]);

        /// <summary>Runs the network on <see cref="Input"/>.</summary>
        /// <exception cref="ModelException">The network gives outputs of other shapes than its card announces.</exception>
        public void Execute()
        {
            try
            {
                if (_outputsAreBound)
                    _model._session.Run(_model._runOptions, _inputNames, _inputValues, _outputNames, _outputValues);
                else
                    RunAndCopy();
            }
            catch (OnnxRuntimeException error)
            {
                throw new ModelException(
                    $"model file {_model.Card.Path} does not run as its card '{_model.Card.Id}' says: {error.Message}", error);
            }
        }

        private void RunAndCopy()
        {
            using var results = _model._session.Run(_model._runOptions, _inputNames, _inputValues, _outputNames);
            for (var i = 0; i < _outputs.Length; i++)
            {
                var result = results[i].GetTensorDataAsSpan<float>();
                if (result.Length != _outputLengths[i])
                    throw new ModelException(
                        $"model file {_model.Card.Path}: output '{_outputNames[i]}' has {result.Length} numbers; "
                            + $"{_outputLengths[i]} follow from the input that card '{_model.Card.Id}' gives");
                result.CopyTo(new Span<float>((void*)_outputs[i], _outputLengths[i]));
            }
        }

        /// <summary>Overwrites input and outputs.</summary>
        public void Clear()
        {
            CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(Input));
            for (var i = 0; i < _outputs.Length; i++)
                CryptographicOperations.ZeroMemory(new Span<byte>((void*)_outputs[i], _outputLengths[i] * sizeof(float)));
        }

        public void Dispose()
        {
            Clear();
            foreach (var value in _inputValues.Concat(_outputValues))
                value.Dispose();
            NativeMemory.AlignedFree(_input);
            foreach (var output in _outputs)
                NativeMemory.AlignedFree((void*)output);
        }

        private static OrtValue Wrap(float* memory, long[] shape, int length) => OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float, shape,
            (nint)memory, length * (long)sizeof(float));
    }
}

/// <summary>An output of a network and its shape for the input that a card fixes.</summary>
/// <param name="Name">The output's name in the file.</param>
/// <param name="Shape">Its sides.</param>
internal readonly record struct OutputShape(string Name, long[] Shape);
