using MatchEngine.Faces.Images;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>A photo to enrol.</summary>
public sealed record EnrolmentItem : EnrolmentEntry
{
    /// <summary>
    /// The path of the file; with <see cref="Content"/>, any reference by which people will find the image again. It is stored with the
    /// encounter.
    /// </summary>
    public required string Image { get; init; }

    /// <summary>
    /// The file that is read, where <see cref="Image"/> is a reference of another kind; null: <see cref="Image"/> is the file.
    /// </summary>
    public string? File { get; init; }

    /// <summary>
    /// Reads the image where it is not a file by itself: an entry of an archive, a record of another file. Called once, by a worker, with
    /// the largest size that is taken; what it gives is cleared when the photo is done. Null: <see cref="File"/> is read.
    /// </summary>
    /// <remarks>It may throw <see cref="Faces.AcquisitionException"/> or <see cref="PhotoRefusedException"/>.</remarks>
    public Func<ImageLimits, ImageBytes>? Open { get; init; }

    /// <summary>The subject shown; see <see cref="SubjectId"/> for the rule.</summary>
    public required string Subject { get; init; }

    /// <summary>
    /// The name under which the people of a group photo are enrolled when each face is wanted: <c>NAME#1</c>, <c>NAME#2</c> … by the faces'
    /// numbers. Nobody knows which of them is the subject of the photo, or whether the first face of the next photo is the same person, so
    /// the name must be this photo's own. Null for the subject's id with the image's reference behind it.
    /// </summary>
    public string? GroupName { get; init; }

    /// <summary>The one face that is meant, by its number by size from 1, whatever else is to be done with photos that show several; null:
    /// nobody has looked.</summary>
    public int? Face { get; init; }

    /// <summary>
    /// Keys and values that came with the photo. They are kept with the encounter; the subject takes those which it does not have yet as
    /// biographics, unless it is a group photo.
    /// </summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The age of the person in the photo in years, by the operator's word; null where nothing is said.</summary>
    public int? StatedAge { get; init; }

    /// <summary>Where the photo came from, or null.</summary>
    public string? SourceUrl { get; init; }

    /// <summary>
    /// The bytes when they are in memory already; null to read the file. The caller owns them and clears them after the enrolment.
    /// </summary>
    public ReadOnlyMemory<byte>? Content { get; init; }
}
