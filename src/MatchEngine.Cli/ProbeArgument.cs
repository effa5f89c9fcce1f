using System.Security.Cryptography;
using MatchEngine.Galleries;
using MatchEngine.Interchange;
using MatchEngine.Interchange.FaceRecords;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Cli;

/// <summary>
/// A probe named on the command line: an image, or the face of a file of ANSI/NIST-ITL, ISO/IEC 19794-5 or 39794-5. Whatever held it is
/// overwritten on <see cref="Dispose"/>.
/// </summary>
internal sealed class ProbeArgument : IDisposable
{
    private readonly ImageBytes _file;
    private readonly FaceFile? _records;
    private readonly ReadOnlyMemory<byte> _image;
    private readonly byte[]? _converted;

    private ProbeArgument(ImageBytes file, FaceFile? records, ReadOnlyMemory<byte> image, byte[]? converted) =>
        (_file, _records, _image, _converted) = (file, records, image, converted);

    /// <summary>The encoded image.</summary>
    public ReadOnlySpan<byte> Span => _image.Span;

    /// <summary>Reads a probe; a file of records is told by its content.</summary>
    /// <param name="path">The file, or <c>-</c>.</param>
    /// <param name="idc">Which face of a file of records; null for the only one.</param>
    /// <exception cref="Faces.AcquisitionException">The file cannot be read or is too large.</exception>
    /// <exception cref="InterchangeException">The ANSI/NIST file has no face, several, or one without a usable image.</exception>
    /// <exception cref="UsageException">An IDC for a file that is no ANSI/NIST file.</exception>
    public static ProbeArgument Read(string path, int? idc)
    {
        var file = ImageArgument.Read(path);
        try
        {
            if (FaceFile.IsFaceFile(file.Span))
                return OfFaceFile(path, file, idc);
            if (idc is not null)
                throw new UsageException(
                    $"{path}: --idc chooses among the records of an ANSI/NIST file, which this is not; "
                        + "--face chooses among the faces of a photo");
            return new ProbeArgument(file, null, file.Memory, null);
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
        _records?.Dispose();
        _file.Dispose();
    }

    private static ProbeArgument OfFaceFile(string path, ImageBytes bytes, int? number)
    {
        var file = Named(path, () => FaceFile.Read(bytes.Memory));
        try
        {
            var image = Named(path, () => file.Take(number));
            if (file.Findings.Count(finding => finding.Severity == Severity.Error) is > 0 and var errors)
                Console.Error.WriteLine(
                    $"matchengine: {path}: {file.Format.ToName()}, {errors} of its contents are against the standard"
                        + (file.Transaction is null ? "" : "; 'matchengine an2 show' lists them"));
            if (!image.IsRaw)
                return new ProbeArgument(bytes, file, image.Data, null);
            var netpbm = ToNetpbm(image);
            return new ProbeArgument(bytes, file, netpbm, netpbm);
        }
        catch
        {
            file.Dispose();
            throw;
        }
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
