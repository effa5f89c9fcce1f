using System.Collections.Immutable;

namespace MatchEngine.Vectors;

/// <summary>The index that compares a probe with every template.</summary>
public sealed class ExactIndex : IVectorIndex
{
    private readonly Lock _writing = new();
    private volatile ImmutableDictionary<long, (long Subject, sbyte[] Body, float Scale)> _rows = ImmutableDictionary<long, (long, sbyte[], float)>.Empty;

    /// <summary>An empty index.</summary>
    /// <param name="model">The model whose templates it will hold.</param>
    /// <param name="dimension">The dimension of those templates.</param>
    /// <exception cref="ArgumentException">The dimension is not supported (<see cref="Template.IsSupportedDimension"/>).</exception>
    public ExactIndex(ModelDigest model, int dimension)
    {
        if (!Template.IsSupportedDimension(dimension))
            throw new ArgumentException($"dimension {dimension} is not supported: it must be a multiple of {Template.DimensionStep} up to {Template.MaxDimension}", nameof(dimension));
        Model = model;
        Dimension = dimension;
    }

    /// <inheritdoc/>
    public ModelDigest Model { get; }

    /// <inheritdoc/>
    public int Dimension { get; }

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <inheritdoc/>
    public void Add(long id, long subject, Template template)
    {
        Check(template);
        lock (_writing)
        {
            if (_rows.ContainsKey(id))
                throw new ArgumentException($"the index holds a template with id {id} already: remove it first", nameof(id));
            _rows = _rows.Add(id, (subject, template.Body.ToArray(), template.Scale));
        }
    }

    /// <inheritdoc/>
    public bool Remove(long id)
    {
        lock (_writing)
        {
            var before = _rows;
            _rows = before.Remove(id);
            return _rows != before;
        }
    }

    /// <inheritdoc/>
    public bool Contains(long id) => _rows.ContainsKey(id);

    /// <inheritdoc/>
    public IndexAnswer Search(Template probe, int listLength = 20, float floor = -1f, Func<long, bool>? filter = null,
        CancellationToken cancellationToken = default)
    {
        Check(probe);
        ArgumentOutOfRangeException.ThrowIfLessThan(listLength, 1);
        if (float.IsNaN(floor))
            throw new ArgumentException("the score floor is NaN: give a cosine from −1 to 1", nameof(floor));
        var rows = _rows;
        var best = new Dictionary<long, IndexHit>();
        foreach (var (id, (subject, body, scale)) in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var hit = new IndexHit(id, subject, Score.FromDot(Kernels.DotProduct.Of(probe.Body, body), probe.Scale * scale));
            if (hit.Score >= floor && (filter is null || filter(subject)) && (!best.TryGetValue(subject, out var other) || Precedes(hit, other)))
                best[subject] = hit;
        }
        IndexHit[] hits = [.. best.Values.OrderByDescending(h => h.Score).ThenBy(h => h.Id).Take(listLength)];
        return new IndexAnswer(hits, IndexAnswer.Exact, rows.Count);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IndexAnswer> SearchBatch(IReadOnlyList<Template> probes, int listLength = 20, float floor = -1f,
        Func<long, bool>? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(probes);
        return [.. probes.Select(probe => Search(probe, listLength, floor, filter, cancellationToken))];
    }

    private static bool Precedes(IndexHit a, IndexHit b) => a.Score > b.Score || (a.Score == b.Score && a.Id < b.Id);

    private void Check(Template template)
    {
        ArgumentNullException.ThrowIfNull(template);
        if (template.Model != Model)
            throw new ModelMismatchException(Model, template.Model);
        if (template.Dimension != Dimension)
            throw new ArgumentException($"the template has {template.Dimension} dimensions, the index {Dimension}", nameof(template));
    }
}
