using System.Diagnostics;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Sqlite.Stores;

/// <summary>
/// Keeps others from making, restoring or deleting galleries of a folder until it is disposed of. The lock is the operating system's and
/// ends with the process, however it ends.
/// </summary>
internal sealed class CatalogLock : IDisposable
{
    private const string LockFile = ".lock";

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(5);

    private readonly FileStream _held;

    private CatalogLock(FileStream held) => _held = held;

    /// <summary>Waits until nobody is making, restoring or deleting a gallery, here or in another process.</summary>
    /// <exception cref="StoreException">Somebody is for longer than <paramref name="patience"/>,
    /// or the folder cannot be written.</exception>
    public static CatalogLock Hold(string galleries, TimeSpan patience)
    {
        var file = Path.Combine(galleries, LockFile);
        for (var started = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                var held = new FileStream(
                    file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
                if (IsStillAt(held, file))
                    return new CatalogLock(held);
                held.Dispose();
            }
            catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
            {
                if (Stopwatch.GetElapsedTime(started) > patience)
                    throw new StoreException(
                        StoreFault.Locked, file, $"{file}: another process is making or deleting a gallery for too long. Run again", e);
                Thread.Sleep(LookAgain);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw StoreException.Of(e, file);
            }
        }
    }

    public void Dispose() => _held.Dispose();

    /// <summary>
    /// Whether a lock's file still has its name: who held it before may have taken it away between our opening and our locking of it, and
    /// then another one is locked by others. A length that is nobody else's tells the two apart.
    /// </summary>
    private static bool IsStillAt(FileStream held, string file)
    {
        if (OperatingSystem.IsWindows())
            return true;
        held.SetLength(Random.Shared.Next(1, 1 << 20));
        var info = new FileInfo(file);
        return info.Exists && info.Length == held.Length;
    }
}
