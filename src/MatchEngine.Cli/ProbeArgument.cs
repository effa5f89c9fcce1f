using System.Security.Cryptography;
using MatchEngine.Galleries;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Searches;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Cli;

/// <summary>
/// A probe named on the command line: an image, or the face of an ANSI/NIST file. Whatever held it is overwritten on <see cref="Dispose"/>.
/// </summary>
internal sealed class ProbeArgument : IDisposable
{
    private readonly ImageBytes _file;
    private readonly ReadOnlyMemory<byte> _image;
    private readonly byte[]? _converted;

    private ProbeArgument(ImageBytes file, ReadOnlyMemory<byte> image, byte[]? converted) =>
        (_file, _image, _converted) = (file, image, converted);

    /// <summary>The encoded image.</summary>
    public ReadOnlySpan<byte> Span => _image.Span;

    /// <summary>Reads a probe; an ANSI/NIST file is told by its content.</summary>
    /// <param name="path">The file, or <c>-</c>.</param>
    /// <param name="idc">Which face of an ANSI/NIST file; null for the only one.</param>
    /// <exception cref="Faces.AcquisitionException">The file cannot be read or is too large.</exception>
    /// <exception cref="InterchangeException">The ANSI/NIST file has no face, several, or one without a usable image.</exception>
    /// <exception cref="UsageException">An IDC for a file that is no ANSI/NIST file.</exception>
    public static ProbeArgument Read(string path, int? idc)
    {
        var file = ImageArgument.Read(path);
        try
        {
            if (Transaction.IsTransaction(file.Span))
                return OfTransaction(path, file, idc);
            if (idc is not null)
                throw new UsageException(
                    $"{path}: --idc chooses among the records of an ANSI/NIST file, which this is not; "
                        + "--face chooses among the faces of a photo");
            return new ProbeArgument(file, file.Memory, null);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Overwrites the probe with zeros.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_converted);
        _file.Dispose();
    }

    private static ProbeArgument OfTransaction(string path, ImageBytes file, int? idc)
    {
        var transaction = Transaction.Read(file.Memory);
        var image = Named(path, () => SearchSubmission.From(transaction, idc)).Image;
        if (TransactionValidator.Validate(transaction).Count(finding => finding.Severity == Severity.Error) is > 0 and var errors)
            Console.Error.WriteLine(
                $"matchengine: {path}: {errors} of its contents are against the standard; 'matchengine an2 show' lists them");
        if (!image.IsRaw)
            return new ProbeArgument(file, image.Data, null);
        var netpbm = ToNetpbm(image);
        return new ProbeArgument(file, netpbm, netpbm);
    }

    /// <summary>Uncompressed pixels as a PGM or PPM, in pinned memory that the caller overwrites.</summary>
    internal static byte[] ToNetpbm(Photograph image)
    {
        var netpbm = GC.AllocateUninitializedArray<byte>(image.NetpbmLength, pinned: true);
        image.WriteNetpbm(netpbm);
        return netpbm;
    }

    /// <summary>Runs a step of reading; its error gets the file's name in front.</summary>
    internal static T Named<T>(string path, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (InterchangeException error)
        {
            throw new InterchangeException(error.Fault, $"{path}: {error.Message}");
        }
    }
}
