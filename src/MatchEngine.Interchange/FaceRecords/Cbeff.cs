namespace MatchEngine.Interchange.FaceRecords;

/// <summary>
/// Finds the record within a CBEFF structure of data objects (ISO/IEC 7816-11, the patron format of passports: ICAO Doc 9303-10, data group
/// 2): a group of templates (7F61), a template (7F60), in it the biometric data (5F2E, or 7F2E where they are data objects themselves).
/// </summary>
internal static class Cbeff
{
    private const int DataGroup2 = 0x75, Group = 0x7F61, Template = 0x7F60, Data = 0x5F2E, DataObjects = 0x7F2E;

    /// <summary>Where the first record lies; null when the bytes are no such structure.</summary>
    /// <param name="bytes">The file.</param>
    public static Range? Unwrap(ReadOnlySpan<byte> bytes)
    {
        var (start, end) = (0, bytes.Length);
        // Group within data group, template within group, data within template: never deeper.
        for (var depth = 0; depth < 6; depth++)
        {
            var at = start;
            var inside = false;
            while (at < end && TryRead(bytes[..end], at, out var tag, out var content, out var length))
            {
                if (tag is Data or DataObjects)
                    return depth == 0 ? null : content..(content + length);
                if (tag is Group or Template || (tag == DataGroup2 && depth == 0))
                {
                    (start, end, inside) = (content, content + length, true);
                    break;
                }
                // Beside them: the number of templates, their headers. Nothing else comes first.
                if (depth == 0)
                    return null;
                at = content + length;
            }
            if (!inside)
                return null;
        }
        return null;
    }

    /// <summary>Reads tag and length of a data object (ISO/IEC 8825-1); false when they are cut short or reach beyond the end.</summary>
    private static bool TryRead(ReadOnlySpan<byte> bytes, int at, out int tag, out int content, out int length)
    {
        (tag, content, length) = (0, 0, 0);
        if (at >= bytes.Length)
            return false;
        tag = bytes[at++];
        if ((tag & 0x1F) == 0x1F)
        {
            if (at >= bytes.Length || bytes[at] >= 0x80)
                return false;
            tag = tag << 8 | bytes[at++];
        }
        if (at >= bytes.Length)
            return false;
        long value = bytes[at++];
        if (value >= 0x80)
        {
            var digits = (int)value & 0x7F;
            if (digits is 0 or > 4 || at + digits > bytes.Length)
                return false;
            value = 0;
            foreach (var digit in bytes.Slice(at, digits))
                value = value << 8 | digit;
            at += digits;
        }
        (content, length) = (at, (int)Math.Min(value, int.MaxValue));
        return value <= bytes.Length - at;
    }
}
