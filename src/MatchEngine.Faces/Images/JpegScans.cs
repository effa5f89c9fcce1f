using System.Buffers.Binary;

namespace MatchEngine.Faces.Images;

/// <summary>
/// Whether a JPEG's scans hold all of its picture (ITU-T T.81, annexes B and G). A file that ends between two scans decodes without
/// complaint, coarsely or without its colours, so this is asked before one is taken whose end is missing.
/// </summary>
internal static class JpegScans
{
    private const int Coefficients = 64, MaxComponents = 4;

    /// <summary>Whether every coefficient of every component comes down to its last bit.</summary>
    /// <param name="jpeg">The file.</param>
    public static bool AreComplete(ReadOnlySpan<byte> jpeg)
    {
        // Bits that are still to come, a row for each component; 255: nothing came yet.
        Span<byte> missing = stackalloc byte[MaxComponents * Coefficients];
        missing.Fill(255);
        Span<byte> names = stackalloc byte[MaxComponents];
        var (components, progressive) = (0, false);
        for (var at = 2; at + 4 <= jpeg.Length;)
        {
            if (jpeg[at] != 0xFF || jpeg[at + 1] is 0x00 or 0xFF or (>= 0xD0 and <= 0xD7))
            {
                // Entropy-coded bytes, fill bytes, restarts.
                at += jpeg[at] == 0xFF && jpeg[at + 1] != 0xFF ? 2 : 1;
                continue;
            }
            var marker = jpeg[at + 1];
            var length = BinaryPrimitives.ReadUInt16BigEndian(jpeg[(at + 2)..]);
            if (length < 2 || at + 2 + length > jpeg.Length)
                return false;
            var segment = jpeg.Slice(at + 4, length - 2);
            if (marker is 0xC0 or 0xC1 or 0xC2)
            {
                if (segment.Length < 6 || segment[5] is < 1 or > MaxComponents || segment.Length < 6 + 3 * segment[5])
                    return false;
                (components, progressive) = (segment[5], marker == 0xC2);
                for (var i = 0; i < components; i++)
                    names[i] = segment[6 + 3 * i];
            }
            else if (marker == 0xDA && !Take(segment, names[..components], progressive, missing))
                return false;
            at += 2 + length;
        }
        return components > 0 && missing[..(components * Coefficients)].IndexOfAnyExcept((byte)0) < 0;
    }

    private static bool Take(ReadOnlySpan<byte> scan, ReadOnlySpan<byte> names, bool progressive, Span<byte> missing)
    {
        if (scan.IsEmpty || scan.Length < 1 + 2 * scan[0] + 3)
            return false;
        var last = scan[(1 + 2 * scan[0])..];
        var (from, to, low) = progressive ? (last[0], last[1], (byte)(last[2] & 15)) : ((byte)0, (byte)(Coefficients - 1), (byte)0);
        if (from > to || to >= Coefficients)
            return false;
        for (var i = 0; i < scan[0]; i++)
        {
            var component = names.IndexOf(scan[1 + 2 * i]);
            if (component < 0)
                return false;
            missing.Slice(component * Coefficients + from, to - from + 1).Fill(low);
        }
        return true;
    }
}
