using System.Globalization;
using System.Runtime.InteropServices;

namespace MatchEngine.Faces.Images.Isolation;

/// <summary>
/// What a decoding process gives up on Linux, for good: it writes no file, leaves no core dump, gains no privilege, lets no other process
/// of the user look into it, and takes 2 GiB of memory at the most. Elsewhere it runs as it was started.
/// </summary>
internal static unsafe partial class ProcessLimits
{
    /// <summary>
    /// Address space beyond what the program itself has mapped: 64 megapixels as RGB, the most that are held, are 192 MB,
    /// and a codec may hold the picture three times.
    /// </summary>
    private const ulong Memory = 2UL << 30;

    private const int SetPipeSize = 1031, PipeBytes = 1 << 20; // F_SETPIPE_SZ
    private const int FileSize = 1, Core = 4, AddressSpace = 9; // RLIMIT_FSIZE, RLIMIT_CORE, RLIMIT_AS of Linux
    private const int SetDumpable = 4, SetNoNewPrivileges = 38; // PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS

    /// <summary>Applies them; what the system does not have is passed over.</summary>
    public static void Apply()
    {
        if (!OperatingSystem.IsLinux())
            return;
        // Pixels are many; a wider pipe takes fewer turns. A system that allows less leaves it as it is.
        _ = FileControl(1, SetPipeSize, PipeBytes);
        Limit(Core, 0);
        Limit(FileSize, 0);
        if (MappedBytes() is { } mapped)
            Limit(AddressSpace, mapped + Memory);
        _ = Control(SetDumpable, 0, 0, 0, 0);
        _ = Control(SetNoNewPrivileges, 1, 0, 0, 0);
    }

    private static ulong? MappedBytes()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith("VmSize:", StringComparison.Ordinal))
                return ulong.Parse(line.AsSpan(7, line.Length - 10).Trim(), CultureInfo.InvariantCulture) << 10;
        }
        return null;
    }

    private static void Limit(int resource, ulong value)
    {
        var both = stackalloc ulong[] { value, value };
        _ = SetLimit(resource, both);
    }

    [LibraryImport("libc", EntryPoint = "setrlimit")]
    private static partial int SetLimit(int resource, ulong* limit);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(int descriptor, int command, int value);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);
}
