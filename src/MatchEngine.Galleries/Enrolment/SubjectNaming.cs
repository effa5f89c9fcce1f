using MatchEngine.Faces.Native;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>The rules of <see cref="SubjectFrom"/>.</summary>
public static class SubjectNaming
{
    /// <summary>Names the subject of a file, and the people of it if it is a group photo.</summary>
    /// <param name="rule"><see cref="SubjectFrom.File"/> or <see cref="SubjectFrom.Folder"/>.</param>
    /// <param name="root">Full path of the folder that names are relative to; a file elsewhere is named relative to its own folder.</param>
    /// <param name="file">Full path of the file.</param>
    /// <returns>The subject's id, and the name behind which the people of a group photo are numbered.</returns>
    public static (string Subject, string GroupName) Of(SubjectFrom rule, string root, string file)
    {
        var relative = Path.GetRelativePath(root, file);
        if (Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal))
        {
            root = Path.GetDirectoryName(file) ?? root;
            relative = Path.GetFileName(file);
        }
        var name = WithoutExtension(relative);
        // One person, whichever way a file system writes the é of the name.
        name = ComposedText.Of(name);
        if (rule == SubjectFrom.File)
            return (name, name);
        var folder = Path.GetDirectoryName(name.Replace('/', Path.DirectorySeparatorChar))?.Replace(Path.DirectorySeparatorChar, '/');
        var subject = string.IsNullOrEmpty(folder)
            ? ComposedText.Of(Path.GetFileName(Path.TrimEndingDirectorySeparator(root)))
            : folder;
        return (subject, $"{subject}/{Path.GetFileName(name)}");
    }

    /// <summary>A path without its extension, with '/' between its parts on every system.</summary>
    public static string WithoutExtension(string path) => Path.ChangeExtension(path, null).Replace(Path.DirectorySeparatorChar, '/');
}
