using System.Security.Cryptography;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;

namespace MatchEngine.Galleries;

/// <summary>
/// The bytes of one image file, a probe's or a photo's, in memory only. The buffer is pinned, so that the garbage collector leaves no copy
/// of it behind when it compacts, and is overwritten with zeros on <see cref="Dispose"/>; no stream with a buffer of its own is involved.
/// </summary>
public sealed class ImageBytes : IDisposable
{
    private const int FirstGuess = 64 << 10;

    private byte[]? _buffer;
    private readonly int _length;

    private ImageBytes(byte[] buffer, int length) => (_buffer, _length) = (buffer, length);

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">They were cleared.</exception>
    public ReadOnlySpan<byte> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.AsSpan(0, _length);
        }
    }

    /// <summary>The same bytes for readers that keep a view of them; it shows zeros once they were cleared.</summary>
    /// <exception cref="ObjectDisposedException">They were cleared.</exception>
    public ReadOnlyMemory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.AsMemory(0, _length);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">The largest size taken; null for <see cref="ImageLimits.Default"/>.</param>
    /// <exception cref="AcquisitionException">The file cannot be read (<see cref="AcquisitionFailure.Unreadable"/>) or is too large
    /// (<see cref="AcquisitionFailure.TooLarge"/>, found out before its content is read).</exception>
    public static ImageBytes Read(string path, ImageLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        limits ??= ImageLimits.Default;
        try
        {
            // A buffer size of 0 means none at all: bytes go from the system to our buffer.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            // Pipes and devices have no length; they are read until they end.
            var length = file.CanSeek ? file.Length : 0;
            RequireWithin(length, limits);
            return Read(length, limits, file.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new AcquisitionException(AcquisitionFailure.Unreadable, $"the file cannot be read: {Reason(e)}", innerException: e);
        }
    }

    /// <summary>Reads a stream to its end, for example standard input. A buffer inside the stream is its owner's to clear.</summary>
    /// <param name="stream">The stream; it is left open.</param>
    /// <param name="limits">The largest size taken; null for <see cref="ImageLimits.Default"/>.</param>
    /// <exception cref="AcquisitionException">The stream holds more than the limit or cannot be read.</exception>
    public static ImageBytes Read(Stream stream, ImageLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        try
        {
            return Read(0, limits ?? ImageLimits.Default, stream.Read);
        }
        catch (IOException e)
        {
            throw new AcquisitionException(AcquisitionFailure.Unreadable, $"the image cannot be read: {Reason(e)}", innerException: e);
        }
    }

    /// <summary>A copy of bytes that their owner clears.</summary>
    /// <param name="bytes">The bytes.</param>
    public static ImageBytes Of(ReadOnlySpan<byte> bytes)
    {
        var buffer = Allocate(bytes.Length);
        bytes.CopyTo(buffer);
        return new ImageBytes(buffer, bytes.Length);
    }

    /// <summary>Overwrites the bytes with zeros.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_buffer);
        _buffer = null;
    }

    private delegate int Reader(Span<byte> destination);

    private static ImageBytes Read(long expected, ImageLimits limits, Reader read)
    {
        // One byte more than expected: a file that has grown is noticed, and one that has not needs no second buffer.
        var buffer = Allocate(expected > 0 ? (int)Math.Min(expected + 1, Array.MaxLength) : FirstGuess);
        var length = 0;
        try
        {
            while (true)
            {
                if (length == buffer.Length)
                {
                    if (length == Array.MaxLength)
                        RequireWithin(length, limits);
                    var larger = Allocate((int)Math.Min(2L * length, Array.MaxLength));
                    buffer.CopyTo(larger, 0);
                    CryptographicOperations.ZeroMemory(buffer);
                    buffer = larger;
                }
                var count = read(buffer.AsSpan(length));
                if (count == 0)
                    return new ImageBytes(buffer, length);
                length += count;
                RequireWithin(length, limits);
            }
        }
        catch
        {
            CryptographicOperations.ZeroMemory(buffer);
            throw;
        }
    }

    private static byte[] Allocate(int length) => GC.AllocateUninitializedArray<byte>(length, pinned: true);

    /// <summary>Refuses more bytes than the limit, or than an array can hold.</summary>
    private static void RequireWithin(long length, ImageLimits limits) =>
        ImageDecoder.CheckByteSize(length, limits.MaxBytes < Array.MaxLength ? limits : limits with { MaxBytes = Array.MaxLength - 1 });

    // .NET's messages repeat the path, which every caller has at hand and prints in front.
    private static string Reason(Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => "there is no such file",
        UnauthorizedAccessException => "access is denied, or it is a folder",
        _ => e.Message,
    };
}
