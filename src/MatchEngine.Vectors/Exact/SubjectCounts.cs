using System.Runtime.InteropServices;

namespace MatchEngine.Vectors.Exact;

/// <summary>
/// How many templates each subject has, in a bit for a subject with one, a byte where some have more. For the writer alone.
/// </summary>
/// <remarks>
/// Stores number subjects one after the other: a page holds 1,024 of them, as bits as long as none has a second template, as bytes from
/// then on. The few with more templates than a byte holds are written down beside. Numbers without any order would cost a page each.
/// </remarks>
internal sealed class SubjectCounts
{
    private const int PageBits = 10;
    private const int PageSubjects = 1 << PageBits;
    private const int BitmapBytes = PageSubjects / 8;

    // What a dictionary and an array take besides.
    private const int EntryBytes = 28;
    private const int ArrayBytes = 24;

    private readonly Dictionary<long, byte[]> _pages = [];
    private readonly Dictionary<long, int> _beyond = [];
    private long _bytes;

    /// <summary>The number of subjects with a template.</summary>
    public int Subjects { get; private set; }

    /// <summary>The memory that it takes.</summary>
    public long Bytes => _bytes + (EntryBytes * (long)(_pages.Capacity + _beyond.Capacity));

    /// <summary>Whether a subject has a template.</summary>
    public bool Contains(long subject) => _pages.TryGetValue(subject >> PageBits, out var page) && Count(page, At(subject)) > 0;

    /// <summary>A subject has one template more.</summary>
    public void Add(long subject)
    {
        ref var page = ref CollectionsMarshal.GetValueRefOrAddDefault(_pages, subject >> PageBits, out _);
        if (page is null)
            Replace(ref page, new byte[BitmapBytes]);
        var at = At(subject);
        var count = Count(page!, at);
        if (count == 0)
            Subjects++;
        else if (page!.Length == BitmapBytes)
            Replace(ref page, Counted(page));
        if (page!.Length == BitmapBytes)
            page[at >> 3] |= (byte)(1 << (at & 7));
        else if (count < byte.MaxValue)
            page[at]++;
        else
            CollectionsMarshal.GetValueRefOrAddDefault(_beyond, subject, out _)++;
    }

    /// <summary>A subject has one template less; it must have one.</summary>
    public void Remove(long subject)
    {
        if (_beyond.TryGetValue(subject, out var more))
        {
            if (more == 1)
                _beyond.Remove(subject);
            else
                _beyond[subject] = more - 1;
            return;
        }
        var (page, at) = (_pages[subject >> PageBits], At(subject));
        if (page.Length == BitmapBytes)
            page[at >> 3] &= (byte)~(1 << (at & 7));
        else
            page[at]--;
        if (Count(page, at) > 0)
            return;
        Subjects--;
        if (page.AsSpan().ContainsAnyExcept((byte)0))
            return;
        _pages.Remove(subject >> PageBits);
        _bytes -= ArrayBytes + page.Length;
    }

    private static int At(long subject) => (int)(subject & (PageSubjects - 1));

    private static int Count(byte[] page, int at) => page.Length == BitmapBytes ? page[at >> 3] >> (at & 7) & 1 : page[at];

    private static byte[] Counted(byte[] bitmap)
    {
        var counts = new byte[PageSubjects];
        for (var at = 0; at < counts.Length; at++)
            counts[at] = (byte)Count(bitmap, at);
        return counts;
    }

    private void Replace(ref byte[]? page, byte[] by)
    {
        _bytes += by.Length + ArrayBytes - (page is null ? 0 : page.Length + ArrayBytes);
        page = by;
    }
}
