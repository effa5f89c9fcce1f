using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Exact;

/// <summary>
/// The probes of a scan, made ready for each of its stages: bodies in a block, sketches, and float16 copies widened. Reusable; between
/// scans nothing of a probe is in it.
/// </summary>
/// <param name="dimension">The probes' dimension.</param>
internal sealed class ScanProbes(int dimension)
{
    /// <summary>The most probes that share a pass. 64 probes of 512 bytes stay in the second-level cache beside the rows.</summary>
    public const int Most = 64;

    private readonly double[] _squares = new double[Most];
    private readonly SketchProbe[] _sketches = new SketchProbe[Most];
    private float[] _copies = [];
    private sbyte[] _sketchElements = [];

    /// <summary>The bodies.</summary>
    public ProbeBlock Block { get; } = new(Most, dimension);

    /// <summary>The number of probes.</summary>
    public int Count => Block.Count;

    /// <summary>For each probe, the scale of its body.</summary>
    public float[] Scales { get; } = new float[Most];

    /// <summary>For each probe, the distance of its body from its float16 copy; NaN when copies play no part in its search.</summary>
    public float[] Chords { get; } = new float[Most];

    /// <summary>
    /// The quantised elements of the probes' sketches, one probe after the other; empty before the first scan with sketches.
    /// </summary>
    public ReadOnlySpan<sbyte> SketchElements => _sketchElements;

    /// <summary>Takes probes in.</summary>
    /// <param name="probes">The probes, <see cref="Most"/> at most.</param>
    /// <param name="basis">The basis of the sketches; null when there are none.</param>
    /// <param name="copies">Whether any row has a float16 copy.</param>
    /// <param name="largestChord">The largest chord of a row.</param>
    public void Begin(ReadOnlySpan<Template> probes, SketchBasis? basis, bool copies, float largestChord)
    {
        Block.Count = probes.Length;
        if (basis is not null && _sketchElements.Length < Most * basis.Elements)
            _sketchElements = GC.AllocateArray<sbyte>(Most * basis.Elements, pinned: true);
        for (var p = 0; p < probes.Length; p++)
        {
            var body = probes[p].Body;
            Block.Set(p, body);
            Scales[p] = probes[p].Scale;
            Chords[p] = float.NaN;
            if (copies && probes[p].HasUsableFloat16)
                WidenCopy(p, probes[p]);
            if (basis is null)
                continue;
            _sketches[p] = basis.Prepare(body, Scales[p], _sketchElements.AsSpan(p * basis.Elements, basis.Elements));
            if (!float.IsNaN(Chords[p]))
            {
                // The difference between the scores of copies and of bodies, as one more error of the estimate.
                var chords = MathF.Sqrt((Chords[p] * Chords[p]) + (largestChord * largestChord));
                _sketches[p] = _sketches[p].With(chords * basis.Errors.ScoreSpread);
            }
        }
    }

    /// <summary>What a probe's estimates by sketches are worth.</summary>
    public ref readonly SketchProbe Sketch(int p) => ref _sketches[p];

    /// <summary>The score of a probe and a row by their float16 copies.</summary>
    public float Score(int p, ReadOnlySpan<Half> row)
    {
        var (dot, squares) = Float16Dot.Of(_copies.AsSpan(p * dimension, dimension), row);
        return Vectors.Score.FromFloat16(dot, _squares[p], squares);
    }

    /// <summary>Overwrites all that came from probes.</summary>
    public void Forget()
    {
        Block.Clear();
        Array.Clear(Scales);
        Array.Clear(Chords);
        Array.Clear(_squares);
        Array.Clear(_copies);
        Array.Clear(_sketchElements);
        Array.Clear(_sketches);
    }

    private void WidenCopy(int p, Template probe)
    {
        if (_copies.Length < (p + 1) * dimension)
        {
            // One probe is the common case; a batch takes room for a whole one.
            var longer = GC.AllocateArray<float>((p == 0 ? 1 : Most) * dimension, pinned: true);
            _copies.CopyTo(longer, 0);
            Array.Clear(_copies);
            _copies = longer;
        }
        var copy = _copies.AsSpan(p * dimension, dimension);
        Float16Dot.Widen(probe.Float16, copy);
        _squares[p] = Float16Dot.Squares(copy);
        Chords[p] = probe.Chord;
    }
}
