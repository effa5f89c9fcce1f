namespace MatchEngine.Galleries.Enrolment;

/// <summary>
/// A folder which nothing that is named below it can leave: names are relative to it, without <c>..</c>, and lead to regular files,
/// wherever links on the way point. Whoever gives the names learns of nothing outside, not even whether it is there: every way out is
/// refused in the words in which a file is refused that is not there.
/// </summary>
public sealed class EnclosingFolder
{
    /// <summary>What is said of every name that leads to no file below the folder.</summary>
    public const string Refusal = "the import folder has no such photo";

    private readonly string _root;

    /// <summary>Encloses a folder, which need not be there yet.</summary>
    /// <param name="root">Its path.</param>
    public EnclosingFolder(string root)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
    }

    /// <summary>Where a name leads, links followed; null when it is no name of a file or folder below.</summary>
    /// <param name="name">The name, relative to <paramref name="from"/>.</param>
    /// <param name="from">The full path of a folder below this one, as its names say; null for this one.</param>
    public string? Find(string name, string? from = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Contains('\0') || Path.IsPathRooted(name) || name.Split('/', '\\').Contains("..")
            || name.Contains(':') && OperatingSystem.IsWindows())
            return null;
        return Resolve(Path.GetFullPath(name, from ?? _root));
    }

    /// <summary>Where a full path leads, links followed; null when that is not below.</summary>
    public string? Resolve(string path)
    {
        try
        {
            return Real(_root) is { } root && Real(path) is { } real && (real == root || IsBelow(real, root)) ? real : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A circle of links, a folder that may not be looked into.
            return null;
        }
    }

    /// <summary>The same of a regular file that holds something. Pipes and devices have no length, and opening one may never end.</summary>
    public string? ResolveFile(string path)
    {
        if (Resolve(path) is not { } real)
            return null;
        try
        {
            return new FileInfo(real) is { Exists: true, Length: > 0 } ? real : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A full path below the folder as people are shown it: relative, with '/' between its parts.</summary>
    public string Shown(string path) => Path.GetRelativePath(_root, path).Replace(Path.DirectorySeparatorChar, '/');

    private static bool IsBelow(string path, string root) => path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string? Real(string path)
    {
        if (!Path.Exists(path))
            return null;
        var current = Path.GetPathRoot(path)!;
        foreach (var part in path[current.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            current = Path.Combine(current, part);
            FileSystemInfo info = Directory.Exists(current) ? new DirectoryInfo(current) : new FileInfo(current);
            // The target of a link may lie behind another link in the middle of its path.
            if (info.ResolveLinkTarget(returnFinalTarget: true)?.FullName is { } target)
                current = Real(target) ?? target;
        }
        return current;
    }
}
