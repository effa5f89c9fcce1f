using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Searches;

namespace MatchEngine.Service.Intake;

/// <summary>
/// Takes the one face out of an ANSI/NIST-ITL file that came as an image. The picture stays in the buffers of the request.
/// </summary>
internal static class InterchangeProbe
{
    /// <summary>The image inside, or the part as it is when it is no such file.</summary>
    /// <param name="part">What came.</param>
    /// <param name="observer">Told of a further buffer, where bare pixels have to be given a header.</param>
    /// <param name="owned">Receives what has to be cleared with the request.</param>
    /// <exception cref="InterchangeException">The file has no face, several, or one without a usable image.</exception>
    public static BodyPart Unwrap(BodyPart part, IBufferObserver? observer, ICollection<IDisposable> owned)
    {
        if (!Transaction.IsTransaction(part.Content.Span))
            return part;
        var submission = SearchSubmission.From(Transaction.Read(part.Content));
        var (header, image) = (submission.Transaction.Header, submission.Image);
        part = part with { Origin = new InterchangeOrigin(header.ControlNumber, header.OriginatingAgency) };
        if (!image.IsRaw)
            return part with { Content = System.Runtime.InteropServices.MemoryMarshal.AsMemory(image.Data) };
        var buffer = new OwnedBuffer(image.NetpbmLength, observer);
        owned.Add(buffer);
        image.WriteNetpbm(buffer.Extend(image.NetpbmLength));
        return part with { Content = buffer.Memory };
    }
}
