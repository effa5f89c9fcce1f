using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Snapshots;

/// <summary>Writes an index, as it stands, section by section. A reader of segments like any search: it holds no writer up.</summary>
/// <remarks>
/// The rows are fixed at the beginning. One that is erased while its columns are written, and so may be whole in one of them and zeros in
/// another, is put on the list of erased rows, which is written last; a row that is not on it was whole all the time.
/// </remarks>
internal sealed unsafe class SnapshotWriter
{
    private const int BufferBytes = 1 << 20;

    private readonly ExactIndex _index;
    private readonly HnswIndex? _graph;
    private readonly Stream _stream;
    private readonly IProgress<double>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly List<(Segment Segment, int[] Rows)> _parts = [];
    private readonly List<SnapshotFormat.Section> _sections = [];
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly long _rows;
    private long _sectionStart;
    private uint _checksum;
    private int _filled;
    private long _written;
    private long _expected;

    public SnapshotWriter(
        ExactIndex index, HnswIndex? graph, Stream stream, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        (_index, _graph, _stream, _progress, _cancellation) = (index, graph, stream, progress, cancellationToken);
        foreach (var segment in index.Segments)
        {
            var rows = Enumerable.Range(0, segment.Published).Where(row => !segment.IsErased(row)).ToArray();
            _parts.Add((segment, rows));
            _rows += rows.Length;
        }
    }

    public void Write(long stamp)
    {
        var dimension = _index.Dimension;
        var copies = _parts.Any(part => part.Segment.Float16 is not null);
        var chord = _parts.Select(part => part.Segment.LargestChord).DefaultIfEmpty().Max();
        var basis = _index.Basis;
        _expected = _rows * (20L + (dimension * (copies ? 3L : 1L)) + (basis is null ? 0 : basis.Elements / 2)
            + (_graph is null ? 0 : CellKernel.CellBytes + (8L * _graph.M)));

        _stream.Position = SnapshotFormat.Page;
        Column(SnapshotSection.Ids, 8, static (segment, row, target) => BinaryPrimitives.WriteInt64LittleEndian(target, segment.Ids[row]));
        Column(SnapshotSection.Subjects, 8, static (segment, row, target) =>
            BinaryPrimitives.WriteInt64LittleEndian(target, segment.Subjects[row]));
        Column(SnapshotSection.Scales, 4, static (segment, row, target) =>
            BinaryPrimitives.WriteSingleLittleEndian(target, segment.Scales[row]));
        Column(SnapshotSection.Bodies, dimension, static (segment, row, target) => segment.Body(row).CopyTo(target));
        if (copies)
            Column(SnapshotSection.Float16, 2 * dimension, WriteCopy);
        if (basis is not null)
        {
            WriteBasis(SnapshotSection.Basis, basis);
            WriteSketches(basis);
        }
        if (_graph is not null)
            WriteGraph(_graph);
        Begin();
        var first = 0;
        foreach (var (segment, rows) in _parts)
        {
            for (var i = 0; i < rows.Length; i++)
            {
                if (segment.IsErased(rows[i]))
                    Number(first + i);
            }
            first += rows.Length;
        }
        End(SnapshotSection.Erased);
        _stream.SetLength(_stream.Position);
        _stream.Position = 0;
        _stream.Write(SnapshotFormat.Header(dimension, _index.Model, _rows, stamp, copies ? chord : 0, _sections));
        _progress?.Report(1);
    }

    private static void WriteCopy(Segment segment, int row, Span<byte> target)
    {
        var copy = segment.Copy(row);
        if (!copy.IsEmpty)
        {
            MemoryMarshal.AsBytes(copy).CopyTo(target);
            return;
        }
        target.Clear();
        BinaryPrimitives.WriteHalfLittleEndian(target, Half.NaN);
    }

    private void WriteGraph(HnswIndex graph)
    {
        var export = new HnswExport(graph, Ids(), (int)_rows);
        if (export.Basis is { } basis)
            WriteBasis(SnapshotSection.GraphBasis, basis);
        Begin();
        for (var row = 0; row < export.Rows; row++)
            export.WriteCell(row, Room(CellKernel.CellBytes));
        End(SnapshotSection.GraphCells);
        Begin();
        for (var row = 0; row < export.Rows; row++)
            export.WriteLinks(row, MemoryMarshal.Cast<byte, int>(Room(4 * export.LinkNumbers)));
        End(SnapshotSection.GraphLinks);
        Begin();
        foreach (var number in export.Upper())
            Number(number);
        End(SnapshotSection.GraphUpper);
        Begin();
        foreach (var number in export.Header().ToNumbers())
            Number(number);
        End(SnapshotSection.Graph);
    }

    private long[] Ids()
    {
        var ids = new long[_rows];
        var at = 0;
        foreach (var (segment, rows) in _parts)
        {
            foreach (var row in rows)
                ids[at++] = segment.Ids[row];
        }
        return ids;
    }

    private void WriteBasis(SnapshotSection kind, SketchBasis basis)
    {
        Begin();
        var e = basis.Errors;
        Number(basis.Version);
        Number(basis.Elements);
        Number(e.TrainedOn);
        Number(0);
        Numbers([
            e.ResidualLimit, e.QuantisationLimit, e.ResidualMean, e.ResidualDeviation, e.ScoreSpread,
            e.ResidualSpread, e.CodeError, e.Tail]);
        Numbers(basis.Steps);
        Numbers(basis.Matrix);
        End(kind);
    }

    private void WriteSketches(SketchBasis basis)
    {
        // Rows move together, so blocks are made anew; a segment that is not redrawn yet is drawn here.
        Begin();
        var outliers = new List<int>();
        var column = new SketchColumn(basis, SketchKernel.BlockRows);
        var block = new ReadOnlySpan<byte>(column.Blocks, (int)SketchColumn.Bytes(basis, SketchKernel.BlockRows));
        var codes = new byte[basis.Elements];
        var body = new sbyte[basis.Dimension];
        var count = 0;
        foreach (var (segment, rows) in _parts)
        {
            var source = segment.Sketches;
            var misfits = source is not null && source.Basis == basis ? source.Outliers.ToArray().ToHashSet() : null;
            foreach (var row in rows)
            {
                bool fits;
                if (misfits is not null)
                {
                    source!.Read(row, codes);
                    fits = !misfits.Contains(row);
                }
                else
                {
                    var bytes = segment.Body(row);
                    for (var i = 0; i < body.Length; i++)
                        body[i] = (sbyte)(bytes[i] ^ 0x80);
                    fits = basis.Encode(body, segment.Scales[row], codes);
                }
                column.Write(count % SketchKernel.BlockRows, codes, fits: true);
                if (!fits)
                    outliers.Add(count);
                if (++count % SketchKernel.BlockRows == 0)
                    Bytes(block);
            }
        }
        if (count % SketchKernel.BlockRows != 0)
            Bytes(block);
        End(SnapshotSection.Sketches);
        Begin();
        foreach (var row in outliers)
            Number(row);
        End(SnapshotSection.Outliers);
    }

    private delegate void RowWriter(Segment segment, int row, Span<byte> target);

    private void Column(SnapshotSection kind, int bytes, RowWriter write)
    {
        Begin();
        foreach (var (segment, rows) in _parts)
        {
            foreach (var row in rows)
                write(segment, row, Room(bytes));
        }
        End(kind);
    }

    private void Number(int number) => BinaryPrimitives.WriteInt32LittleEndian(Room(4), number);

    private void Numbers(ReadOnlySpan<float> numbers)
    {
        foreach (var number in numbers)
            BinaryPrimitives.WriteSingleLittleEndian(Room(4), number);
    }

    private void Bytes(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    private Span<byte> Room(int bytes)
    {
        if (_filled + bytes > _buffer.Length)
            Flush();
        _filled += bytes;
        return _buffer.AsSpan(_filled - bytes, bytes);
    }

    private void Flush()
    {
        _cancellation.ThrowIfCancellationRequested();
        var bytes = _buffer.AsSpan(0, _filled);
        _checksum = TemplateFormat.Crc32CAdd(_checksum, bytes);
        _stream.Write(bytes);
        _written += _filled;
        _filled = 0;
        _progress?.Report(Math.Min(1, _written / (double)Math.Max(1, _expected)));
    }

    private void Begin()
    {
        _sectionStart = _stream.Position;
        _checksum = TemplateFormat.Crc32CStart;
    }

    private void End(SnapshotSection kind)
    {
        Flush();
        var end = _stream.Position;
        _sections.Add(new SnapshotFormat.Section(kind, ~_checksum, _sectionStart, end - _sectionStart));
        _stream.Write(new byte[((SnapshotFormat.Page - (end % SnapshotFormat.Page)) % SnapshotFormat.Page)]);
    }
}
