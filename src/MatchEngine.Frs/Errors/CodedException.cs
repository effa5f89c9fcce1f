namespace MatchEngine.Frs.Errors;

/// <summary>Ends a use case with an error that a client can tell from others. The message says what is wrong and what to do about
/// it.</summary>
public class CodedException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="code">One of <see cref="ErrorCodes"/>; it never changes once released.</param>
    /// <param name="message">A sentence for whoever asked.</param>
    /// <param name="innerException">The cause, if another error was it.</param>
    public CodedException(string code, string message, Exception? innerException = null) : base(message, innerException) => Code = code;

    /// <summary>Which error it is.</summary>
    public string Code { get; }

    /// <summary>The rule of a profile that demands it and where that is written; null where no rule does.</summary>
    public string? Rule { get; init; }

    /// <summary>The fields of the request that lack what is demanded, by their names; none where it is not about fields.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>When to try again; null when there is no telling.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
