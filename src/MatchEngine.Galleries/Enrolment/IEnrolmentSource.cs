using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>
/// Where photos to enrol come from. A source gives its entries in an order that depends on its content only, for a second run must find the
/// first one's order again. It can be read any number of times; who wants to show a total reads it once to count, which costs little beside
/// enrolling.
/// </summary>
public interface IEnrolmentSource
{
    /// <summary>
    /// Gives the entries one by one. What is wrong with a single entry is given as a <see cref="RejectedEntry"/>; only what spoils the
    /// whole source is thrown.
    /// </summary>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="MetadataException">A metadata file cannot be used as a whole.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    IEnumerable<EnrolmentEntry> Read(CancellationToken cancellationToken = default);
}
