using System.Runtime.InteropServices;

namespace MatchEngine.Galleries;

/// <summary>Who may read what this process makes.</summary>
public static partial class NewFiles
{
    private const uint OthersMayNothing = 0x3F; // 077

    /// <summary>
    /// Gives every file that this process and its children make from now on to their owner alone (0600, folders 0700), whoever makes it:
    /// databases with their journals, keys, archives, logs. What is there already stays as it is. On Windows a folder's list of access
    /// is inherited, and nothing is done.
    /// </summary>
    public static void BelongToTheirOwnerAlone()
    {
        if (!OperatingSystem.IsWindows())
            _ = CreationMask(OthersMayNothing);
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint CreationMask(uint mask);
}
