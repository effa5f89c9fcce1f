using System.Runtime.InteropServices;

namespace MatchEngine.Vectors.Snapshots;

/// <summary>Makes a renaming last: on Unix the entry of a folder is on the disk only when the folder itself was written out.</summary>
internal static partial class FolderEntry
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Writes the folder of a file out. Where that cannot be done (Windows does it by itself,
    /// some network shares refuse it) nothing happens.
    /// </summary>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
            return;
        var handle = Open(Path.GetDirectoryName(Path.GetFullPath(path))!, ReadOnly);
        if (handle < 0)
            return;
        _ = Synchronise(handle);
        _ = Close(handle);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Synchronise(int handle);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int handle);
}
