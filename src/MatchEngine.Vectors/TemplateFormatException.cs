namespace MatchEngine.Vectors;

/// <summary>The bytes are no template that this version can read: not a template at all, damaged, or written by a newer version.</summary>
public sealed class TemplateFormatException : FormatException
{
    /// <summary>An exception without a statement.</summary>
    public TemplateFormatException() : base("the bytes are no template") { }

    /// <summary>An exception with the given statement.</summary>
    public TemplateFormatException(string message) : base(message) { }

    /// <summary>An exception with the given statement and cause.</summary>
    public TemplateFormatException(string message, Exception innerException) : base(message, innerException) { }
}
