namespace MatchEngine.Galleries.Errors;

/// <summary>
/// A metadata file cannot be used as a whole: a column is missing, named twice, or the file cannot be read. A single bad row does not raise
/// this; it is reported and passed over.
/// </summary>
public sealed class MetadataException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="file">The metadata file.</param>
    /// <param name="message">What is wrong and what to do; the file's name is put before it.</param>
    /// <param name="innerException">The cause, if another error was it.</param>
    public MetadataException(string file, string message, Exception? innerException = null)
        : base($"{file}: {message}", innerException) => File = file;

    /// <summary>The metadata file.</summary>
    public string File { get; }
}
