namespace MatchEngine.Evaluation.Inputs;

/// <summary>
/// An evaluation cannot be run on what it was given. The message names the file, the line where there is one, and the remedy.
/// </summary>
public sealed class EvaluationException : Exception
{
    /// <summary>Makes an exception about the input as a whole.</summary>
    /// <param name="message">What is wrong and what to do about it.</param>
    public EvaluationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with the error it was caused by.</summary>
    /// <param name="message">What is wrong and what to do about it.</param>
    /// <param name="innerException">The cause.</param>
    public EvaluationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception about one line of a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="line">The line, counted from 1; 0 when the file as a whole is meant.</param>
    /// <param name="reason">What is wrong and what to do about it.</param>
    public EvaluationException(string file, long line, string reason)
        : base(line > 0 ? $"{file}:{line}: {reason}" : $"{file}: {reason}")
    {
        File = file;
        Line = line;
    }

    /// <summary>The file at fault, or null.</summary>
    public string? File { get; }

    /// <summary>The line at fault, counted from 1; 0 when the file as a whole is meant.</summary>
    public long Line { get; }
}
