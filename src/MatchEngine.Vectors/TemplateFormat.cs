using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MatchEngine.Vectors;

/// <summary>The bytes of a stored template, version 1; all numbers little-endian.</summary>
/// <remarks>
/// <code>
/// offset  bytes
///      0      4  magic "METP"
///      4      2  version
///      6      2  flags: bit 0 = a float16 copy follows the body; the others are zero
///      8      4  dimension d
///     12      4  scale, float32
///     16     32  digest of the model
///     48      d  body, int8
///   48+d     2d  float16 copy, when flagged
///    end      4  CRC-32C (Castagnoli) of all bytes before it
/// </code>
/// </remarks>
internal static class TemplateFormat
{
    private const uint Magic = 0x5054_454D; // "METP" in memory
    private const ushort Version = 1;
    private const ushort Float16Flag = 1;
    private const int HeaderLength = 48;
    private const int ChecksumLength = 4;

    public static byte[] Write(Template template)
    {
        var body = template.Body;
        var float16 = template.Float16;
        var bytes = new byte[HeaderLength + body.Length + (2 * float16.Length) + ChecksumLength];
        var span = bytes.AsSpan();
        BinaryPrimitives.WriteUInt32LittleEndian(span, Magic);
        BinaryPrimitives.WriteUInt16LittleEndian(span[4..], Version);
        BinaryPrimitives.WriteUInt16LittleEndian(span[6..], template.HasFloat16 ? Float16Flag : (ushort)0);
        BinaryPrimitives.WriteInt32LittleEndian(span[8..], body.Length);
        BinaryPrimitives.WriteSingleLittleEndian(span[12..], template.Scale);
        template.Model.CopyTo(span[16..]);
        MemoryMarshal.AsBytes(body).CopyTo(span[HeaderLength..]);
        var copy = span[(HeaderLength + body.Length)..];
        for (var i = 0; i < float16.Length; i++)
            BinaryPrimitives.WriteHalfLittleEndian(copy[(2 * i)..], float16[i]);
        BinaryPrimitives.WriteUInt32LittleEndian(span[^ChecksumLength..], Crc32C(span[..^ChecksumLength]));
        return bytes;
    }

    public static (ModelDigest Model, sbyte[] Body, float Scale, Half[]? Float16) Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength + ChecksumLength)
            throw Damaged($"it has {bytes.Length} bytes, fewer than a template's header");
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            throw new TemplateFormatException("the bytes are no template: they do not start with 'METP'");
        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);

        // The version is judged only after the checksum: a damaged version must not be reported as a newer one. Every later version
        // keeps the magic, the version and the closing checksum where they are.
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumLength..]) != Crc32C(bytes[..^ChecksumLength]))
            throw Damaged("its checksum does not fit its content");
        if (version != Version)
            throw new TemplateFormatException(
                $"the template has format version {version}, this program reads version {Version}: update the program");

        var flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        if ((flags & ~Float16Flag) != 0)
            throw new TemplateFormatException(
                $"the template carries flags 0x{flags:x4} that this program does not know: update the program");
        var dimension = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (!Template.IsSupportedDimension(dimension))
            throw Damaged($"its dimension is {dimension}");
        var hasFloat16 = (flags & Float16Flag) != 0;
        var length = HeaderLength + (dimension * (hasFloat16 ? 3 : 1)) + ChecksumLength;
        if (bytes.Length != length)
            throw Damaged($"it has {bytes.Length} bytes where its header asks for {length}");

        // A checksum guards against accidents only. What scores rely on is checked too: no −128 (the kernels' range), a direction, and a
        // scale that is the body's own (another one could lift a template above every other).
        var body = MemoryMarshal.Cast<byte, sbyte>(bytes.Slice(HeaderLength, dimension)).ToArray();
        if (body.AsSpan().Contains(sbyte.MinValue))
            throw Damaged("its body holds −128");
        if (!body.AsSpan().ContainsAnyExcept((sbyte)0))
            throw Damaged("its body is zero");
        var scale = BinaryPrimitives.ReadSingleLittleEndian(bytes[12..]);
        if (scale != Template.ScaleOf(body))
            throw Damaged($"its scale {scale} does not belong to its body");

        Half[]? float16 = null;
        if (hasFloat16)
        {
            float16 = new Half[dimension];
            var copy = bytes.Slice(HeaderLength + dimension, 2 * dimension);
            for (var i = 0; i < dimension; i++)
            {
                float16[i] = BinaryPrimitives.ReadHalfLittleEndian(copy[(2 * i)..]);
                if (!Half.IsFinite(float16[i]))
                    throw Damaged($"element {i} of its float16 copy is {float16[i]}");
            }
        }
        return (ModelDigest.FromBytes(bytes.Slice(16, ModelDigest.Length)), body, scale, float16);
    }

    /// <summary>CRC-32C as in RFC 3720: reflected polynomial 0x82F63B78, initial value and final inversion of all ones.</summary>
    internal static uint Crc32C(ReadOnlySpan<byte> bytes) => ~Crc32CAdd(Crc32CStart, bytes);

    /// <summary>What a CRC-32C that is computed piece by piece starts with. The end is its inversion.</summary>
    internal const uint Crc32CStart = uint.MaxValue;

    /// <summary>Adds a piece.</summary>
    internal static uint Crc32CAdd(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    private static TemplateFormatException Damaged(string how) =>
        new($"the template is damaged ({how}): restore it from a backup or extract the photo again");
}
