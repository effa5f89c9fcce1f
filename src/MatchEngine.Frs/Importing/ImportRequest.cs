using MatchEngine.Galleries.Enrolment;

namespace MatchEngine.Frs.Importing;

/// <summary>An import: photos that lie below the service's import folder.</summary>
/// <param name="Folder">A folder, relative to the import folder; or null with <paramref name="Metadata"/>.</param>
/// <param name="Metadata">A CSV file with the columns <c>image</c> and <c>subject</c>, relative to the import folder; or null with
/// <paramref name="Folder"/>.</param>
/// <param name="SubjectFrom">Where subjects' ids come from; null: from the file's name, or from the column.</param>
/// <param name="Faces">What to do with photos that show several faces; null: as the gallery's profile says.</param>
public sealed record ImportRequest(
    string? Folder = null, string? Metadata = null, SubjectFrom? SubjectFrom = null, EnrolmentFaces? Faces = null);

/// <summary>What an import has come to.</summary>
/// <param name="Enrolled">Photos that are new in the gallery.</param>
/// <param name="Duplicates">Photos that were there already.</param>
/// <param name="Failed">Photos and rows that gave nothing.</param>
/// <param name="Total">How many there are; null while they are counted.</param>
/// <param name="Failures">Why, for the first thousand; null before it has ended.</param>
public sealed record ImportProgress(
    long Enrolled, long Duplicates, long Failed, long? Total, IReadOnlyList<ImportFailure>? Failures = null);

/// <summary>A photo or row that was not enrolled.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line of the metadata file, or null.</param>
/// <param name="Code">Why.</param>
/// <param name="Detail">The same in a sentence.</param>
public sealed record ImportFailure(string File, long? Line, string Code, string Detail);
