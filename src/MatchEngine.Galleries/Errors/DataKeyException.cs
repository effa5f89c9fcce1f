namespace MatchEngine.Galleries.Errors;

/// <summary>A key for encryption at rest cannot be used. The message names its source and the remedy, and never the key.</summary>
public sealed class DataKeyException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The cause, if another error was it.</param>
    public DataKeyException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }
}
