using MatchEngine.Frs.Errors;
using MatchEngine.Galleries.Enrolment;

namespace MatchEngine.Frs.Importing;

/// <summary>What an import may read: files below one folder that the operator names, and nothing else of the machine.</summary>
internal static class ImportFolder
{
    /// <exception cref="CodedException">The request does not name one source, names something outside,
    /// or something that is not there.</exception>
    public static IEnrolmentSource Source(string root, ImportRequest request)
    {
        if (request.Folder is null == request.Metadata is null)
            throw new CodedException(ErrorCodes.BadValue, "an import names one of 'folder' and 'metadata'");
        if (request.Metadata is { } metadata)
            return new MetadataSource(Within(root, metadata, isFolder: false)) { SubjectFrom = request.SubjectFrom ?? SubjectFrom.Column };
        if (request.SubjectFrom is SubjectFrom.Column)
            throw new CodedException(ErrorCodes.BadValue, "subjectFrom 'column' needs a metadata file");
        return new FolderSource([Within(root, request.Folder!, isFolder: true)], request.SubjectFrom ?? SubjectFrom.File);
    }

    private static string Within(string root, string path, bool isFolder)
    {
        var full = path.Contains('\0') ? root : Path.GetFullPath(path, root);
        // Links are followed to where they lead before anything is believed.
        var real = Real(full);
        var below = real is not null
            && (real + Path.DirectorySeparatorChar).StartsWith(Real(root) + Path.DirectorySeparatorChar, StringComparison.Ordinal);
        return below && (isFolder ? Directory.Exists(full) : File.Exists(full))
            ? full
            : throw new CodedException(
                ErrorCodes.BadValue,
                $"the import folder has no {(isFolder ? "folder" : "file")} of this name; the operator puts photos there");
    }

    private static string? Real(string path)
    {
        if (!Path.Exists(path))
            return null;
        var current = Path.GetPathRoot(path)!;
        foreach (var part in path[current.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            current = Path.Combine(current, part);
            FileSystemInfo info = Directory.Exists(current) ? new DirectoryInfo(current) : new FileInfo(current);
            current = info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? current;
        }
        return current;
    }
}
