namespace MatchEngine.Galleries.Errors;

/// <summary>
/// The store of a gallery could not do what was asked. What was acknowledged before stays; the message names the file and the remedy.
/// </summary>
public sealed class StoreException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="file">The file or folder it is about.</param>
    /// <param name="message">What happened and what to do, naming the file.</param>
    /// <param name="innerException">The cause.</param>
    public StoreException(StoreFault fault, string file, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Fault = fault;
        File = file;
    }

    /// <summary>What is wrong.</summary>
    public StoreFault Fault { get; }

    /// <summary>The file or folder it is about.</summary>
    public string File { get; }
}
