namespace MatchEngine.Interchange;

/// <summary>
/// The only error that reading throws for what a file holds. The message has a remedy where there is one and no biographics.
/// </summary>
public sealed class InterchangeException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="message">One sentence for an operator.</param>
    public InterchangeException(InterchangeFault fault, string message) : base(message) => Fault = fault;

    /// <summary>What is wrong.</summary>
    public InterchangeFault Fault { get; }
}
