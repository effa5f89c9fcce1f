using MatchEngine.Faces;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>Photos in folders, with all folders below them, and single files.</summary>
/// <remarks>
/// The order is that of the paths given; within a folder, ordinal by name. Of a folder, files whose name ends like an image's are taken,
/// also in formats that are not read, so that the report names them; hidden ones and links to folders are passed over. A file that is given
/// by name is always tried.
/// </remarks>
public sealed class FolderSource : IEnrolmentSource
{
    private static readonly HashSet<string> Images = new(
        [
            ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".heic", ".heif", ".avif", ".jp2",
            ".j2k", ".ppm", ".pgm", ".pbm", ".pnm"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly EnumerationOptions Visible = new()
    {
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System,
        IgnoreInaccessible = false,
    };

    private readonly string[] _paths;
    private readonly SubjectFrom _subjectFrom;

    /// <summary>A source over the given paths.</summary>
    /// <param name="paths">Folders and files.</param>
    /// <param name="subjectFrom">How subjects are named: <see cref="SubjectFrom.File"/> or <see cref="SubjectFrom.Folder"/>.</param>
    /// <exception cref="ArgumentException"><paramref name="subjectFrom"/> needs a metadata file.</exception>
    /// <exception cref="FileNotFoundException">There is nothing at one of the paths.</exception>
    public FolderSource(IEnumerable<string> paths, SubjectFrom subjectFrom = SubjectFrom.File)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (subjectFrom is not (SubjectFrom.File or SubjectFrom.Folder))
            throw new ArgumentException(
                "photos in folders are named by file or by folder; a column needs a metadata file", nameof(subjectFrom));
        _paths = [.. paths.Select(Path.GetFullPath)];
        _subjectFrom = subjectFrom;
        foreach (var path in _paths)
            if (!Path.Exists(path))
                throw new FileNotFoundException($"there is no file or folder {path}", path);
    }

    /// <summary>
    /// The folder that files cannot lie out of, links followed: what leads elsewhere is rejected, and paths are shown relative to it. Null:
    /// links to files are followed anywhere.
    /// </summary>
    public EnclosingFolder? Enclosure { get; init; }

    /// <inheritdoc/>
    public IEnumerable<EnrolmentEntry> Read(CancellationToken cancellationToken = default)
    {
        foreach (var path in _paths)
        {
            if (!Directory.Exists(path))
            {
                yield return Item(Path.GetDirectoryName(path)!, path);
                continue;
            }
            foreach (var entry in Walk(path, cancellationToken))
                yield return entry;
        }
    }

    // A stack of its own instead of recursion: a folder's names are in memory while it is open, and nothing else.
    private IEnumerable<EnrolmentEntry> Walk(string root, CancellationToken cancellationToken)
    {
        var pending = new Stack<string>([root]);
        while (pending.TryPop(out var path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Directory.Exists(path))
            {
                yield return Item(root, path);
                continue;
            }
            var (names, problem) = List(path);
            if (problem is not null)
                yield return Rejected(
                    path, Enclosure is null ? $"the folder cannot be read: {problem}" : "the folder cannot be read: it may not be entered");
            foreach (var name in names)
                pending.Push(name);
        }
    }

    /// <summary>What lies in a folder, last name first.</summary>
    private static (string[] Names, string? Problem) List(string folder)
    {
        try
        {
            string[] names =
            [
                .. Directory.EnumerateFileSystemEntries(folder, "*", Visible)
                    .Where(path => Directory.Exists(path)
                        ? !File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint)
                        : Images.Contains(Path.GetExtension(path))),
            ];
            Array.Sort(names, (a, b) => string.CompareOrdinal(b, a));
            return (names, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], e.Message);
        }
    }

    private EnrolmentEntry Item(string root, string file)
    {
        var read = file;
        if (Enclosure is not null)
        {
            if (Enclosure.ResolveFile(file) is not { } real)
                return Rejected(file, EnclosingFolder.Refusal);
            read = real;
        }
        var (subject, group) = SubjectNaming.Of(_subjectFrom, root, file);
        return new EnrolmentItem { Image = Shown(file), File = read, Subject = subject, GroupName = group };
    }

    private RejectedEntry Rejected(string path, string detail) =>
        new(new EnrolmentFailure(Shown(path), null, AcquisitionFailure.Unreadable.ToCode(), detail));

    private string Shown(string path) => Enclosure?.Shown(path) ?? path;
}
