using MatchEngine.Galleries.Errors;

namespace MatchEngine.Sqlite.Archives;

/// <summary>
/// A folder beside the galleries for work that takes a while. Its owner holds a lock on a file in it, by which others tell it from the
/// remains of a process that died.
/// </summary>
internal sealed class WorkFolder : IDisposable
{
    private const string Prefix = ".work-";
    private const string LockFile = "lock";

    private readonly FileStream _lock;

    private WorkFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    public string Path { get; }

    /// <exception cref="StoreException">The folder cannot be made.</exception>
    public static WorkFolder Create(string galleries)
    {
        var path = System.IO.Path.Combine(galleries, $"{Prefix}{Guid.NewGuid():N}");
        try
        {
            while (true)
            {
                Directory.CreateDirectory(path);
                try
                {
                    return new WorkFolder(path, Hold(path));
                }
                catch (DirectoryNotFoundException)
                {
                    // Somebody who starts just now took the empty folder for remains.
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreException.Of(e, path);
        }
    }

    /// <summary>Removes the folder, if it is one of these and nobody holds it any more.</summary>
    public static void RemoveRemains(DirectoryInfo folder)
    {
        if (!folder.Name.StartsWith(Prefix, StringComparison.Ordinal))
            return;
        try
        {
            // Held while it is removed, so that of two who start at once one removes it.
            using (Hold(folder.FullName))
                Directory.Delete(folder.FullName, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is in use, or gone already, or not ours to remove: the next start tries again.
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start removes it. Nothing depends on it.
        }
    }

    private static FileStream Hold(string folder) =>
        new(System.IO.Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
}
