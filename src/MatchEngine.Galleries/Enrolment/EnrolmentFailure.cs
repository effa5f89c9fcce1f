using MatchEngine.Faces.Geometry;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>Something that was not enrolled.</summary>
/// <param name="File">The image; for a bad row, the metadata file.</param>
/// <param name="Line">The line of the metadata file where the row begins, from 1; null where no line is to blame.</param>
/// <param name="Reason">A code: one of <see cref="Faces.AcquisitionFailureCodes"/>, <see cref="BadRow"/>,
/// <see cref="BadSubject"/>, <see cref="UnderAge"/>, <see cref="MasterExists"/>,
/// <see cref="OtherProvider"/>.</param>
/// <param name="Detail">A sentence for people.</param>
public sealed record EnrolmentFailure(string File, long? Line, string Reason, string Detail)
{
    /// <summary>The faces that were found, largest first, where the reason is that there are several, or not the one that was
    /// meant.</summary>
    public IReadOnlyList<BoundingBox> Faces { get; init; } = [];

    /// <summary>A row of a metadata file that cannot be read.</summary>
    public const string BadRow = "bad_row";

    /// <summary>A subject id that breaks the rule of <see cref="SubjectId"/>.</summary>
    public const string BadSubject = "bad_subject";

    /// <summary>The photo shows a child, of whom none is enrolled; see <see cref="EnrolmentOptions.Age"/>.</summary>
    public const string UnderAge = "under_age";

    /// <summary>The subject has its one photo already; see <see cref="EnrolmentOptions.MasterImage"/>.</summary>
    public const string MasterExists = "master_exists";

    /// <summary>The subject is another organisation's data; see <see cref="EnrolmentOptions.Provider"/>.</summary>
    public const string OtherProvider = "other_provider";
}
