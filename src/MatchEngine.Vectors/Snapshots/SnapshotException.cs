namespace MatchEngine.Vectors.Snapshots;

/// <summary>
/// A file is no snapshot that this version can open: not a snapshot at all, damaged, of another model, or written by a newer version.
/// </summary>
public sealed class SnapshotException : IOException
{
    /// <summary>An exception without a statement.</summary>
    public SnapshotException() : base("the file is no snapshot of an index") { }

    /// <summary>An exception with the given statement.</summary>
    public SnapshotException(string message) : base(message) { }

    /// <summary>An exception with the given statement and cause.</summary>
    public SnapshotException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>An exception about a section of the file.</summary>
    public SnapshotException(string message, string section) : base(message) => Section = section;

    /// <summary>The section that is damaged; null when it is not a matter of one.</summary>
    public string? Section { get; }
}
