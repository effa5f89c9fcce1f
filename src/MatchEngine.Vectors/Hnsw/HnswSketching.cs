using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Hnsw;

/// <summary>
/// Trains the sketches of a graph on its templates, and redraws them: when there are enough for the first time,
/// and whenever their number has grown fourfold.
/// </summary>
internal sealed class HnswSketching
{
    private const int RetrainGrowth = 4;

    private readonly HnswGraph _graph;
    private readonly int _from;
    private readonly Lock _training = new();
    private bool _inBackground;

    /// <summary>Sketches of a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="from">The number of templates from which on there are sketches; null for never.</param>
    public HnswSketching(HnswGraph graph, int? from) => (_graph, _from) = (graph, from ?? int.MaxValue);

    /// <summary>Whether sketches are to be trained for a number of templates.</summary>
    public bool MustTrain(int count) =>
        count >= _from && (_graph.Basis is not { } basis || count >= (long)RetrainGrowth * basis.Errors.TrainedOn);

    /// <summary>Trains in the background if it is time to and no thread does. Under the graph's lock.</summary>
    public void TrainWhenNeeded(int count)
    {
        if (_inBackground || !MustTrain(count))
            return;
        _inBackground = true;
        new Thread(() =>
        {
            try
            {
                Train(CancellationToken.None);
            }
            finally
            {
                lock (_graph.Writing)
                    _inBackground = false;
            }
        })
        { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "graph sketches" }.Start();
    }

    /// <summary>Trains on the templates as they are.</summary>
    public void Train(CancellationToken cancellationToken)
    {
        var nodes = _graph.Nodes;
        if (nodes > 0)
            Train(() => new SketchSample(nodes, _graph.Dimension, _graph.Vector), nodes, cancellationToken);
    }

    /// <summary>Trains on a sample, for a gallery of a size.</summary>
    /// <param name="draw">Draws the sample.</param>
    /// <param name="gallerySize">The number of templates.</param>
    /// <param name="cancellationToken">Ends the training; what is not redrawn is compared in full.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Train(Func<SketchSample> draw, int gallerySize, CancellationToken cancellationToken)
    {
        lock (_training)
        {
            var sample = draw();
            if (!sample.IsEnough)
                return;
            var elements = Math.Min(CellKernel.MaxElements, _graph.Dimension / SketchKernel.GroupElements * SketchKernel.GroupElements);
            var basis = sample.Train((_graph.Basis?.Version ?? 0) + 1, elements, gallerySize, cancellationToken);
            lock (_graph.Writing)
                _graph.Basis = basis;
            // Chunks that are born from now on have the new basis at once.
            for (var c = 0; c < _graph.Cells.Length; c++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Redraw(c, basis);
            }
        }
    }

    /// <summary>
    /// Gives a chunk new cells. Sketches are drawn without the lock; the marks move under it, with what was written meanwhile.
    /// </summary>
    private void Redraw(int c, SketchBasis basis)
    {
        var former = _graph.Cells[c];
        if (former.Basis == basis)
            return;
        var cells = new HnswCells(basis, c > 0);
        var body = new sbyte[_graph.Dimension];
        var stamps = new uint[HnswChunk.Rows];
        var drawn = Math.Min(HnswChunk.Rows, _graph.Nodes - (c << HnswChunk.RowBits));
        for (var row = 0; row < drawn; row++)
        {
            stamps[row] = former.Marks(row);
            Volatile.ReadBarrier();
            Draw(row);
        }
        lock (_graph.Writing)
        {
            var rows = Math.Min(HnswChunk.Rows, _graph.Nodes - (c << HnswChunk.RowBits));
            for (var row = 0; row < rows; row++)
            {
                var marks = former.Marks(row);
                // States may have changed, which is no matter of the sketch.
                if (row >= drawn || HnswCells.With(marks, default) != HnswCells.With(stamps[row], default) || HnswCells.IsWritten(marks))
                    Draw(row);
                cells.Mark(row, marks);
            }
            _graph.Replace(c, cells);
        }

        void Draw(int row)
        {
            _graph.ReadBody((c << HnswChunk.RowBits) + row, body);
            cells.Draw(row, body, former.Scale(row));
        }
    }
}
