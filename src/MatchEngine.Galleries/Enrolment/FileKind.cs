using System.Runtime.InteropServices;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>
/// Tells files from what only looks like one in a folder: opening a pipe waits for somebody who writes into it, perhaps for ever.
/// </summary>
internal static unsafe partial class FileKind
{
    private const int WorkingDirectory = -100, Follow = 0, WantType = 1; // AT_FDCWD, flags, STATX_TYPE
    private const int ModeAt = 28, StatxBytes = 256;
    private const int TypeBits = 0xF000, Regular = 0x8000;

    /// <summary>
    /// What a path leads to, links followed, when it is no regular file: <c>pipe</c>, <c>socket</c>, <c>device</c>; else null.
    /// </summary>
    /// <param name="path">The path.</param>
    public static string? Special(string path)
    {
        if (OperatingSystem.IsWindows() || !HasNoLength(path))
            return null;
        if (!OperatingSystem.IsLinux())
            return "file without content, pipe or device";
        // The one structure of a file's state that is the same on every architecture of Linux.
        var state = stackalloc byte[StatxBytes];
        if (Statx(WorkingDirectory, path, Follow, WantType, state) != 0)
            return null;
        return (*(ushort*)(state + ModeAt) & TypeBits) switch
        {
            Regular => null,
            0x1000 => "pipe",
            0xC000 => "socket",
            0x2000 or 0x6000 => "device",
            _ => null,
        };
    }

    // Pipes, sockets and devices have none, a link that of its target's name; an empty file, which is rare, is looked at twice.
    private static bool HasNoLength(string path)
    {
        try
        {
            return new FileInfo(path) is { Exists: true } file && (file.Length == 0 || file.LinkTarget is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, byte* state);
}
