namespace MatchEngine.Interchange.Images;

/// <summary>Values of 10.003 IMT (clause 8.10.3).</summary>
public static class ImageTypes
{
    /// <summary>A face.</summary>
    public const string Face = "FACE";

    /// <summary>A scar.</summary>
    public const string Scar = "SCAR";

    /// <summary>A mark, of a needle for example.</summary>
    public const string Mark = "MARK";

    /// <summary>A tattoo.</summary>
    public const string Tattoo = "TATTOO";

    private static readonly HashSet<string> Known =
    [
        Face, Scar, Mark, Tattoo, "HEAD", "FRONTAL-C", "REAR-C", "FRONTAL-N", "REAR-N", "TORSO-BACK", "TORSO-FRONT", "CONDITION",
        "MISSING", "OTHER", "CHEST", "FEET",
        "HANDS-PALM", "HANDS-BACK", "GENITALS", "BUTTOCKS", "RIGHT LEG", "LEFT LEG", "RIGHT ARM",
        "LEFT ARM", "LIP", "EXTRAORAL", "INTRAORAL",
    ];

    /// <summary>Whether the standard, or NIEM's list of the same values, has this one.</summary>
    public static bool IsKnown(string value) => Known.Contains(value);

    /// <summary>Whether it is a scar, a mark or a tattoo (SMT).</summary>
    public static bool IsScarMarkOrTattoo(string? value) => value is Scar or Mark or Tattoo;
}

/// <summary>Values of 10.011 CGA (Table 15).</summary>
public static class CompressionAlgorithms
{
    /// <summary>Uncompressed pixels, row by row from the top, 8 bits a channel.</summary>
    public const string None = "NONE";

    /// <summary>Baseline JPEG.</summary>
    public const string JpegBaseline = "JPEGB";

    /// <summary>Lossless JPEG.</summary>
    public const string JpegLossless = "JPEGL";

    /// <summary>JPEG 2000.</summary>
    public const string Jpeg2000 = "JP2";

    /// <summary>Lossless JPEG 2000.</summary>
    public const string Jpeg2000Lossless = "JP2L";

    /// <summary>PNG.</summary>
    public const string Png = "PNG";

    /// <summary>WSQ 2.0, for fingerprints only.</summary>
    public const string Wsq = "WSQ20";

    /// <summary>Whether a Type-10 record may say this.</summary>
    public static bool IsForPhotos(string value) => value is None or JpegBaseline or JpegLossless or Jpeg2000 or Jpeg2000Lossless or Png;
}

/// <summary>Values of 10.012 CSP (Table 16).</summary>
public static class ColorSpaces
{
    /// <summary>Undefined.</summary>
    public const string Undefined = "UNK";

    /// <summary>Grey.</summary>
    public const string Gray = "GRAY";

    /// <summary>RGB of an undetermined space.</summary>
    public const string Rgb = "RGB";

    /// <summary>sRGB.</summary>
    public const string Srgb = "SRGB";

    /// <summary>YCbCr, of older files; the standard has readers take it for a device-dependent RGB.</summary>
    public const string Ycc = "YCC";

    /// <summary>YCbCr of JPEG 2000.</summary>
    public const string Sycc = "SYCC";

    /// <summary>Whether the standard has this one.</summary>
    public static bool IsKnown(string value) => value is Undefined or Gray or Rgb or Srgb or Ycc or Sycc;
}
