using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors;

/// <summary>
/// The index that walks a graph of templates (hierarchical navigable small world, Malkov and Yashunin 2016/2018): it compares a probe with a small
/// part of the gallery, and may miss a candidate. About 690 bytes of memory for a 512-d template with M = 16.
/// </summary>
/// <remarks>
/// <para>For galleries that are too large to scan. Up to a million templates and more, <see cref="ExactIndex"/> is faster at the same quality: see
/// the benchmarks, and <see cref="AutoIndex"/>, which knows.</para>
/// <para><b>Readers and writers.</b> Searches and the walks of inserting threads take no lock. A list of links is changed in place under the lock of its
/// stripe, one int at a time: a reader may see old and new links mixed, each of which is some node, and that costs it a detour at most.
/// A node that is rewritten is guarded by its stamp: a row of an answer is read, with its vector, between two looks at the stamp, and
/// counts only if both found the same even number. So no answer holds half a vector, and none a template that was removed before.</para>
/// <para><b>Removal</b> marks a node: it stays a step to others but is on no list. When one in a hundred nodes is marked, a thread of low
/// priority gives each node with links to marked ones new links, chosen among its own and theirs; then the marked vectors are overwritten and
/// their places are free for later templates. <see cref="Repair"/> does it at once.</para>
/// <para><b>Fewer than k.</b> When a walk finds fewer subjects than asked, the beam is doubled, and at last the gallery is scanned: removed
/// templates, filters and subjects with many templates never shorten a list.</para>
/// </remarks>
public sealed unsafe class HnswIndex : IVectorIndex
{
    private const int Stripes = 4096;
    private const int MostLevels = 16;
    private const int UpperChunk = 1 << 20;

    private readonly HnswOptions _options;
    private readonly DotKernel _kernel = DotKernel.Best;
    private readonly Lock _writing = new();
    private readonly Lock _repairing = new();
    private readonly int[] _stripes = new int[Stripes];
    private readonly HnswBeam?[] _idle = new HnswBeam?[4 * Environment.ProcessorCount];
    private readonly RowMap _rows;
    private readonly Stack<int> _free = [];
    private readonly List<int> _tombstones = [];

    private HnswChunk[] _chunks = [];
    private int[][] _upper = [];
    private int _upperUsed;
    private int _nodes;
    private int _count;
    private long _entry = -1; // level in the high half, node in the low one
    private bool _repairingInBackground;
    private int _calibratedEf;
    private int _calibratedAt;
    private bool _calibratedReached;

    /// <summary>An empty index.</summary>
    /// <param name="model">The model whose templates it will hold.</param>
    /// <param name="dimension">The dimension of those templates.</param>
    /// <param name="options">How it is built and searched; the defaults when null.</param>
    /// <exception cref="ArgumentException">The dimension is not supported, or an option is out of its range.</exception>
    public HnswIndex(ModelDigest model, int dimension, HnswOptions? options = null)
    {
        _options = options ?? new HnswOptions();
        if (!Template.IsSupportedDimension(dimension))
        {
            throw new ArgumentException(
                $"dimension {dimension} is not supported: it must be a multiple of {Template.DimensionStep} up to {Template.MaxDimension}", nameof(dimension));
        }
        if (_options.M is < 4 or > 64)
            throw new ArgumentException($"M is {_options.M}: it must be 4 … 64", nameof(options));
        if (_options.EfConstruction < _options.M)
            throw new ArgumentException($"efConstruction is {_options.EfConstruction}: it must be at least M, {_options.M}", nameof(options));
        if (_options.EfSearch < 1)
            throw new ArgumentException($"ef is {_options.EfSearch}: it must be at least 1", nameof(options));
        if (_options.MatedHitTarget is not (> 0 and <= 1))
            throw new ArgumentException($"the target of mated hits is {_options.MatedHitTarget}: it must be a share, 0 … 1", nameof(options));
        Model = model;
        Dimension = dimension;
        _rows = new RowMap(node => Chunk((int)node).Ids[Row((int)node)]);
    }

    /// <inheritdoc/>
    public ModelDigest Model { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int Count => Volatile.Read(ref _count);

    /// <summary>
    /// The width of a search's beam: as given, or as the last <see cref="Calibrate"/> found it, or, as long as there was none for half of the present
    /// size, a cautious guess that grows with the square root of the size.
    /// </summary>
    public int EfSearch
    {
        get
        {
            if ((FixedEf ?? _options.EfSearch) is { } given)
                return given;
            var guess = (int)Math.Clamp(4 * Math.Sqrt(Count), 64, 8192);
            return _calibratedEf > 0 && Count <= 2L * _calibratedAt ? _calibratedEf : Math.Max(guess, _calibratedEf);
        }
    }

    /// <summary>A width that goes before all others, so that one graph can be measured with several.</summary>
    internal int? FixedEf { get; set; }

    /// <summary>Whether the beam was calibrated at half of the present size or more, and the target was reached there.</summary>
    internal bool IsCalibrated => _calibratedEf > 0 && _calibratedReached && Count <= 2L * _calibratedAt;

    /// <summary>The memory of nodes, vectors and links, in bytes, whether used or allocated ahead.</summary>
    public long AllocatedBytes => (_chunks.LongLength * HnswChunk.Rows * (Dimension + (4L * ListLength) + 34)) + (_upper.LongLength * UpperChunk * 4);

    private int ListLength => 1 + (2 * _options.M);

    /// <inheritdoc/>
    public void Add(long id, long subject, Template template)
    {
        Check(template);
        var node = Allocate(id, subject, template);
        var beam = Rent();
        try
        {
            template.Body.CopyTo(new Span<sbyte>(beam.Probe, Dimension));
            beam.ProbeSum = DotKernel.Sum(template.Body);
            beam.ProbeScale = template.Scale;
            Link(node, beam);
        }
        finally
        {
            Return(beam);
        }
        Chunk(node).States[Row(node)] = NodeState.Living;
        Interlocked.Increment(ref _count);
        if (Volatile.Read(ref _entry) < 0)
        {
            lock (_writing)
            {
                if (_entry < 0)
                    Volatile.Write(ref _entry, HighestLiving());
            }
        }
    }

    /// <summary>Adds many templates on several threads. What was added when it ends early stays.</summary>
    /// <param name="templates">Ids, subjects and templates.</param>
    /// <param name="parallelism">The number of threads; null for one a processor. One builds the same graph every time.</param>
    /// <param name="progress">Receives the number of templates added.</param>
    /// <param name="cancellationToken">Ends the adding.</param>
    /// <exception cref="ArgumentException">As <see cref="Add"/>; from several threads within an <see cref="AggregateException"/>.</exception>
    /// <exception cref="OperationCanceledException">The adding was cancelled.</exception>
    public void AddRange(IReadOnlyList<(long Id, long Subject, Template Template)> templates, int? parallelism = null, IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(templates);
        var threads = parallelism ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1, nameof(parallelism));
        var done = 0;
        void One(int i)
        {
            Add(templates[i].Id, templates[i].Subject, templates[i].Template);
            var count = Interlocked.Increment(ref done);
            if (count % 1000 == 0 || count == templates.Count)
                progress?.Report(count);
        }
        if (threads == 1)
        {
            for (var i = 0; i < templates.Count; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                One(i);
            }
            return;
        }
        Parallel.For(0, templates.Count, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken }, One);
    }

    /// <summary>Removes a template from every later answer; false when the index does not hold the id. Its vector is overwritten by the next repair.</summary>
    public bool Remove(long id)
    {
        var repair = false;
        for (var wait = new SpinWait(); ; wait.SpinOnce())
        {
            lock (_writing)
            {
                if (!_rows.TryGet(id, out var found))
                    return false;
                // While another thread is about to return from adding it, wait, but not with the lock that it may need.
                if (State((int)found) == NodeState.Linking)
                    continue;
                _rows.Remove(id, out _);
                Chunk((int)found).States[Row((int)found)] = NodeState.Tombstone;
                _tombstones.Add((int)found);
                Interlocked.Decrement(ref _count);
                repair = !_repairingInBackground && _tombstones.Count > Math.Max(64, _nodes / 100);
                _repairingInBackground |= repair;
                break;
            }
        }
        if (repair)
        {
            new Thread(() =>
            {
                Repair();
                lock (_writing)
                    _repairingInBackground = false;
            })
            { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "graph repair" }.Start();
        }
        return true;
    }

    /// <inheritdoc/>
    public bool Contains(long id)
    {
        lock (_writing)
            return _rows.TryGet(id, out _);
    }

    /// <summary>Leads all links around the templates removed so far and overwrites their vectors. Searches, adds and removes go on meanwhile.</summary>
    public void Repair()
    {
        lock (_repairing)
        {
            int[] dead;
            int nodes;
            lock (_writing)
            {
                dead = [.. _tombstones];
                _tombstones.Clear();
                nodes = _nodes;
            }
            if (dead.Length == 0)
                return;
            var beam = Rent();
            try
            {
                for (var node = 0; node < nodes; node++)
                {
                    if (State(node) is NodeState.Living or NodeState.Linking)
                    {
                        for (var level = 0; level <= Chunk(node).Levels[Row(node)]; level++)
                            LeadAround(node, level, beam);
                    }
                }
            }
            finally
            {
                Return(beam);
            }
            lock (_writing)
            {
                if (_entry >= 0 && State((int)_entry) != NodeState.Living)
                    Volatile.Write(ref _entry, HighestLiving());
                foreach (var node in dead)
                {
                    var (chunk, row) = (Chunk(node), Row(node));
                    chunk.Stamps[row]++;
                    Volatile.WriteBarrier();
                    new Span<byte>(chunk.Bodies + ((nint)row * Dimension), Dimension).Fill(0x80);
                    for (var level = 0; level <= chunk.Levels[row]; level++)
                        List(node, level)[0] = 0;
                    chunk.States[row] = NodeState.Free;
                    Volatile.Write(ref chunk.Stamps[row], chunk.Stamps[row] + 1);
                    _free.Push(node);
                }
            }
        }
    }

    /// <summary>
    /// Measures which beam reaches <see cref="HnswOptions.MatedHitTarget"/>, and lets searches use it. The probes are the gallery's own templates, each mixed with
    /// another to a cosine of about 0.6 with the first, a poor mate; the reference is a scan. Of 400 probes the target must be met by all but as many as it allows.
    /// </summary>
    /// <param name="cancellationToken">Ends the measurement without a result.</param>
    /// <returns>The width of the beam.</returns>
    /// <exception cref="OperationCanceledException">The measurement was cancelled.</exception>
    public int Calibrate(CancellationToken cancellationToken = default)
    {
        const int Probes = 400;
        var nodes = Volatile.Read(ref _nodes);
        if (Count == 0)
            return EfSearch;
        var random = new Random(_options.Seed);
        var probes = new List<(Template Probe, long Nearest)>();
        var x = new float[Dimension];
        for (var attempt = 0; attempt < 4 * Probes && probes.Count < Probes; attempt++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int a = random.Next(nodes), b = random.Next(nodes);
            if (State(a) != NodeState.Living || State(b) != NodeState.Living)
                continue;
            for (var i = 0; i < Dimension; i++)
            {
                x[i] = (0.6f * Chunk(a).Scales[Row(a)] * (Chunk(a).Bodies[((nint)Row(a) * Dimension) + i] - 128))
                    + (0.8f * Chunk(b).Scales[Row(b)] * (Chunk(b).Bodies[((nint)Row(b) * Dimension) + i] - 128) * (random.Next(2) == 0 ? 1 : -1));
            }
            if (!x.AsSpan().ContainsAnyExcept(0f))
                continue;
            var probe = Template.FromEmbedding(x, Model, keepFloat16: false);
            if (Scan(probe, 1, -1f, null, cancellationToken).Hits is [var nearest])
                probes.Add((probe, nearest.Subject));
        }
        var allowed = (int)Math.Floor(probes.Count * (1 - _options.MatedHitTarget));
        var ef = 32;
        var reached = false;
        for (; !reached && ef < nodes && ef < 16_384; ef *= 2)
        {
            var missed = 0;
            foreach (var (probe, nearest) in probes)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (Walk(probe, 1, -1f, null, ef, cancellationToken) is not { Hits: [var hit] } || hit.Subject != nearest)
                    missed++;
                if (missed > allowed)
                    break;
            }
            reached = probes.Count > 0 && missed <= allowed;
            if (reached)
                break;
        }
        _calibratedReached = reached;
        _calibratedAt = Count;
        Volatile.Write(ref _calibratedEf, ef);
        return ef;
    }

    /// <inheritdoc/>
    public IndexAnswer Search(Template probe, int listLength = 20, float floor = -1f, Func<long, bool>? filter = null, CancellationToken cancellationToken = default)
    {
        Check(probe);
        ArgumentOutOfRangeException.ThrowIfLessThan(listLength, 1);
        if (float.IsNaN(floor))
            throw new ArgumentException("the score floor is NaN: give a cosine from −1 to 1", nameof(floor));
        cancellationToken.ThrowIfCancellationRequested();
        var ef = Math.Max(EfSearch, listLength);
        // A walk compares up to 2·M templates a step, at random: when that is the gallery, a scan is faster and misses nothing.
        for (; 2L * _options.M * ef < Count; ef *= 2)
        {
            if (Walk(probe, listLength, floor, filter, ef, cancellationToken) is { } answer)
                return answer;
        }
        return Scan(probe, listLength, floor, filter, cancellationToken);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IndexAnswer> SearchBatch(IReadOnlyList<Template> probes, int listLength = 20, float floor = -1f, Func<long, bool>? filter = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(probes);
        foreach (var probe in probes)
            Check(probe);
        var answers = new IndexAnswer[probes.Count];
        if (probes.Count > 0)
        {
            // Walks share no memory traffic; they share the processors.
            Parallel.For(0, probes.Count, new ParallelOptions { CancellationToken = cancellationToken },
                i => answers[i] = Search(probes[i], listLength, floor, filter, cancellationToken));
        }
        return answers;
    }

    /// <summary>The links of a node on a level, for tests.</summary>
    internal int[] Links(int node, int level) => new ReadOnlySpan<int>(List(node, level) + 1, List(node, level)[0]).ToArray();

    /// <summary>The number of nodes, removed ones included, for tests.</summary>
    internal int Nodes => Volatile.Read(ref _nodes);

    /// <summary>A walk with a given beam; null when it found too few subjects to stop.</summary>
    private IndexAnswer? Walk(Template probe, int listLength, float floor, Func<long, bool>? filter, int ef, CancellationToken cancellationToken)
    {
        var beam = Rent();
        try
        {
            var entry = Volatile.Read(ref _entry);
            if (entry < 0)
                return null;
            probe.Body.CopyTo(new Span<sbyte>(beam.Probe, Dimension));
            beam.ProbeSum = DotKernel.Sum(probe.Body);
            beam.ProbeScale = probe.Scale;
            beam.Compared = 0;
            var node = (int)entry;
            for (var level = (int)(entry >> 32); level > 0; level--)
                node = Descend(node, level, beam);
            Spread(node, ef, 0, beam, cancellationToken);

            var list = new List<IndexHit>(Math.Min(listLength, 256) + 1);
            var enough = beam.Count < ef && beam.Count >= Count;
            for (var i = 0; i < beam.Count; i++)
            {
                if (beam.Score(i) < floor)
                {
                    enough = true;
                    break;
                }
                if (list.Count == listLength && beam.Score(i) < list[^1].Score)
                    break;
                if (TryRead(beam.Node(i), beam, out var hit) && hit.Score >= floor && (filter is null || filter(hit.Subject)))
                    Insert(list, hit, listLength);
            }
            if (list.Count < listLength && !enough)
                return null;
            return new IndexAnswer(list, IndexAnswer.Hnsw, beam.Compared) { EfSearch = ef };
        }
        finally
        {
            beam.Clear();
            Return(beam);
        }
    }

    private static void Insert(List<IndexHit> list, in IndexHit hit, int listLength)
    {
        var at = 0;
        while (at < list.Count && list[at].Subject != hit.Subject)
            at++;
        if (at < list.Count)
        {
            // Rows come by falling score: only an equal one of a lower id is better.
            if (list[at].Score > hit.Score || list[at].Id < hit.Id)
                return;
            list.RemoveAt(at);
        }
        at = list.Count;
        while (at > 0 && (list[at - 1].Score < hit.Score || (list[at - 1].Score == hit.Score && list[at - 1].Id > hit.Id)))
            at--;
        list.Insert(at, hit);
        if (list.Count > listLength)
            list.RemoveAt(listLength);
    }

    /// <summary>Reads a node as a row of an answer; false when it is not living or was rewritten meanwhile.</summary>
    private bool TryRead(int node, HnswBeam beam, out IndexHit hit)
    {
        var (chunk, row) = (Chunk(node), Row(node));
        var stamp = Volatile.Read(ref chunk.Stamps[row]);
        hit = new IndexHit(chunk.Ids[row], chunk.Subjects[row], Compare(node, beam));
        Volatile.ReadBarrier();
        return (stamp & 1) == 0 && chunk.States[row] == NodeState.Living && stamp == chunk.Stamps[row];
    }

    /// <summary>Compares the probe with every template, in the order of memory.</summary>
    private IndexAnswer Scan(Template probe, int listLength, float floor, Func<long, bool>? filter, CancellationToken cancellationToken)
    {
        var beam = Rent();
        var list = new BestPerSubject();
        try
        {
            probe.Body.CopyTo(new Span<sbyte>(beam.Probe, Dimension));
            beam.ProbeSum = DotKernel.Sum(probe.Body);
            beam.ProbeScale = probe.Scale;
            list.Begin(listLength, floor);
            var nodes = Volatile.Read(ref _nodes);
            long compared = 0;
            for (var node = 0; node < nodes; node++)
            {
                if (node % HnswChunk.Rows == 0)
                    cancellationToken.ThrowIfCancellationRequested();
                if (State(node) != NodeState.Living)
                    continue;
                compared++;
                if (Compare(node, beam) >= list.Threshold && TryRead(node, beam, out var hit) && list.Admits(hit) && (filter is null || filter(hit.Subject)))
                    list.Add(hit);
            }
            return new IndexAnswer(list.ToList(), IndexAnswer.Exact, compared);
        }
        finally
        {
            beam.Clear();
            Return(beam);
        }
    }

    private int Allocate(long id, long subject, Template template)
    {
        lock (_writing)
        {
            if (_rows.TryGet(id, out _))
                throw new ArgumentException($"the index holds a template with id {id} already: remove it first", nameof(id));
            if (!_free.TryPop(out var node))
            {
                node = _nodes;
                if (node >> HnswChunk.RowBits == _chunks.Length)
                    Volatile.Write(ref _chunks, [.. _chunks, new HnswChunk(Dimension, ListLength)]);
                var level = LevelOf(node);
                Chunk(node).Levels[Row(node)] = (byte)level;
                if (level > 0)
                    Chunk(node).Upper[Row(node)] = AllocateUpper(level * (1 + _options.M));
            }
            var (chunk, row) = (Chunk(node), Row(node));
            chunk.Stamps[row]++;
            Volatile.WriteBarrier();
            chunk.States[row] = NodeState.Linking;
            DotKernel.WriteRow(template.Body, new Span<byte>(chunk.Bodies + ((nint)row * Dimension), Dimension));
            chunk.Scales[row] = template.Scale;
            chunk.Sums[row] = DotKernel.Sum(template.Body);
            chunk.Ids[row] = id;
            chunk.Subjects[row] = subject;
            Volatile.Write(ref chunk.Stamps[row], chunk.Stamps[row] + 1);
            _rows.Add(id, (uint)node);
            if (node == _nodes)
                Volatile.Write(ref _nodes, node + 1);
            if (_entry < 0)
                Volatile.Write(ref _entry, ((long)chunk.Levels[row] << 32) | (uint)node);
            return node;
        }
    }

    private int AllocateUpper(int length)
    {
        if (_upper.Length == 0 || (_upperUsed % UpperChunk) + length > UpperChunk)
        {
            _upperUsed = _upper.Length * UpperChunk;
            Volatile.Write(ref _upper, [.. _upper, GC.AllocateArray<int>(UpperChunk, pinned: true)]);
        }
        _upperUsed += length;
        return _upperUsed - length;
    }

    /// <summary>The level of a place, geometric with the ratio 1/M, from the seed and its number alone: threads cannot change it.</summary>
    private int LevelOf(int node)
    {
        var hash = ((ulong)(uint)_options.Seed << 32 | (uint)node) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 29)) * 0xBF58476D1CE4E5B9;
        hash ^= hash >> 32;
        var uniform = ((hash >> 11) + 1) * (1.0 / (1UL << 53));
        return (int)Math.Min(MostLevels - 1, -Math.Log(uniform) / Math.Log(_options.M));
    }

    private void Link(int node, HnswBeam beam)
    {
        var level = Chunk(node).Levels[Row(node)];
        var entry = Volatile.Read(ref _entry);
        var from = (int)entry;
        if (from != node)
        {
            var top = (int)(entry >> 32);
            for (var l = top; l > level; l--)
                from = Descend(from, l, beam);
            Span<int> chosen = stackalloc int[_options.M];
            for (var l = Math.Min(top, level); l >= 0; l--)
            {
                Spread(from, _options.EfConstruction, l, beam, CancellationToken.None);
                var count = Choose(beam, node, chosen);
                from = beam.Count > 0 ? beam.Node(0) : from;
                Write(node, l, chosen[..count]);
                for (var i = 0; i < count; i++)
                    Connect(chosen[i], node, l);
            }
        }
        if (level > entry >> 32)
        {
            lock (_writing)
            {
                if (level > _entry >> 32)
                    Volatile.Write(ref _entry, ((long)level << 32) | (uint)node);
            }
        }
    }

    /// <summary>Walks to ever better nodes of a level, one at a time.</summary>
    private int Descend(int node, int level, HnswBeam beam)
    {
        var score = Compare(node, beam);
        for (var moved = true; moved;)
        {
            moved = false;
            var list = List(node, level);
            var count = Math.Min(Volatile.Read(ref *list), _options.M);
            for (var i = 1; i <= count; i++)
            {
                var other = Compare(list[i], beam);
                if (other > score)
                {
                    (node, score, moved) = (list[i], other, true);
                }
            }
        }
        return node;
    }

    /// <summary>Fills the beam with the best nodes of a level that a walk from a node finds.</summary>
    private void Spread(int from, int ef, int level, HnswBeam beam, CancellationToken cancellationToken)
    {
        beam.Begin(ef, Volatile.Read(ref _nodes));
        if (!beam.Visit(from))
            return;
        beam.Add(from, Compare(from, beam));
        var waiting = beam.Waiting;
        var most = level == 0 ? 2 * _options.M : _options.M;
        for (int node, steps = 0; (node = beam.Next()) >= 0; steps++)
        {
            if (steps % 1024 == 1023)
                cancellationToken.ThrowIfCancellationRequested();
            var list = List(node, level);
            var count = Math.Min(Volatile.Read(ref *list), most);
            var unseen = 0;
            for (var i = 1; i <= count; i++)
            {
                var other = list[i];
                if (beam.Visit(other))
                    waiting[unseen++] = other;
            }
            for (var i = 0; i < Math.Min(Ahead, unseen); i++)
                Prefetch(waiting[i]);
            for (var i = 0; i < unseen; i++)
            {
                if (i + Ahead < unseen)
                    Prefetch(waiting[i + Ahead]);
                beam.Add(waiting[i], Compare(waiting[i], beam));
            }
        }
    }

    private const int Ahead = 3;

    private void Prefetch(int node)
    {
        if (!Sse.IsSupported)
            return;
        var body = Chunk(node).Bodies + ((nint)Row(node) * Dimension);
        for (var i = 0; i < Dimension; i += Segment.CacheLine)
            Sse.Prefetch0(body + i);
    }

    private float Compare(int node, HnswBeam beam)
    {
        var (chunk, row) = (Chunk(node), Row(node));
        beam.Compared++;
        return Score.FromDot(_kernel.Dot(beam.Probe, beam.ProbeSum, chunk.Bodies + ((nint)row * Dimension), Dimension), chunk.Scales[row] * beam.ProbeScale);
    }

    /// <summary>The heuristic of the paper's algorithm 4: the best nodes of the beam, but none that is closer to one chosen before than to the probe.</summary>
    private int Choose(HnswBeam beam, int self, Span<int> chosen)
    {
        Span<sbyte> body = stackalloc sbyte[Dimension];
        var count = 0;
        for (var i = 0; i < beam.Count && count < chosen.Length; i++)
        {
            var node = beam.Node(i);
            if (node == self || State(node) is not (NodeState.Living or NodeState.Linking))
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
        ReadBody(node, body);
        var scale = Chunk(node).Scales[Row(node)];
        fixed (sbyte* probe = body)
        {
            foreach (var other in chosen)
            {
                var dot = _kernel.Dot(probe, Chunk(node).Sums[Row(node)], Chunk(other).Bodies + ((nint)Row(other) * Dimension), Dimension);
                if (Score.FromDot(dot, scale * Chunk(other).Scales[Row(other)]) > score)
                    return false;
            }
        }
        return true;
    }

    private void ReadBody(int node, Span<sbyte> body)
    {
        var bytes = Chunk(node).Bodies + ((nint)Row(node) * Dimension);
        var i = 0;
        for (; i + 16 <= body.Length; i += 16)
        {
            var signed = (Vector128.Load(bytes + i) ^ Vector128.Create((byte)0x80)).AsSByte();
            Vector128.CopyTo(signed, body[i..]);
        }
    }

    /// <summary>Adds a link; a full list is chosen anew from its links and the new one.</summary>
    private void Connect(int node, int link, int level)
    {
        Acquire(node);
        try
        {
            var list = List(node, level);
            var most = level == 0 ? 2 * _options.M : _options.M;
            var count = list[0];
            for (var i = 1; i <= count; i++)
            {
                if (list[i] == link)
                    return;
            }
            if (count < most)
            {
                list[count + 1] = link;
                Volatile.Write(ref *list, count + 1);
                return;
            }
            Span<int> candidates = stackalloc int[count + 1];
            new ReadOnlySpan<int>(list + 1, count).CopyTo(candidates);
            candidates[count] = link;
            Rechoose(node, list, most, candidates);
        }
        finally
        {
            Release(node);
        }
    }

    /// <summary>Replaces links to removed nodes by links of theirs.</summary>
    private void LeadAround(int node, int level, HnswBeam beam)
    {
        var list = List(node, level);
        var most = level == 0 ? 2 * _options.M : _options.M;
        Acquire(node);
        try
        {
            var count = list[0];
            var living = new HashSet<int>();
            var broken = false;
            for (var i = 1; i <= count; i++)
            {
                var link = list[i];
                if (State(link) is NodeState.Living or NodeState.Linking)
                {
                    living.Add(link);
                    continue;
                }
                broken = true;
                if (Chunk(link).Levels[Row(link)] < level)
                    continue;
                var theirs = List(link, level);
                for (var j = 1; j <= Math.Min(theirs[0], most); j++)
                {
                    if (theirs[j] != node && State(theirs[j]) == NodeState.Living && Chunk(theirs[j]).Levels[Row(theirs[j])] >= level)
                        living.Add(theirs[j]);
                }
            }
            if (broken)
                Rechoose(node, list, most, [.. living]);
        }
        finally
        {
            Release(node);
        }
    }

    private void Rechoose(int node, int* list, int most, Span<int> candidates)
    {
        Span<sbyte> body = stackalloc sbyte[Dimension];
        ReadBody(node, body);
        Span<float> scores = candidates.Length <= 256 ? stackalloc float[candidates.Length] : new float[candidates.Length];
        var scale = Chunk(node).Scales[Row(node)];
        fixed (sbyte* probe = body)
        {
            for (var i = 0; i < candidates.Length; i++)
            {
                var other = candidates[i];
                var dot = _kernel.Dot(probe, Chunk(node).Sums[Row(node)], Chunk(other).Bodies + ((nint)Row(other) * Dimension), Dimension);
                scores[i] = -Score.FromDot(dot, scale * Chunk(other).Scales[Row(other)]);
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
        Put(list, chosen[..count]);
    }

    private void Write(int node, int level, ReadOnlySpan<int> links)
    {
        Acquire(node);
        try
        {
            // Others may have linked to the node meanwhile, and so been linked from it.
            var list = List(node, level);
            var most = level == 0 ? 2 * _options.M : _options.M;
            var count = list[0];
            foreach (var link in links)
            {
                if (count < most && !new ReadOnlySpan<int>(list + 1, count).Contains(link))
                    list[++count] = link;
            }
            Volatile.Write(ref *list, count);
        }
        finally
        {
            Release(node);
        }
    }

    private static void Put(int* list, ReadOnlySpan<int> links)
    {
        links.CopyTo(new Span<int>(list + 1, links.Length));
        Volatile.Write(ref *list, links.Length);
    }

    private void Acquire(int node)
    {
        var wait = new SpinWait();
        while (Interlocked.CompareExchange(ref _stripes[node % Stripes], 1, 0) != 0)
            wait.SpinOnce();
    }

    private void Release(int node) => Volatile.Write(ref _stripes[node % Stripes], 0);

    private long HighestLiving()
    {
        var best = -1L;
        for (var node = 0; node < _nodes; node++)
        {
            if (State(node) == NodeState.Living && (best < 0 || Chunk(node).Levels[Row(node)] > best >> 32))
                best = ((long)Chunk(node).Levels[Row(node)] << 32) | (uint)node;
        }
        return best;
    }

    private HnswChunk Chunk(int node) => Volatile.Read(ref _chunks)[node >> HnswChunk.RowBits];

    private static int Row(int node) => node & (HnswChunk.Rows - 1);

    private NodeState State(int node) => (NodeState)Volatile.Read(ref *(byte*)(Chunk(node).States + Row(node)));

    private int* List(int node, int level)
    {
        if (level == 0)
            return Chunk(node).Lists + ((nint)Row(node) * ListLength);
        var at = Chunk(node).Upper[Row(node)] + ((level - 1) * (1 + _options.M));
        return (int*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref Volatile.Read(ref _upper)[at / UpperChunk][at % UpperChunk]);
    }

    private HnswBeam Rent()
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Volatile.Read(ref _idle[i]) is not null && Interlocked.Exchange(ref _idle[i], null) is { } beam)
                return beam;
        }
        return new HnswBeam(Dimension);
    }

    private void Return(HnswBeam beam)
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref _idle[i], beam, null) is null)
                return;
        }
    }

    private void Check(Template template)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (template.Model != Model)
            throw new ModelMismatchException(Model, template.Model);
        if (template.Dimension != Dimension)
            throw new ArgumentException($"the template has {template.Dimension} dimensions, the index {Dimension}", nameof(template));
    }
}
