using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace MatchEngine.Vectors;

/// <summary>
/// The SHA-256 of the embedder's file: the identity of the model that a template was made with. Scores of templates from
/// different models mean nothing, so every template and every index carries one and comparisons check it.
/// </summary>
/// <remarks>The 32 bytes are held by value: equality is four integer comparisons and no copy can be altered.</remarks>
public readonly record struct ModelDigest
{
    /// <summary>The length of a digest in bytes.</summary>
    public const int Length = 32;

    private readonly ulong _a, _b, _c, _d;

    private ModelDigest(ReadOnlySpan<byte> bytes)
    {
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Takes the digest from its 32 bytes, in the order in which SHA-256 writes them.</summary>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public static ModelDigest FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new ModelDigest(bytes)
        : throw new ArgumentException(
            $"a model digest has {Length} bytes, not {bytes.Length}: give the SHA-256 of the embedder's file", nameof(bytes));

    /// <summary>Reads the digest from 64 hexadecimal digits, in either case, without separators.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static ModelDigest Parse(string hex64)
    {
        ArgumentNullException.ThrowIfNull(hex64);
        return TryParse(hex64, out var digest)
            ? digest
            : throw new FormatException($"'{hex64}' is no model digest: give the SHA-256 of the embedder's file as 64 hexadecimal digits");
    }

    /// <summary>Reads the digest from 64 hexadecimal digits; false when the text is anything else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? hex64, out ModelDigest digest)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (hex64 is { Length: 2 * Length }
            && Convert.FromHexString(hex64, bytes, out _, out _) == System.Buffers.OperationStatus.Done)
        {
            digest = new ModelDigest(bytes);
            return true;
        }
        digest = default;
        return false;
    }

    /// <summary>Writes the 32 bytes to the start of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">The destination is shorter than 32 bytes.</exception>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length < Length)
            throw new ArgumentException(
                $"a model digest needs {Length} bytes, the destination has {destination.Length}", nameof(destination));
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], _d);
    }

    /// <summary>The 64 hexadecimal digits in lower case, as <c>sha256sum</c> prints them.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
