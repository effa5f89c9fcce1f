namespace MatchEngine.Faces.Images;

/// <summary>What is to be said of an image that was read all the same.</summary>
public enum ImageRemark
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>All of the JPEG's picture is there, and the marker of its end is missing.</summary>
    EndMissing,
}

/// <summary>The words of <see cref="ImageRemark"/>.</summary>
public static class ImageRemarks
{
    /// <summary>The name used in JSON, e.g. <c>end_missing</c>; it never changes once released. Null for nothing.</summary>
    /// <param name="remark">The remark.</param>
    public static string? ToCode(this ImageRemark remark) => remark == ImageRemark.EndMissing ? "end_missing" : null;

    /// <summary>A sentence for people; null for nothing.</summary>
    /// <param name="remark">The remark.</param>
    public static string? ToSentence(this ImageRemark remark) => remark == ImageRemark.EndMissing
        ? "the JPEG lacks its end marker; its picture is whole and was read, but something cut the file"
        : null;
}
