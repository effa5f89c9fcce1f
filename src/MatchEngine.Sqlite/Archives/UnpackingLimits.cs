using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Sqlite.Archives;

/// <summary>
/// How much an archive may unpack to. What its manifest says of that is its maker's; these are looked at while it is read.
/// </summary>
/// <param name="free">The bytes that are free on the disk.</param>
internal sealed class UnpackingLimits(Func<long> free)
{
    /// <summary>Templates and photos hardly shrink; text does, to a tenth. A file that grows this often was made to.</summary>
    public const int MaxRatio = 100;

    /// <summary>Below this size nobody looks at the ratio: the tables of an empty gallery shrink well.</summary>
    public const long Unrated = 32 << 20;

    private const long AskEvery = 16 << 20;

    private long _asked;

    /// <exception cref="StoreException">What is to come has no room (<see cref="StoreFault.DiskFull"/>).</exception>
    public void RequireRoom(string file, long bytes) => FreeSpace.Require(free(), Path.GetDirectoryName(file)!, bytes);

    /// <summary>Refuses to go on when the disk is nearly full or the archive grows too much.</summary>
    /// <param name="file">What is being written.</param>
    /// <param name="packed">The bytes of the archive.</param>
    /// <param name="written">The bytes of the file, with those that are to be written now.</param>
    /// <exception cref="ArchiveException">It grows too much.</exception>
    /// <exception cref="StoreException">The disk is nearly full.</exception>
    public void Require(string file, long packed, long written)
    {
        if (written > Unrated && written / MaxRatio > packed)
            throw new ArchiveException(
                Path.GetFileName(file),
                $"unpacks to more than {MaxRatio} times its own size, which no gallery does. Give a file that 'gallery export' wrote");
        if (written - _asked < AskEvery)
            return;
        _asked = written;
        RequireRoom(file, 0);
    }
}
