namespace MatchEngine.Interchange.FaceRecords;

/// <summary>Where an encoded image begins among other bytes: records of the field hold JPEG, JPEG 2000 and PNG.</summary>
internal static class EncodedImage
{
    /// <summary>Whether bytes begin as an image does.</summary>
    public static bool BeginsAt(ReadOnlySpan<byte> bytes) => bytes is [0xFF, 0xD8, 0xFF, ..] or [0xFF, 0x4F, 0xFF, 0x51, ..]
        or [0, 0, 0, 0x0C, (byte)'j', (byte)'P', 0x20, 0x20, ..] or [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..];

    /// <summary>Where the first image begins; −1 where there is none.</summary>
    public static int FirstIn(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length; at++)
        {
            // The first bytes of the four signatures.
            var next = bytes[at..].IndexOfAny((byte)0xFF, (byte)0, (byte)0x89);
            if (next < 0)
                return -1;
            at += next;
            if (BeginsAt(bytes[at..]))
                return at;
        }
        return -1;
    }
}
