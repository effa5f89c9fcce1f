using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Auto;

/// <summary>
/// The index to take when in doubt: it searches exhaustively, and through a graph only where that was measured to find as many mates as
/// demanded and to be faster. Every answer tells which path it took and what it compared.
/// </summary>
/// <remarks>
/// <para>The graph is built in the background when the gallery reaches <see cref="AutoIndexOptions.GraphFrom"/>, if that is given. It is
/// used when its beam was calibrated on this gallery to reach the target of mated hits (for half of the present size at least), and when a
/// walk with that beam is expected to take less time than a scan on this machine. With a filter the beam is widened by the share of
/// templates that pass, as asked of 256 of them: where few pass, the scan is taken, which takes a filter as it comes. Otherwise, and while
/// the graph is built, searches are exhaustive.</para>
/// <para>Both paths hold the same templates. While the graph is built, changes are noted and made up for before it is used.</para>
/// </remarks>
public sealed class AutoIndex : IVectorIndex
{
    private const int FilterSample = 256;

    private readonly AutoIndexOptions _options;
    private readonly ExactIndex _exact;
    private readonly Lazy<SearchCosts> _costs;
    private readonly Lock _writing = new();
    private HnswIndex? _graph;
    private List<(long Id, long Subject, Template? Template)>? _journal;
    private int _nextBuild;
    private bool _building;

    /// <summary>An empty index.</summary>
    /// <param name="model">The model whose templates it will hold.</param>
    /// <param name="dimension">The dimension of those templates.</param>
    /// <param name="options">How it works; the defaults when null.</param>
    /// <exception cref="ArgumentException">The dimension is not supported, or an option is out of its range.</exception>
    public AutoIndex(ModelDigest model, int dimension, AutoIndexOptions? options = null)
        : this(new ExactIndex(model, dimension, (options ?? new AutoIndexOptions()).Exact), options, null)
    {
    }

    /// <summary>An index that takes over an exhaustive one, such as a snapshot gives. Use that one no longer.</summary>
    /// <param name="exact">The exhaustive index.</param>
    /// <param name="options">How it works; the defaults when null. <see cref="AutoIndexOptions.Exact"/> is not used.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public AutoIndex(ExactIndex exact, AutoIndexOptions? options = null)
        : this(exact, options, null)
    {
    }

    /// <summary>
    /// An index of an exhaustive one, with costs if they are known, and a graph that holds the same templates if there is one.
    /// </summary>
    internal AutoIndex(ExactIndex exact, AutoIndexOptions? options, SearchCosts? costs, HnswIndex? graph = null)
    {
        ArgumentNullException.ThrowIfNull(exact);
        _options = options ?? new AutoIndexOptions();
        _exact = exact;
        _costs = new Lazy<SearchCosts>(() => costs ?? SearchCosts.Measure(exact.Dimension));
        _nextBuild = _options.GraphFrom ?? int.MaxValue;
        _ = new HnswIndex(exact.Model, exact.Dimension, _options.Hnsw); // Refuses wrong options now rather than in the background.
        _graph = graph;
        if (graph is null && exact.Count >= _nextBuild)
            BuildInBackground();
    }

    /// <inheritdoc/>
    public ModelDigest Model => _exact.Model;

    /// <inheritdoc/>
    public int Dimension => _exact.Dimension;

    /// <inheritdoc/>
    public int Count => _exact.Count;

    /// <summary>The exhaustive path, to be saved as a snapshot.</summary>
    public ExactIndex Exact => _exact;

    /// <summary>The graph, null when there is none.</summary>
    internal HnswIndex? Graph => Volatile.Read(ref _graph);

    /// <summary>Whether a graph is being built; a snapshot of this moment would not have it.</summary>
    public bool IsBuildingGraph => Volatile.Read(ref _building);

    /// <summary>Whether there is a graph.</summary>
    public bool HasGraph => Volatile.Read(ref _graph) is not null;

    /// <inheritdoc/>
    public void Add(long id, long subject, Template template)
    {
        bool build;
        lock (_writing)
        {
            _exact.Add(id, subject, template);
            _graph?.Add(id, subject, template);
            // The caller may erase its template; the journal keeps what the graph needs of it.
            _journal?.Add((id, subject, Template.FromBody(template.Body, template.Model, template.Float16)));
            build = _exact.Count >= _nextBuild && _graph is null && _journal is null;
        }
        if (build)
            BuildInBackground();
    }

    private void BuildInBackground()
    {
        lock (_writing)
        {
            if (_nextBuild == int.MaxValue || _graph is not null || _journal is not null)
                return;
            _nextBuild = int.MaxValue;
            Volatile.Write(ref _building, true);
        }
        new Thread(() => BuildGraph(begun: true, null, CancellationToken.None))
        {
            IsBackground = true,
            Priority = ThreadPriority.BelowNormal,
            Name = "graph building",
        }.Start();
    }

    /// <inheritdoc/>
    public bool Remove(long id)
    {
        lock (_writing)
        {
            if (!_exact.Remove(id))
                return false;
            _graph?.Remove(id);
            _journal?.Add((id, 0, null));
            return true;
        }
    }

    /// <inheritdoc/>
    public bool Contains(long id) => _exact.Contains(id);

    /// <summary>
    /// Builds and calibrates the graph now, on the calling thread; it is done by itself at <see cref="AutoIndexOptions.GraphFrom"/>.
    /// </summary>
    /// <param name="progress">Receives the number of templates in the graph.</param>
    /// <param name="cancellationToken">Ends the building; searches stay exhaustive.</param>
    /// <exception cref="OperationCanceledException">The building was cancelled.</exception>
    /// <exception cref="InvalidOperationException">There is a graph, or one is being built.</exception>
    public void BuildGraph(IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
        BuildGraph(begun: false, progress, cancellationToken);

    private void BuildGraph(bool begun, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        Segment[] segments;
        lock (_writing)
        {
            if (_graph is not null || _journal is not null || (_building && !begun))
                throw new InvalidOperationException("there is a graph already, or one is being built");
            _journal = [];
            _building = true;
            segments = _exact.Segments.ToArray();
        }
        try
        {
            var graph = new HnswIndex(Model, Dimension, _options.Hnsw with { KeepFloat16 = _exact.KeepsFloat16 });
            graph.Train(segments, cancellationToken);
            var body = new sbyte[Dimension];
            foreach (var segment in segments)
            {
                for (var row = 0; row < segment.Published; row++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var (id, subject) = Read(segment, row, body);
                    Volatile.ReadBarrier(); // The body before the mark: see Segment.
                    if (!segment.IsErased(row) && !graph.Contains(id))
                        graph.Add(id, subject, Template.FromBody(body, Model, segment.Copy(row)));
                    if (graph.Count % 1000 == 0)
                        progress?.Report(graph.Count);
                }
            }
            graph.CalibrateAgainst(probes => [.. _exact.SearchBatch(probes, 1, cancellationToken: cancellationToken).Select(
                answer => answer.Hits is [var best] ? best.Id : long.MinValue)],
                cancellationToken);
            lock (_writing)
            {
                foreach (var (id, subject, template) in _journal)
                {
                    if (template is null)
                        graph.Remove(id);
                    else if (!graph.Contains(id))
                        graph.Add(id, subject, template);
                }
                Volatile.Write(ref _graph, graph);
            }
            progress?.Report(graph.Count);
        }
        finally
        {
            lock (_writing)
            {
                _journal = null;
                Volatile.Write(ref _building, false);
            }
        }
    }

    /// <inheritdoc/>
    public IndexAnswer Search(
        Template probe, int listLength = 20, float floor = -1f, SubjectSet? filter = null, TallyRequest? tally = null,
        CancellationToken cancellationToken = default) =>
        Beam(listLength, filter) is { Graph: { } graph, Ef: var ef } ? graph.Search(probe, listLength, floor, filter, ef, cancellationToken)
            : _exact.Search(probe, listLength, floor, filter, tally, cancellationToken);

    /// <inheritdoc/>
    public IReadOnlyList<IndexAnswer> SearchBatch(
        IReadOnlyList<Template> probes, int listLength = 20, float floor = -1f, SubjectSet? filter = null, TallyRequest? tally = null,
        CancellationToken cancellationToken = default) =>
        // Scans share their passes over memory, walks share nothing: a batch must be the faster for it to walk.
        Beam(listLength, filter, probes?.Count ?? 0) is { Graph: { } graph, Ef: var ef }
            ? graph.SearchBatch(probes!, listLength, floor, filter, ef, cancellationToken)
            : _exact.SearchBatch(probes!, listLength, floor, filter, tally, cancellationToken);

    /// <summary>The graph, with the beam that a search needs, when a walk is allowed and expected to be faster than a scan.</summary>
    private (HnswIndex? Graph, int Ef) Beam(int listLength, SubjectSet? filter, int probes = 1)
    {
        if (Volatile.Read(ref _graph) is not { IsCalibrated: true } graph)
            return default;
        var ef = (double)Math.Max(graph.EfSearch, listLength);
        // The beam holds those who do not pass, too: as many who do as without a filter need a wider one.
        if (filter is not null)
            ef /= Math.Max(Share(filter), 0.5 / FilterSample);
        var scan = _costs.Value.Exhaustive(_exact.Count) / (probes > 1 ? SearchCosts.BatchGain : 1);
        return ef < int.MaxValue / 4 && _costs.Value.Walk(ef, graph.M) < scan ? (graph, (int)ef) : default;
    }

    /// <summary>The share of templates that pass a filter, from some of them, evenly spread.</summary>
    private unsafe double Share(SubjectSet filter)
    {
        var segments = _exact.Segments;
        long total = 0;
        foreach (var segment in segments)
            total += segment.Published;
        var (passed, asked, s) = (0, 0, 0);
        long first = 0;
        for (var i = 0; i < FilterSample && total > 0; i++)
        {
            var at = (long)((i + 0.5) / FilterSample * total);
            while (s < segments.Length - 1 && at - first >= segments[s].Published)
                first += segments[s++].Published;
            var row = (int)Math.Min(at - first, segments[s].Published - 1);
            if (row < 0 || segments[s].IsErased(row))
                continue;
            asked++;
            passed += filter.Admits(segments[s].Subjects[row]) ? 1 : 0;
        }
        return asked == 0 ? 0 : passed / (double)asked;
    }

    private static unsafe (long Id, long Subject) Read(Segment segment, int row, sbyte[] body)
    {
        DotKernel.ReadRow(segment.Body(row), body);
        return (segment.Ids[row], segment.Subjects[row]);
    }
}
