using MatchEngine.Faces;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>Photos in folders, with all folders below them, and single files.</summary>
/// <remarks>
/// The order is that of the paths given; within a folder, ordinal by name. Of a folder, files whose name ends like an image's are taken,
/// also in formats that are not read, so that the report names them, and the entries of zip archives likewise; what else there is, is
/// counted by its kind, and pipes, sockets and devices are named (<see cref="Skipped"/>); hidden files and links to folders are passed
/// over. A file that is given by name is always tried.
/// </remarks>
public sealed class FolderSource : IEnrolmentSource, IDisposable
{
    private readonly List<ZipPhotos> _archives = [];


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

    /// <summary>What was skipped by the reading that came to its end last.</summary>
    public SkippedFiles Skipped { get; private set; } = new();

    /// <inheritdoc/>
    public IEnumerable<EnrolmentEntry> Read(CancellationToken cancellationToken = default)
    {
        var skipped = new SkippedFiles();
        foreach (var path in _paths)
        {
            if (PhotoFiles.IsArchive(path) && File.Exists(path))
            {
                foreach (var entry in Archive(path, path, skipped))
                    yield return entry;
                continue;
            }
            if (!Directory.Exists(path))
            {
                yield return Item(Path.GetDirectoryName(path)!, path);
                continue;
            }
            foreach (var entry in Walk(path, skipped, cancellationToken))
                yield return entry;
        }
        Skipped = skipped;
    }

    /// <summary>Closes the archives. No entry of a reading is opened after that.</summary>
    public void Dispose()
    {
        lock (_archives)
        {
            foreach (var archive in _archives)
                archive.Dispose();
            _archives.Clear();
        }
    }

    // A stack of its own instead of recursion: a folder's names are in memory while it is open, and nothing else.
    private IEnumerable<EnrolmentEntry> Walk(string root, SkippedFiles skipped, CancellationToken cancellationToken)
    {
        var pending = new Stack<string>([root]);
        while (pending.TryPop(out var path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!Directory.Exists(path))
            {
                // Where files may not lie elsewhere, what is none is refused like any other way out.
                if (Enclosure is null && FileKind.Special(path) is { } kind)
                    skipped.Add(path, kind);
                else if (!PhotoFiles.IsArchive(path))
                    yield return Item(root, path);
                else
                    foreach (var entry in Archive(root, path, skipped))
                        yield return entry;
                continue;
            }
            var (names, problem) = List(path, skipped);
            if (problem is not null)
                yield return Rejected(
                    path, Enclosure is null ? $"the folder cannot be read: {problem}" : "the folder cannot be read: it may not be entered");
            foreach (var name in names)
                pending.Push(name);
        }
    }

    /// <summary>What lies in a folder, last name first.</summary>
    private static (List<string> Names, string? Problem) List(string folder, SkippedFiles skipped)
    {
        try
        {
            var names = new List<string>();
            foreach (var path in Directory.EnumerateFileSystemEntries(folder, "*", Visible))
            {
                if (Directory.Exists(path))
                {
                    if (!File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint))
                        names.Add(path);
                }
                else if (PhotoFiles.Is(path) || PhotoFiles.IsArchive(path))
                    names.Add(path);
                else if (FileKind.Special(path) is { } kind)
                    skipped.Add(path, kind);
                else
                    skipped.Add(path);
            }
            names.Sort((a, b) => string.CompareOrdinal(b, a));
            return (names, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ([], e.Message);
        }
    }

    /// <summary>The photos of an archive, named as if it were a folder.</summary>
    private IEnumerable<EnrolmentEntry> Archive(string root, string file, SkippedFiles skipped)
    {
        var read = file;
        if (Enclosure is not null)
        {
            if (Enclosure.ResolveFile(file) is not { } real)
                return [Rejected(file, EnclosingFolder.Refusal)];
            read = real;
        }
        var photos = new ZipPhotos(read);
        lock (_archives)
            _archives.Add(photos);
        try
        {
            return [.. photos.List(skipped).Select(name => Entry(root, file, name, photos))];
        }
        catch (AcquisitionException error)
        {
            return [new RejectedEntry(new EnrolmentFailure(Shown(file), null, error.Reason.ToCode(), error.Message))];
        }
    }

    private EnrolmentItem Entry(string root, string archive, string name, ZipPhotos photos)
    {
        var below = string.Join('/', name.Split('/', '\\').Where(part => part is not ("" or "." or "..")));
        var file = Path.Combine(archive, below.Replace('/', Path.DirectorySeparatorChar));
        var (subject, group) = SubjectNaming.Of(_subjectFrom, root, file);
        return new EnrolmentItem
        {
            Image = Shown(file), Subject = subject, GroupName = group, Open = limits => photos.Read(name, limits),
        };
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
