namespace MatchEngine.Galleries.Enrolment;

/// <summary>By what names photos are known among the files of a folder or an archive.</summary>
internal static class PhotoFiles
{
    private static readonly HashSet<string> Photos = new(
        [
            ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".bmp", ".dib", ".gif", ".heic", ".heif", ".hif", ".avif",
            ".jp2", ".j2k", ".jpf", ".jpx", ".j2c", ".jpc", ".ppm", ".pgm", ".pbm", ".pnm",
            // Files that hold faces as records: ANSI/NIST-ITL, ISO/IEC 19794-5 and 39794-5.
            ".an2", ".an2k", ".an", ".eft", ".ebts", ".tdf", ".nst", ".nist", ".xml", ".fir", ".bdb",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a file's name ends like a photo's, or like that of a file that holds some.</summary>
    public static bool Is(string file) => Photos.Contains(Path.GetExtension(file));

    /// <summary>Whether a file's name ends like a zip archive's.</summary>
    public static bool IsArchive(string file) => Path.GetExtension(file).Equals(".zip", StringComparison.OrdinalIgnoreCase);
}
