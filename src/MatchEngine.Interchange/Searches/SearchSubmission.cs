using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Searches;

/// <summary>A transaction taken as a search: the one face that it submits, and what an answer has to refer to.</summary>
public sealed class SearchSubmission
{
    private SearchSubmission(Transaction transaction, Type10Record face) =>
        (Transaction, Face, Image) = (transaction, face, Photograph.Of(face));

    /// <summary>What was submitted.</summary>
    public Transaction Transaction { get; }

    /// <summary>The face record.</summary>
    public Type10Record Face { get; }

    /// <summary>Its image, in the caller's buffer.</summary>
    public Photograph Image { get; }

    /// <summary>
    /// Takes the only face of a transaction, or the one with an IDC. The type of transaction (TOT) does not matter: FRS asks for a face
    /// search, but domains have names of their own.
    /// </summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="idc">The IDC of the face record; null: there has to be exactly one.</param>
    /// <exception cref="InterchangeException">No image record at all, none of a face, several faces, none or several with the IDC, or an
    /// image that is absent or unusable.</exception>
    public static SearchSubmission From(Transaction transaction, int? idc = null)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var images = transaction.Images.ToList();
        if (images.Count == 0)
            throw new InterchangeException(InterchangeFault.NoImageRecord, "the file has no Type-10 record, hence no face to search with");
        var faces = images.Where(image => image.IsFace).ToList();
        if (faces.Count == 0)
            throw new InterchangeException(InterchangeFault.NotAFace,
                $"the file shows no face but {string.Join(", ", images.Select(Kind).Distinct())}; only a "
                    + "Type-10 record with the image type FACE is searched");
        var wanted = idc is null ? faces : [.. faces.Where(face => face.Idc == idc)];
        return wanted switch
        {
            [var face] => new SearchSubmission(transaction, face),
            [] => throw new InterchangeException(
                InterchangeFault.NoSuchRecord, $"no face record has the IDC {idc}; the faces have {Idcs(faces)}"),
            _ when idc is null => throw new InterchangeException(
                InterchangeFault.SeveralFaces,
                $"the file has {faces.Count} face records, with the IDCs {Idcs(faces)}; say which one to search with"),
            _ => throw new InterchangeException(
                InterchangeFault.NoSuchRecord, $"{wanted.Count} face records have the IDC {idc}: they cannot be told apart"),
        };
    }

    /// <summary>The image type as it may be repeated in a message.</summary>
    private static string Kind(Type10Record image) =>
        image.ImageType is { } type && ImageTypes.IsKnown(type) ? type : "an unknown image type";

    private static string Idcs(List<Type10Record> faces) =>
        string.Join(", ", faces.Take(20).Select(face => face.Idc?.ToString() ?? "none")) + (faces.Count > 20 ? " …" : "");
}
