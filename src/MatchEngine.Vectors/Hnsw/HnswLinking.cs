using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Hnsw;

/// <summary>Chooses the links of nodes: of new ones, of those that get one more, and of those whose neighbours were removed.</summary>
/// <remarks>
/// The heuristic is the paper's algorithm 4: of candidates, best first,
/// those which are not closer to one chosen before than to the node itself.
/// </remarks>
internal sealed unsafe class HnswLinking
{
    private readonly HnswGraph _graph;
    private readonly HnswWalk _walk;
    private readonly int _width;
    private readonly DotKernel _kernel = DotKernel.Best;

    /// <summary>Links of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="walk">Walks through it.</param>
    /// <param name="width">The width of the beam that looks for a new node's neighbours.</param>
    public HnswLinking(HnswGraph graph, HnswWalk walk, int width) => (_graph, _walk, _width) = (graph, walk, width);

    /// <summary>Links a node that was placed: to the best nodes of each of its levels, and those to it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="beam">A beam that its template was given to.</param>
    public void Link(int node, HnswBeam beam)
    {
        var level = _graph.Level(node);
        var entry = _graph.Entry;
        if (entry.Node >= 0 && entry.Node != node)
        {
            var from = _walk.Descend(entry, level, beam);
            Span<int> chosen = stackalloc int[_graph.M];
            for (var l = Math.Min(entry.Level, level); l >= 0; l--)
            {
                _walk.Spread(from, _width, l, beam, CancellationToken.None);
                _walk.CompareBeam(beam);
                from = beam.Count > 0 ? beam.Node(0) : from;
                var count = Choose(beam, node, chosen);
                Write(node, l, chosen[..count]);
                for (var i = 0; i < count; i++)
                    Connect(chosen[i], node, l);
            }
        }
        _graph.RaiseEntry(node, level);
    }

    /// <summary>
    /// The heuristic of the paper's algorithm 4: the best nodes of the beam,
    /// but none that is closer to one chosen before than to the probe.
    /// </summary>
    private int Choose(HnswBeam beam, int self, Span<int> chosen)
    {
        Span<sbyte> body = stackalloc sbyte[_graph.Dimension];
        var count = 0;
        for (var i = 0; i < beam.Count && count < chosen.Length; i++)
        {
            var node = beam.Node(i);
            if (node == self || _graph.State(node) is not (NodeState.Living or NodeState.Linking))
                continue;
            if (IsDiverse(node, beam.Score(i), chosen[..count], body))
                chosen[count++] = node;
        }
        return count;
    }

    private bool IsDiverse(int node, float score, ReadOnlySpan<int> chosen, Span<sbyte> body)
    {
        if (chosen.IsEmpty)
            return true;
        _graph.ReadBody(node, body);
        var (scale, sum) = (_graph.Scale(node), DotKernel.Sum(body));
        fixed (sbyte* probe = body)
        {
            foreach (var other in chosen)
            {
                var dot = _kernel.Dot(
                    probe, sum, _graph.Chunk(other).Bodies + ((nint)HnswGraph.Row(other) * _graph.Dimension), _graph.Dimension);
                if (Score.FromDot(dot, scale * _graph.Scale(other)) > score)
                    return false;
            }
        }
        return true;
    }

    /// <summary>Adds a link; a full list is chosen anew from its links and the new one.</summary>
    private void Connect(int node, int link, int level)
    {
        _graph.Acquire(node);
        try
        {
            var list = _graph.List(node, level);
            var most = _graph.Most(node, level);
            var count = HnswGraph.Length(list, most);
            if (new ReadOnlySpan<int>(list, count).Contains(link))
                return;
            if (count < most)
            {
                Volatile.Write(ref list[count], link);
                return;
            }
            Span<int> candidates = stackalloc int[count + 1];
            new ReadOnlySpan<int>(list, count).CopyTo(candidates);
            candidates[count] = link;
            Rechoose(node, list, most, candidates);
        }
        finally
        {
            _graph.Release(node);
        }
    }

    /// <summary>Replaces links to removed nodes by links of theirs.</summary>
    public void LeadAround(int node, int level)
    {
        var list = _graph.List(node, level);
        var most = _graph.Most(node, level);
        var broken = false;
        for (var i = 0; i < most && !broken && Volatile.Read(ref list[i]) is >= 0 and var link; i++)
            broken = _graph.State(link) is not (NodeState.Living or NodeState.Linking);
        if (!broken)
            return;
        _graph.Acquire(node);
        try
        {
            var living = new HashSet<int>();
            foreach (var link in new ReadOnlySpan<int>(list, HnswGraph.Length(list, most)))
            {
                if (_graph.State(link) is NodeState.Living or NodeState.Linking)
                {
                    living.Add(link);
                    continue;
                }
                if (_graph.Level(link) < level)
                    continue;
                var theirs = _graph.List(link, level);
                for (int j = 0, theirMost = _graph.Most(link, level); j < theirMost
                    && Volatile.Read(ref theirs[j]) is >= 0 and var other; j++)
                {
                    if (other != node && _graph.State(other) == NodeState.Living && _graph.Level(other) >= level)
                        living.Add(other);
                }
            }
            Rechoose(node, list, most, [.. living]);
        }
        finally
        {
            _graph.Release(node);
        }
    }

    private void Rechoose(int node, int* list, int most, Span<int> candidates)
    {
        foreach (var candidate in candidates)
            _graph.Prefetch(candidate);
        Span<sbyte> body = stackalloc sbyte[_graph.Dimension];
        _graph.ReadBody(node, body);
        Span<float> scores = candidates.Length <= 256 ? stackalloc float[candidates.Length] : new float[candidates.Length];
        var (scale, sum) = (_graph.Scale(node), DotKernel.Sum(body));
        fixed (sbyte* probe = body)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                var other = candidates[i];
                var dot = _kernel.Dot(
                    probe, sum, _graph.Chunk(other).Bodies + ((nint)HnswGraph.Row(other) * _graph.Dimension), _graph.Dimension);
                scores[i] = -Score.FromDot(dot, scale * _graph.Scale(other));
            }
        }
        scores.Sort(candidates);
        Span<int> chosen = stackalloc int[most];
        var count = 0;
        for (var i = 0; i < candidates.Length && count < most; i++)
        {
            if (IsDiverse(candidates[i], -scores[i], chosen[..count], body))
                chosen[count++] = candidates[i];
        }
        chosen[..count].CopyTo(new Span<int>(list, count));
        new Span<int>(list + count, most - count).Fill(HnswGraph.End);
    }

    private void Write(int node, int level, ReadOnlySpan<int> links)
    {
        _graph.Acquire(node);
        try
        {
            // Others may have linked to the node meanwhile, and so been linked from it.
            var list = _graph.List(node, level);
            var most = _graph.Most(node, level);
            var count = HnswGraph.Length(list, most);
            foreach (var link in links)
            {
                if (count < most && !new ReadOnlySpan<int>(list, count).Contains(link))
                    Volatile.Write(ref list[count++], link);
            }
        }
        finally
        {
            _graph.Release(node);
        }
    }
}
