using MatchEngine.Frs.Errors;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Enrolment;

namespace MatchEngine.Frs.Importing;

/// <summary>
/// What an import may read: files below one folder, which the operator fills and which is the organisation's alone, and nothing else of
/// the machine.
/// </summary>
internal static class ImportFolder
{
    /// <summary>The folder of an organisation: the one of its id below the service's.</summary>
    /// <exception cref="CodedException">The id cannot name a folder.</exception>
    public static string Of(string imports, string organisation) => GalleryName.IsValid(organisation)
        ? Path.Combine(imports, organisation)
        : throw new CodedException(ErrorCodes.BadValue, "the organisation has no import folder");

    /// <exception cref="CodedException">The request does not name one source, names something outside,
    /// or something that is not there.</exception>
    public static IEnrolmentSource Source(string imports, string organisation, ImportRequest request, TimeProvider clock)
    {
        var root = Of(imports, organisation);
        var enclosure = new EnclosingFolder(root);
        if (request.Folder is null == request.Metadata is null)
            throw new CodedException(ErrorCodes.BadValue, "an import names one of 'folder' and 'metadata'");
        if (request.Metadata is { } metadata)
            return new MetadataSource(Within(metadata, isFolder: false))
            {
                SubjectFrom = request.SubjectFrom ?? SubjectFrom.Column,
                Enclosure = enclosure,
                Clock = clock,
            };
        if (request.SubjectFrom is SubjectFrom.Column)
            throw new CodedException(ErrorCodes.BadValue, "subjectFrom 'column' needs a metadata file");
        return new FolderSource([Within(request.Folder!, isFolder: true)], request.SubjectFrom ?? SubjectFrom.File)
        {
            Enclosure = enclosure,
        };

        string Within(string name, bool isFolder) =>
            enclosure.Find(name) is { } real && (isFolder ? Directory.Exists(real) : enclosure.ResolveFile(real) is not null)
                // By its name: what lies below it is named relative to the folder that the operator sees.
                ? Path.GetFullPath(name, root)
                : throw new CodedException(
                    ErrorCodes.BadValue,
                    $"the import folder has no {(isFolder ? "folder" : "file")} of this name; the operator puts photos there");
    }
}
