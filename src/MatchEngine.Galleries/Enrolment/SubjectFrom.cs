namespace MatchEngine.Galleries.Enrolment;

/// <summary>
/// Where the subject of a photo is taken from. The rules look at the photo's own path only, so that adding or removing other photos renames
/// nobody.
/// </summary>
public enum SubjectFrom
{
    /// <summary>
    /// The file's path below the folder given, without its extension: <c>anna.jpg</c> is subject <c>anna</c>, <c>site/anna.jpg</c> is
    /// <c>site/anna</c>. Files that differ in the extension only are photos of one subject. The people of a group photo <c>party.jpg</c>
    /// are <c>party#1</c>, <c>party#2</c> …
    /// </summary>
    File,

    /// <summary>
    /// The path of the file's folder below the folder given: <c>anna/1.jpg</c> is a photo of <c>anna</c>. For files that lie in the folder
    /// given it is that folder's own name. The people of a group photo <c>anna/party.jpg</c> are <c>anna/party#1</c>, <c>anna/party#2</c> …
    /// </summary>
    Folder,

    /// <summary>
    /// The column <c>subject</c> of the metadata file. The people of a group photo <c>img/party.jpg</c> in a row of subject <c>S7</c> are
    /// <c>S7/img/party#1</c>, <c>S7/img/party#2</c> …, and the row's values describe the photo only: nobody knows which of them S7 is.
    /// </summary>
    Column,
}
