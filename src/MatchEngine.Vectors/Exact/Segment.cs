using System.Runtime.CompilerServices;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Vectors.Exact;

/// <summary>
/// A run of templates side by side in memory: bodies in excess 128, scales, ids and subjects, a column each, and where there are any,
/// sketches and float16 copies. One writer at a time appends and erases while any number of readers scan.
/// </summary>
/// <remarks>
/// <para><b>Why no reader sees half a vector.</b> Rows below <see cref="Published"/> are never written again, except to erase them. An
/// append writes the row beyond that count and then stores the count with release semantics; a reader loads the count with acquire
/// semantics and looks at no row beyond it. So whoever sees the count sees the whole row.</para>
/// <para><b>Erasing</b> sets the row's mark, then (write barrier) zeroes its body. A reader computes its products from the body, then (read
/// barrier) looks at the mark of each row that made the threshold. If any byte that it read was already zeroed, the store of the mark came
/// before that zero and the load of the mark comes after it: the reader finds the mark and drops the row. If it finds no mark, it read the
/// whole body. On x86 both barriers only bind the compiler.</para>
/// <para>A segment is replaced, never shrunk: compaction copies the living rows to a new segment and publishes a new list of segments. The
/// old one dies by garbage collection when its last reader lets go of it. It never grows either, since readers hold its arrays.</para>
/// <para><b>Sketches</b> are replaced as a whole when the index trains a new basis. A writer writes a row's sketch into the column of the
/// moment, then publishes the row; a reader takes the count, then the column,
/// and so never finds a column without the rows it counted.</para>
/// <para>Bodies lie in a pinned array, or in memory of their own where they are many, from a 64-byte boundary on, so that 64 elements are
/// one cache line and kernels can use plain pointers; a reader must keep the segment itself alive meanwhile.</para>
/// </remarks>
internal sealed unsafe class Segment
{
    /// <summary>The bytes of a cache line, at whose multiples bodies and sketches begin.</summary>
    public const int CacheLine = 64;

    // What owns the memory of the columns; readers go through the pointers and keep the segment alive.
    private readonly object[] _memory;
    private readonly uint[] _erased;
    private Half[]? _float16Memory;
    private SketchColumn? _sketches;
    private int _published;
    private int _erasedCount;

    /// <summary>A segment without rows.</summary>
    public Segment(int dimension, int capacity)
    {
        Dimension = dimension;
        Capacity = capacity;
        object bodies;
        if ((long)dimension * capacity >= NativeBlock.LargePage)
        {
            // Survivors of sketches are read at random: large pages spare each of them a look at the page table.
            var block = new NativeBlock((long)dimension * capacity, largePages: true);
            bodies = block;
            Bodies = block.Start;
        }
        else
        {
            var array = GC.AllocateUninitializedArray<byte>(checked((dimension * capacity) + CacheLine), pinned: true);
            bodies = array;
            Bodies = (byte*)(((nuint)Unsafe.AsPointer(ref array[0]) + (CacheLine - 1)) & ~(nuint)(CacheLine - 1));
        }
        var scales = GC.AllocateUninitializedArray<float>(capacity, pinned: true);
        Scales = (float*)Unsafe.AsPointer(ref scales[0]);
        var ids = GC.AllocateUninitializedArray<long>(capacity, pinned: true);
        Ids = (long*)Unsafe.AsPointer(ref ids[0]);
        var subjects = GC.AllocateUninitializedArray<long>(capacity, pinned: true);
        Subjects = (long*)Unsafe.AsPointer(ref subjects[0]);
        _memory = [bodies, scales, ids, subjects];
        _erased = new uint[(capacity + 31) / 32];
    }

    /// <summary>A full segment whose rows lie in memory that <paramref name="owner"/> keeps.</summary>
    public Segment(
        int dimension, int rows, byte* bodies, float* scales, long* ids, long* subjects, Half* float16,
        float largestChord, SketchColumn? sketches,
        object owner)
    {
        Dimension = dimension;
        Capacity = rows;
        Bodies = bodies;
        Scales = scales;
        Ids = ids;
        Subjects = subjects;
        Float16 = float16;
        LargestChord = largestChord;
        _sketches = sketches;
        _memory = [owner];
        _erased = new uint[(rows + 31) / 32];
        _published = rows;
    }

    /// <summary>The writer's number for this segment.</summary>
    public int Number { get; set; }

    public int Dimension { get; }

    public int Capacity { get; }

    /// <summary>The first row's body; row r starts r · dimension bytes on.</summary>
    public byte* Bodies { get; }

    public float* Scales { get; }

    public long* Ids { get; }

    public long* Subjects { get; }

    /// <summary>The first row's float16 copy, or null when no row has one. A row without one starts with NaN.</summary>
    public Half* Float16 { get; private set; }

    /// <summary>Whether any row has a float16 copy.</summary>
    public bool HasCopies => Float16 is not null;

    /// <summary>
    /// The largest distance between a row's body and its float16 copy, both as unit vectors:
    /// what a score from bodies may be off by on this side.
    /// </summary>
    public float LargestChord { get; private set; }

    /// <summary>The sketches of the rows, null when there are none.</summary>
    public SketchColumn? Sketches
    {
        get => Volatile.Read(ref _sketches);
        set => Volatile.Write(ref _sketches, value);
    }

    /// <summary>The number of rows that readers may look at, erased ones included.</summary>
    public int Published => Volatile.Read(ref _published);

    /// <summary>The number of published rows that are erased.</summary>
    public int Erased => Volatile.Read(ref _erasedCount);

    /// <summary>The number of rows that stand. For the writer, who alone sees both counts at rest.</summary>
    public int Living => _published - _erasedCount;

    public bool IsFull => _published == Capacity;

    /// <summary>The memory's owners, which whoever takes over a pointer must keep.</summary>
    public ReadOnlySpan<object> Memory => _memory;

    /// <summary>The body of a row, for the writer.</summary>
    public Span<byte> Body(int row) => new(Bodies + ((nint)row * Dimension), Dimension);

    /// <summary>The float16 copy of a row; empty when it has none.</summary>
    public ReadOnlySpan<Half> Copy(int row)
    {
        if (Float16 is null)
            return default;
        var copy = Float16 + ((nint)row * Dimension);
        return Half.IsNaN(*copy) ? default : new ReadOnlySpan<Half>(copy, Dimension);
    }

    /// <summary>Whether a row was erased. A reader asks after it has read the body, with a read barrier between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsErased(int row) => (_erased[row >> 5] >> row & 1) != 0;

    /// <summary>Appends a row and returns its number. The segment must not be full.</summary>
    /// <param name="id">The template's id.</param>
    /// <param name="subject">Its subject.</param>
    /// <param name="template">The template.</param>
    /// <param name="keepFloat16">Whether to keep its float16 copy, if it has one.</param>
    public int Append(long id, long subject, Template template, bool keepFloat16 = false)
    {
        var row = _published;
        Kernels.DotKernel.WriteRow(template.Body, Body(row));
        if (keepFloat16 && template.HasUsableFloat16)
            WriteCopy(row, template.Float16, template.Chord);
        else
            WriteCopy(row, default, 0);
        Sketches?.Write(row, template.Body, template.Scale);
        Publish(row, id, subject, template.Scale);
        return row;
    }

    /// <summary>Appends a living row of another segment and returns its new number.</summary>
    public int Append(Segment other, int otherRow)
    {
        var row = _published;
        other.Body(otherRow).CopyTo(Body(row));
        WriteCopy(row, other.Copy(otherRow), other.LargestChord);
        if (Sketches is { } sketches)
            WriteSketch(sketches, row, other.Scales[otherRow]);
        Publish(row, other.Ids[otherRow], other.Subjects[otherRow], other.Scales[otherRow]);
        return row;
    }

    /// <summary>Draws the sketches of the rows from one on to another, from their bodies.</summary>
    public void WriteSketches(SketchColumn sketches, int from, int to)
    {
        for (var row = from; row < to; row++)
        {
            if (!IsErased(row))
                WriteSketch(sketches, row, Scales[row]);
        }
    }

    /// <summary>
    /// Marks a row of a segment that no reader has seen yet as erased,
    /// in columns that are as they should be for an erased row, or never will be.
    /// </summary>
    public void MarkErased(int row)
    {
        _erased[row >> 5] |= 1u << row;
        _erasedCount++;
    }

    /// <summary>Takes a row out of every later answer and overwrites its vectors. The row must stand.</summary>
    public void Erase(int row)
    {
        _erased[row >> 5] |= 1u << row;
        Volatile.WriteBarrier();
        Body(row).Fill(0x80); // Zero in excess 128: a vector that is nobody's, with score 0.
        if (Float16 is not null)
            new Span<Half>(Float16 + ((nint)row * Dimension), Dimension).Clear();
        Sketches?.Erase(row);
        Volatile.Write(ref _erasedCount, _erasedCount + 1);
    }

    private void WriteSketch(SketchColumn sketches, int row, float scale)
    {
        Span<sbyte> body = stackalloc sbyte[Dimension];
        Kernels.DotKernel.ReadRow(Body(row), body);
        sketches.Write(row, body, scale);
    }

    private void WriteCopy(int row, ReadOnlySpan<Half> copy, float chord)
    {
        if (copy.IsEmpty && Float16 is null)
            return;
        if (Float16 is null)
        {
            _float16Memory = GC.AllocateUninitializedArray<Half>(checked(Dimension * Capacity), pinned: true);
            var first = (Half*)Unsafe.AsPointer(ref _float16Memory[0]);
            for (var i = 0; i < Capacity; i++)
                first[(nint)i * Dimension] = Half.NaN;
            Float16 = first; // A reader that counts this row finds it: the count is stored after it.
        }
        if (copy.IsEmpty)
            return;
        copy.CopyTo(new Span<Half>(Float16 + ((nint)row * Dimension), Dimension));
        LargestChord = Math.Max(LargestChord, chord);
    }

    private void Publish(int row, long id, long subject, float scale)
    {
        Ids[row] = id;
        Subjects[row] = subject;
        Scales[row] = scale;
        Volatile.Write(ref _published, row + 1);
    }
}
