namespace MatchEngine.Galleries.Errors;

/// <summary>
/// An image brought the enrolment down in a way that is not the image's fault as far as anyone can tell. Everything before it is enrolled;
/// the cause is the inner exception.
/// </summary>
public sealed class EnrolmentException : Exception
{
    /// <summary>States the image and the cause.</summary>
    /// <param name="file">The image that was worked on.</param>
    /// <param name="innerException">What happened.</param>
    public EnrolmentException(string file, Exception innerException)
        : base(
            $"{file}: the enrolment stopped here because of an unexpected error ({innerException?.Message}); what came before is enrolled, "
                + "and a second run goes on from there",
            innerException)
        => File = file;

    /// <summary>The image that was worked on.</summary>
    public string File { get; }
}
