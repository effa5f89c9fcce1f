using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Interchange;
using MatchEngine.Interchange.FaceRecords;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Intake;

/// <summary>
/// Takes the one face out of a file of ANSI/NIST-ITL, ISO/IEC 19794-5 or 39794-5 that came as an image. The picture stays in the buffers of
/// the request, or in one that is cleared with it.
/// </summary>
internal static class InterchangeProbe
{
    /// <summary>The member of a request that names the face of a file with several.</summary>
    public const string IdcMember = "idc";

    /// <summary>What is said of it.</summary>
    public const string IdcDescription =
        "Of an ANSI/NIST file with several face records: the IDC of the one that is meant; of a face record of ISO/IEC 19794-5 or 39794-5 "
            + "the place of the face, from 1";

    /// <summary>The image inside, or the part as it is when it is no such file.</summary>
    /// <param name="context">The request; whose file came is noted there, so that an error can refer to it (<see cref="OriginOf"/>). Null
    /// where none brought it.</param>
    /// <param name="part">What came.</param>
    /// <param name="idc">Which face; null for the only one.</param>
    /// <param name="observer">Told of a further buffer, where bare pixels have to be given a header.</param>
    /// <param name="owned">Receives what has to be cleared with the request.</param>
    /// <exception cref="InterchangeException">The file has no face, several, or one without a usable image.</exception>
    public static BodyPart Unwrap(HttpContext? context, BodyPart part, int? idc, IBufferObserver? observer, ICollection<IDisposable> owned)
    {
        if (!FaceFile.IsFaceFile(part.Content.Span))
            return part;
        var file = FaceFile.Read(part.Content);
        owned.Add(file);
        if (file.Transaction?.Header is { } header)
        {
            part = part with { Origin = new InterchangeOrigin(header.ControlNumber, header.OriginatingAgency) };
            context?.Features.Set(part.Origin);
        }
        var image = Take(file, idc);
        if (!image.IsRaw)
            return part with { Content = System.Runtime.InteropServices.MemoryMarshal.AsMemory(image.Data) };
        var buffer = new OwnedBuffer(image.NetpbmLength, observer);
        owned.Add(buffer);
        image.WriteNetpbm(buffer.Extend(image.NetpbmLength));
        return part with { Content = buffer.Memory };
    }

    /// <summary>The same of every image of a request, none of which is empty or larger than one may be.</summary>
    /// <param name="context">As of one.</param>
    /// <param name="parts">What came.</param>
    /// <param name="idc">Which face of a file; null for the only one.</param>
    /// <param name="imageBytes">The most bytes of an image.</param>
    /// <param name="observer">As of one.</param>
    /// <param name="owned">As of one.</param>
    /// <exception cref="InterchangeException">As of one.</exception>
    /// <exception cref="ProblemException">An image is empty or too large.</exception>
    public static IReadOnlyList<BodyPart> UnwrapAll(
        HttpContext context, IReadOnlyList<BodyPart> parts, int? idc, long imageBytes, IBufferObserver? observer,
        ICollection<IDisposable> owned)
    {
        var images = parts.Select(image => Unwrap(context, image, idc, observer, owned)).ToList();
        foreach (var image in images)
        {
            if (image.Content.Length > imageBytes)
                throw new ProblemException(
                    Problem.TooLarge, $"the image has {image.Content.Length:N0} bytes; {imageBytes:N0} is the limit");
            if (image.Content.IsEmpty)
                throw new ProblemException(Problem.BadValue, $"'{image.Name}' is empty");
        }
        return images;
    }

    /// <summary>Whose file came with a request; null when none did, or none that could be read.</summary>
    public static InterchangeOrigin? OriginOf(HttpContext context) => context.Features.Get<InterchangeOrigin>();

    private static Interchange.Images.Photograph Take(FaceFile file, int? idc)
    {
        try
        {
            return file.Take(idc);
        }
        catch (InterchangeException error) when (error.Fault is InterchangeFault.SeveralFaces)
        {
            throw new InterchangeException(error.Fault, $"{error.Message}: its number goes into the request's member '{IdcMember}'");
        }
    }
}
