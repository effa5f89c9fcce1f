namespace MatchEngine.Interchange;

/// <summary>Why bytes cannot be taken as a transaction, or a transaction cannot be taken as a search.</summary>
public enum InterchangeFault
{
    /// <summary>The bytes do not begin with a Type-1 record: no ANSI/NIST-ITL file in the traditional encoding.</summary>
    NotAnsiNist,

    /// <summary>The transaction has no Type-10 record, hence nothing that could show a face.</summary>
    NoImageRecord,

    /// <summary>The Type-10 records show scars, marks, tattoos or other parts of the body, none a face.</summary>
    NotAFace,

    /// <summary>Several records show a face and the caller named none of them.</summary>
    SeveralFaces,

    /// <summary>No face record has the IDC that was asked for, or more than one has.</summary>
    NoSuchRecord,

    /// <summary>The face record holds no image: field 10.999 is absent or empty.</summary>
    NoImage,

    /// <summary>The image's compression or colour space cannot be handed on, or its size contradicts its data.</summary>
    UnusableImage,

    /// <summary>The transaction holds no candidate list in the layout of this product.</summary>
    NoCandidateList,

    /// <summary>What a submission asks for, in the layout of this product, cannot be read.</summary>
    BadTerms,
}

/// <summary>The wire names of <see cref="InterchangeFault"/>.</summary>
public static class InterchangeFaultCodes
{
    /// <summary>The name used in JSON and in problem details, e.g. <c>several_faces</c>; it never changes once released.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public static string ToCode(this InterchangeFault fault) => fault switch
    {
        InterchangeFault.NotAnsiNist => "not_ansi_nist",
        InterchangeFault.NoImageRecord => "no_image_record",
        InterchangeFault.NotAFace => "not_a_face",
        InterchangeFault.SeveralFaces => "several_faces",
        InterchangeFault.NoSuchRecord => "no_such_record",
        InterchangeFault.NoImage => "no_image",
        InterchangeFault.UnusableImage => "unusable_image",
        InterchangeFault.NoCandidateList => "no_candidate_list",
        InterchangeFault.BadTerms => "bad_terms",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
