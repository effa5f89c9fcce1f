using System.Diagnostics;
using System.Runtime.CompilerServices;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Benchmarks.Rivals;

/// <summary>
/// A walk that is the same for every layout but in what it reads at a step: the index's own beam, the same descent, the same comparison of
/// the beam in full. The gallery does not change, a template's id is its node.
/// </summary>
internal sealed unsafe class LayoutWalk
{
    /// <summary>As the index: the spreads by which an estimate may be off before the beam is no longer read.</summary>
    private const float BeamQuantile = 3.5f;

    private readonly ILinkLayout _layout;
    private readonly IReadOnlyList<long> _subjects;
    private readonly int _dimension;
    private readonly NativeBlock _bodies;
    private readonly float[] _scales;
    private readonly Dictionary<int, int[]>[] _upper;
    private readonly int _entry;
    private readonly sbyte[] _elements;
    private readonly int[] _sums = GC.AllocateArray<int>(HnswBeam.MaxWaiting, pinned: true);
    private readonly BestPerSubject _list = new();

    /// <summary>A walk over the graph from which the layout was made.</summary>
    public LayoutWalk(
        ILinkLayout layout, HnswIndex graph, IReadOnlyList<Template> templates, IReadOnlyList<long> subjects, NativeBlock bodies)
    {
        (_layout, _subjects, _bodies, _dimension) = (layout, subjects, bodies, templates[0].Dimension);
        _scales = [.. templates.Select(template => template.Scale)];
        (_entry, var top) = graph.Graph.Entry;
        _upper = [.. Enumerable.Range(1, top).Select(level => Enumerable.Range(0, templates.Count)
            .Where(node => graph.Graph.Level(node) >= level).ToDictionary(node => node, node => graph.Graph.Links(node, level)))];
        _elements = GC.AllocateArray<sbyte>(layout.Basis.Elements, pinned: true);
        Beam = new HnswBeam(_dimension);
    }

    /// <summary>The beam.</summary>
    public HnswBeam Beam { get; }

    /// <summary>The probe's side of estimates.</summary>
    public SketchProbe Sketch { get; set; }

    /// <summary>The probe's elements in order.</summary>
    public sbyte* Elements => (sbyte*)Unsafe.AsPointer(ref _elements[0]);

    /// <summary>Room for the sums of a step.</summary>
    public int* Sums => (int*)Unsafe.AsPointer(ref _sums[0]);

    /// <summary>The estimate that a sum stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Estimate(int sum) => Sketch.Factor * (sum - Sketch.Offset);

    /// <summary>The best twenty subjects, by int8.</summary>
    public IndexHit[] Search(Template probe, int ef)
    {
        probe.Body.CopyTo(new Span<sbyte>(Beam.Probe, _dimension));
        var (sum, scale) = (DotKernel.Sum(probe.Body), probe.Scale);
        _layout.Prepare(this, probe);

        // The upper levels hold one node in M, and every layout walks them alike, comparing in full.
        var node = _entry;
        var best = Score(node);
        for (var level = _upper.Length; level > 0; level--)
        {
            for (var moved = true; moved;)
            {
                moved = false;
                foreach (var link in _upper[level - 1][node])
                {
                    if (Score(link) is var score && score > best)
                        (node, best, moved) = (link, score, true);
                }
            }
        }

        Beam.Begin(ef, _scales.Length);
        Beam.Visit(node);
        Beam.Add(node, best);
        while (Beam.Next() is >= 0 and var next)
            _layout.Step(next, this);
        Beam.Order();

        _list.Begin(20, -1);
        for (var i = 0; i < Beam.Count; i++)
        {
            if (Beam.Score(i) < Sketch.LeastEstimate(_list.Threshold, BeamQuantile))
                break;
            if (i + 4 < Beam.Count)
                PrefetchBody(Beam.Node(i + 4));
            var hit = new IndexHit(Beam.Node(i), _subjects[Beam.Node(i)], Score(Beam.Node(i)));
            if (_list.Admits(hit))
                _list.Add(hit);
        }
        return _list.ToList();

        float Score(int other) => DotKernel.Best.Dot(Beam.Probe, sum, Body(other), _dimension) * _scales[other] * scale;
    }

    /// <summary>The bodies of templates in excess 128, as the walk wants them.</summary>
    public static NativeBlock Bodies(IReadOnlyList<Template> templates)
    {
        var dimension = templates[0].Dimension;
        var block = new NativeBlock((long)templates.Count * dimension, largePages: true);
        for (var i = 0; i < templates.Count; i++)
            DotKernel.WriteRow(templates[i].Body, new Span<byte>(block.Start + ((nint)i * dimension), dimension));
        return block;
    }

    /// <summary>Searches with every probe, and says what came of it.</summary>
    /// <returns>Recall of the twenty subjects, mates lost that the reference ranks first,
    /// and searches a second of processor time.</returns>
    public (double Recall, int Lost, double Rate) Measure(
        IReadOnlyList<Template> probes, IReadOnlyList<long> mates, IReadOnlyList<IndexAnswer> truth, int ef)
    {
        var answers = new IndexHit[probes.Count][];
        var before = Environment.CpuUsage.UserTime;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < probes.Count; i++)
            answers[i] = Search(probes[i], ef);
        var spent = (Environment.CpuUsage.UserTime - before).TotalSeconds;
        var seconds = spent > 0 ? spent : Stopwatch.GetElapsedTime(start).TotalSeconds;
        int found = 0, wanted = 0, lost = 0;
        for (var i = 0; i < probes.Count; i++)
        {
            var subjects = answers[i].Select(hit => hit.Subject).ToHashSet();
            wanted += truth[i].Hits.Count;
            found += truth[i].Hits.Count(hit => subjects.Contains(hit.Subject));
            if (truth[i].Hits[0].Subject == mates[i] && answers[i].FirstOrDefault().Subject != mates[i])
                lost++;
        }
        return ((double)found / wanted, lost, probes.Count / seconds);
    }

    private byte* Body(int node) => _bodies.Start + ((nint)node * _dimension);

    private void PrefetchBody(int node) => Prefetch.Lines(Body(node), _dimension);
}
