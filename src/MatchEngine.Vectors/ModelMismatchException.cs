namespace MatchEngine.Vectors;

/// <summary>
/// Two templates, or a template and an index, come from different embedders, so that a score between them would mean nothing.
/// </summary>
public sealed class ModelMismatchException : InvalidOperationException
{
    /// <summary>States both models and the remedy.</summary>
    public ModelMismatchException(ModelDigest expected, ModelDigest actual)
        : base($"the template was made with model {actual}, here model {expected} is in use: extract the photo again with that model")
    {
        Expected = expected;
        Actual = actual;
    }

    /// <summary>An exception without a statement.</summary>
    public ModelMismatchException() : base("the templates were made with different models") { }

    /// <summary>An exception with the given statement.</summary>
    public ModelMismatchException(string message) : base(message) { }

    /// <summary>An exception with the given statement and cause.</summary>
    public ModelMismatchException(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>The model in use: that of the index, or of the first template compared.</summary>
    public ModelDigest Expected { get; }

    /// <summary>The model that the refused template was made with.</summary>
    public ModelDigest Actual { get; }
}
