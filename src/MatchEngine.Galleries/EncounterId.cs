using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MatchEngine.Galleries;

/// <summary>Ids of encounters depend on what is enrolled and on nothing else: not on time, order, threads or interruptions.</summary>
public static class EncounterId
{
    /// <summary>
    /// The first 16 bytes of SHA-256(image's SHA-256 ‖ face number, 4 bytes little endian ‖ subject id in UTF-8), as 32 lower-case
    /// hexadecimal digits.
    /// </summary>
    /// <param name="subjectId">The subject's id.</param>
    /// <param name="imageSha256">SHA-256 of the image's bytes, 32 bytes.</param>
    /// <param name="face">The face's number in the image, from 1.</param>
    /// <exception cref="ArgumentException">The hash has another length or <paramref name="face"/> is below 1.</exception>
    public static string Of(string subjectId, ReadOnlySpan<byte> imageSha256, int face)
    {
        ArgumentException.ThrowIfNullOrEmpty(subjectId);
        ArgumentOutOfRangeException.ThrowIfLessThan(face, 1);
        if (imageSha256.Length != SHA256.HashSizeInBytes)
            throw new ArgumentException($"a SHA-256 has {SHA256.HashSizeInBytes} bytes, not {imageSha256.Length}", nameof(imageSha256));
        // The two parts of fixed length stand first, so that no two different triples give the same bytes.
        var bytes = new byte[imageSha256.Length + sizeof(int) + Encoding.UTF8.GetByteCount(subjectId)];
        imageSha256.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(imageSha256.Length), face);
        Encoding.UTF8.GetBytes(subjectId, bytes.AsSpan(imageSha256.Length + sizeof(int)));
        return Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16));
    }
}
