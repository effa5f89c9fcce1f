namespace MatchEngine.Faces;

/// <summary>Why no template could be made of an image (a failure to acquire, FTA, in the words of ISO/IEC 2382-37).</summary>
public enum AcquisitionFailure
{
    /// <summary>The file could not be read from where it lies (missing, no permission, an I/O error).</summary>
    Unreadable,

    /// <summary>The image has more bytes than <c>ImageLimits.MaxBytes</c>.</summary>
    TooLarge,

    /// <summary>The header announces more pixels than <c>ImageLimits.MaxPixels</c>; nothing was decoded.</summary>
    TooManyPixels,

    /// <summary>The bytes are of no format that is read here.</summary>
    UnsupportedFormat,

    /// <summary>The format is known but the content is damaged or cut short.</summary>
    Undecodable,

    /// <summary>The image was decoded and no face was found in it.</summary>
    NoFace,

    /// <summary>Several faces were found and the caller asked for the only one.</summary>
    MultipleFaces,

    /// <summary>The caller asked for the n-th face of an image that has fewer.</summary>
    NoSuchFace,

    /// <summary>The process that images are decoded in died or hung over this one (see <c>IsolatedImageDecoder</c>).</summary>
    DecoderFailed,

    /// <summary>The face was found and its quality is below what the caller accepts.</summary>
    LowQuality,
}

/// <summary>The wire names of <see cref="AcquisitionFailure"/>.</summary>
public static class AcquisitionFailureCodes
{
    /// <summary>The name used in JSON, in logs and in the store, e.g. <c>no_face</c>; it never changes once released.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public static string ToCode(this AcquisitionFailure failure) => failure switch
    {
        AcquisitionFailure.Unreadable => "unreadable",
        AcquisitionFailure.TooLarge => "too_large",
        AcquisitionFailure.TooManyPixels => "too_many_pixels",
        AcquisitionFailure.UnsupportedFormat => "unsupported_format",
        AcquisitionFailure.Undecodable => "undecodable",
        AcquisitionFailure.NoFace => "no_face",
        AcquisitionFailure.MultipleFaces => "multiple_faces",
        AcquisitionFailure.NoSuchFace => "no_such_face",
        AcquisitionFailure.DecoderFailed => "decoder_failed",
        AcquisitionFailure.LowQuality => "low_quality",
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };
}
