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

    /// <summary>What an error of the file system means for whoever looks after the data folder.</summary>
    /// <param name="error">The error.</param>
    /// <param name="path">The file or folder it is about.</param>
    public static StoreException Of(Exception error, string path) => error switch
    {
        UnauthorizedAccessException => new(
            StoreFault.ReadOnly, path,
            $"{path}: may not be written. Give this user write permission, or choose another data folder", error),
        // Windows and Unix agree on the low half of HResult for a full disk: ERROR_DISK_FULL 112, ENOSPC 28.
        IOException { HResult: var code } when (code & 0xFFFF) is 112 or 28 =>
            new(StoreFault.DiskFull, path, $"{path}: the disk is full. Free some space and run again", error),
        _ => new(StoreFault.Unreachable, path, $"{path}: {error.Message}. Check the data folder", error),
    };

    /// <summary>What is wrong.</summary>
    public StoreFault Fault { get; }

    /// <summary>The file or folder it is about.</summary>
    public string File { get; }
}
