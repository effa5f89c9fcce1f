namespace MatchEngine.Vetting.Runs;

/// <summary>An examination cannot be made, or not be gone on with. The message says why and what to do about it.</summary>
public class VettingException : Exception
{
    /// <summary>Makes one.</summary>
    /// <param name="message">What is wrong and what to do about it.</param>
    public VettingException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with its cause.</summary>
    /// <param name="message">What is wrong and what to do about it.</param>
    /// <param name="innerException">The cause.</param>
    public VettingException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The target answers later: what was asked is kept, and the same run goes on when the answers are there.</summary>
/// <param name="pending">How many answers are missing.</param>
public sealed class AnswersPendingException(int pending)
    : VettingException($"{pending:N0} answers are not there yet; run the same command again when they are")
{
    /// <summary>How many answers are missing.</summary>
    public int Pending { get; } = pending;
}
