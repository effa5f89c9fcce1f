using MatchEngine.Faces.Images;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Interchange;
using MatchEngine.Interchange.FaceRecords;

namespace MatchEngine.Frs.Enrolling;

/// <summary>
/// A source whose files may hold their photo as a record: of ANSI/NIST-ITL, ISO/IEC 19794-5 or 39794-5, told by their content. What is
/// enrolled is the image in it.
/// </summary>
/// <param name="source">Gives the files.</param>
public sealed class FacesOfRecords(IEnrolmentSource source) : IEnrolmentSource
{
    /// <inheritdoc/>
    public IEnumerable<EnrolmentEntry> Read(CancellationToken cancellationToken = default) =>
        source.Read(cancellationToken).Select(entry => entry is EnrolmentItem { Content: null } item
            ? item with { Open = limits => Open(item, limits) }
            : entry);

    private static ImageBytes Open(EnrolmentItem item, ImageLimits limits)
    {
        var bytes = item.Open is { } open ? open(limits) : ImageBytes.Read(item.File ?? item.Image, limits);
        if (!FaceFile.IsFaceFile(bytes.Span))
            return bytes;
        using (bytes)
        {
            try
            {
                using var file = FaceFile.Read(bytes.Memory);
                var image = file.Take();
                if (!image.IsRaw)
                    return ImageBytes.Of(image.Data.Span);
                var netpbm = GC.AllocateUninitializedArray<byte>(image.NetpbmLength, pinned: true);
                try
                {
                    image.WriteNetpbm(netpbm);
                    return ImageBytes.Of(netpbm);
                }
                finally
                {
                    System.Security.Cryptography.CryptographicOperations.ZeroMemory(netpbm);
                }
            }
            catch (InterchangeException error)
            {
                throw new PhotoRefusedException(error.Fault.ToCode(), error.Message);
            }
        }
    }
}
