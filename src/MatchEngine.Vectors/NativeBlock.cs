using System.Runtime.InteropServices;
using MatchEngine.Vectors.Exact;

namespace MatchEngine.Vectors;

/// <summary>
/// Memory outside the managed heap, freed with this object. Its pages are taken from the system when they are first written to.
/// </summary>
/// <remarks>
/// A graph is walked at random: with pages of 4 KiB every other access waits for the translation of its address too. Large blocks begin at
/// a multiple of 2 MiB and ask Linux for large pages (<c>madvise</c>, which systems set to "madvise" or "always" follow; where it is
/// refused nothing else changes).
/// </remarks>
internal sealed unsafe partial class NativeBlock
{
    /// <summary>The size of a large page; smaller blocks are not made of them.</summary>
    public const int LargePage = 2 << 20;

    private const int AdviseHugePages = 14; // MADV_HUGEPAGE

    private readonly nuint _bytes;

    /// <summary>A block of undefined content.</summary>
    /// <param name="bytes">Its length.</param>
    /// <param name="largePages">Whether to ask for large pages: for memory that will be used as a whole.</param>
    public NativeBlock(long bytes, bool largePages)
    {
        _bytes = (nuint)bytes;
        largePages &= _bytes >= (nuint)LargePage;
        Start = (byte*)NativeMemory.AlignedAlloc(_bytes, (nuint)(largePages ? LargePage : Segment.CacheLine));
        GC.AddMemoryPressure(bytes);
        if (largePages && OperatingSystem.IsLinux())
            _ = Advise(Start, _bytes, AdviseHugePages);
    }

    /// <summary>Frees the block.</summary>
    ~NativeBlock()
    {
        NativeMemory.AlignedFree(Start);
        GC.RemoveMemoryPressure((long)_bytes);
    }

    /// <summary>The first byte.</summary>
    public byte* Start { get; }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(byte* start, nuint length, int advice);
}
