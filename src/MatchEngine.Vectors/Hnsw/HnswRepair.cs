namespace MatchEngine.Vectors.Hnsw;

/// <summary>
/// Removes nodes for good: leads all links around them, overwrites their vectors and frees their places. Searches,
/// adds and removes go on meanwhile.
/// </summary>
internal sealed class HnswRepair
{
    private const int FewestTombstones = 64;
    private const int NodesPerTombstone = 100;

    private readonly HnswGraph _graph;
    private readonly HnswLinking _linking;
    private readonly Lock _repairing = new();
    private readonly List<int> _tombstones = [];
    private bool _inBackground;

    /// <summary>Repair of a graph.</summary>
    public HnswRepair(HnswGraph graph, HnswLinking linking) => (_graph, _linking) = (graph, linking);

    /// <summary>Marks a node as removed: on no list from now on, but still a step to others. Under the graph's lock.</summary>
    public void Bury(int node)
    {
        _graph.SetState(node, NodeState.Tombstone);
        _tombstones.Add(node);
    }

    /// <summary>Repairs in the background when one in a hundred nodes was removed and no thread does. Under the graph's lock.</summary>
    public void RunWhenNeeded()
    {
        if (_inBackground || _tombstones.Count <= Math.Max(FewestTombstones, _graph.Nodes / NodesPerTombstone))
            return;
        _inBackground = true;
        new Thread(() =>
        {
            Run();
            lock (_graph.Writing)
                _inBackground = false;
        })
        { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "graph repair" }.Start();
    }

    /// <summary>Repairs now.</summary>
    public void Run()
    {
        lock (_repairing)
        {
            int[] dead;
            int nodes;
            lock (_graph.Writing)
            {
                dead = [.. _tombstones];
                _tombstones.Clear();
                nodes = _graph.Nodes;
            }
            if (dead.Length == 0)
                return;
            for (var node = 0; node < nodes; node++)
            {
                if (_graph.State(node) is NodeState.Living or NodeState.Linking)
                {
                    for (var level = 0; level <= _graph.Level(node); level++)
                        _linking.LeadAround(node, level);
                }
            }
            lock (_graph.Writing)
            {
                if (_graph.Entry is { Node: >= 0 } entry && _graph.State(entry.Node) != NodeState.Living)
                    _graph.FindEntry();
                foreach (var node in dead)
                    _graph.Erase(node);
            }
        }
    }
}
