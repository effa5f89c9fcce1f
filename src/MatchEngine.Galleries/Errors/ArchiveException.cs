namespace MatchEngine.Galleries.Errors;

/// <summary>
/// A gallery's archive cannot be restored: it is damaged, was changed, or a newer version wrote it. Nothing was restored.
/// </summary>
public sealed class ArchiveException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="entry">The entry of the archive that is to blame; null when it is the whole.</param>
    /// <param name="message">What is wrong and what to do; the entry is put before it.</param>
    /// <param name="innerException">The cause, if another error was it.</param>
    public ArchiveException(string? entry, string message, Exception? innerException = null)
        : base(entry is null ? $"the archive {message}" : $"entry {entry} of the archive {message}", innerException) => Entry = entry;

    /// <summary>The entry that is to blame, or null.</summary>
    public string? Entry { get; }
}
