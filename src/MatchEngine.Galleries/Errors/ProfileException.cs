namespace MatchEngine.Galleries.Errors;

/// <summary>A profile cannot be used: it is not there, or its file breaks the schema.</summary>
public sealed class ProfileException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="file">The profile's file or name.</param>
    /// <param name="key">The key that is to blame, such as <c>rules.listLength.value.max</c>; null when it is the whole.</param>
    /// <param name="message">What is wrong and what to do; file and key are put before it.</param>
    /// <param name="innerException">The cause, if another error was it.</param>
    public ProfileException(string file, string? key, string message, Exception? innerException = null)
        : base(key is null ? $"{file}: {message}" : $"{file}: {key}: {message}", innerException) => (File, Key) = (file, key);

    /// <summary>The profile's file or name.</summary>
    public string File { get; }

    /// <summary>The key that is to blame, or null.</summary>
    public string? Key { get; }
}
