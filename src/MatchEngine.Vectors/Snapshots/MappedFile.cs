using System.IO.MemoryMappedFiles;

namespace MatchEngine.Vectors.Snapshots;

/// <summary>
/// A file in memory, private to this process: what is written there (the erasure of templates) stays out of the file. It is unmapped when
/// the last segment that lies in it is gone.
/// </summary>
internal sealed unsafe class MappedFile
{
    private readonly MemoryMappedViewAccessor? _view;

    /// <summary>Maps an existing file that is not empty.</summary>
    public MappedFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = stream.Length;
        using var file = MemoryMappedFile.CreateFromFile(
            stream, null, 0, MemoryMappedFileAccess.CopyOnWrite, HandleInheritability.None, leaveOpen: true);
        _view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.CopyOnWrite);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Start = start + _view.PointerOffset;
    }

    /// <summary>Unmaps the file, whose handle would otherwise stay acquired for ever.</summary>
    ~MappedFile()
    {
        // Null when the file could not be opened.
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
    }

    /// <summary>The first byte.</summary>
    public byte* Start { get; }

    /// <summary>The length of the file.</summary>
    public long Length { get; }
}
