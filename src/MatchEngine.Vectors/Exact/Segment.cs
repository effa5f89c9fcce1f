using System.Runtime.CompilerServices;

namespace MatchEngine.Vectors;

/// <summary>
/// A run of templates side by side in memory: bodies in excess 128, scales, ids and subjects, a column each. One writer at a time appends
/// and erases while any number of readers scan.
/// </summary>
/// <remarks>
/// <para><b>Why no reader sees half a vector.</b> Rows below <see cref="Published"/> are never written again, except to erase them. An append
/// writes the row beyond that count and then stores the count with release semantics; a reader loads the count with acquire semantics and
/// looks at no row beyond it. So whoever sees the count sees the whole row.</para>
/// <para><b>Erasing</b> sets the row's mark, then (write barrier) zeroes its body. A reader computes its products from the body, then (read
/// barrier) looks at the mark of each row that made the threshold. If any byte that it read was already zeroed, the store of the mark came
/// before that zero and the load of the mark comes after it: the reader finds the mark and drops the row. If it finds no mark, it read the
/// whole body. On x86 both barriers only bind the compiler.</para>
/// <para>A segment is replaced, never shrunk: compaction copies the living rows to a new segment and publishes a new list of segments. The old
/// one dies by garbage collection when its last reader lets go of it. It never grows either, since readers hold its arrays.</para>
/// <para>Bodies lie in a pinned array from a 64-byte boundary on, so that 64 elements are one cache line and kernels can use plain pointers;
/// a reader must keep the segment itself alive meanwhile.</para>
/// </remarks>
internal sealed unsafe class Segment
{
    private const int CacheLine = 64;

    // The array that owns the bodies' memory; readers go through Bodies.
    private readonly byte[] _memory;
    private readonly bool[] _erased;
    private int _published;
    private int _erasedCount;

    public Segment(int dimension, int capacity)
    {
        Dimension = dimension;
        Capacity = capacity;
        _memory = GC.AllocateUninitializedArray<byte>(checked((dimension * capacity) + CacheLine), pinned: true);
        var address = (nuint)Unsafe.AsPointer(ref _memory[0]);
        Bodies = (byte*)((address + (CacheLine - 1)) & ~(nuint)(CacheLine - 1));
        Scales = new float[capacity];
        Ids = new long[capacity];
        Subjects = new long[capacity];
        _erased = new bool[capacity];
    }

    /// <summary>The writer's number for this segment.</summary>
    public int Number { get; set; }

    public int Dimension { get; }

    public int Capacity { get; }

    /// <summary>The first row's body; row r starts r · dimension bytes on.</summary>
    public byte* Bodies { get; }

    public float[] Scales { get; }

    public long[] Ids { get; }

    public long[] Subjects { get; }

    /// <summary>The number of rows that readers may look at, erased ones included.</summary>
    public int Published => Volatile.Read(ref _published);

    /// <summary>The number of published rows that are erased.</summary>
    public int Erased => Volatile.Read(ref _erasedCount);

    /// <summary>The number of rows that stand. For the writer, who alone sees both counts at rest.</summary>
    public int Living => _published - _erasedCount;

    public bool IsFull => _published == Capacity;

    /// <summary>The body of a row, for the writer.</summary>
    public Span<byte> Body(int row) => new(Bodies + ((nint)row * Dimension), Dimension);

    /// <summary>Whether a row was erased. A reader asks after it has read the body, with a read barrier between.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsErased(int row) => _erased[row];

    /// <summary>Appends a row and returns its number. The segment must not be full.</summary>
    public int Append(long id, long subject, Template template)
    {
        var row = _published;
        Kernels.DotKernel.WriteRow(template.Body, Body(row));
        Publish(row, id, subject, template.Scale);
        return row;
    }

    /// <summary>Appends a living row of another segment and returns its new number.</summary>
    public int Append(Segment other, int otherRow)
    {
        var row = _published;
        other.Body(otherRow).CopyTo(Body(row));
        Publish(row, other.Ids[otherRow], other.Subjects[otherRow], other.Scales[otherRow]);
        return row;
    }

    /// <summary>Takes a row out of every later answer and overwrites its body. The row must stand.</summary>
    public void Erase(int row)
    {
        _erased[row] = true;
        Volatile.WriteBarrier();
        Body(row).Fill(0x80); // Zero in excess 128: a vector that is nobody's, with score 0.
        Volatile.Write(ref _erasedCount, _erasedCount + 1);
    }

    private void Publish(int row, long id, long subject, float scale)
    {
        Ids[row] = id;
        Subjects[row] = subject;
        Scales[row] = scale;
        Volatile.Write(ref _published, row + 1);
    }
}
