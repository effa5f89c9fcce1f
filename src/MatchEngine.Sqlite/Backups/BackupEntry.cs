using System.Text.RegularExpressions;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Sqlite.Backups;

/// <summary>
/// A file of a data folder that a backup holds, by its path in the folder with '/' between the parts. There are no others: a path that an
/// archive names is one of these, or is refused.
/// </summary>
internal sealed partial record BackupEntry
{
    /// <summary>The folder of the galleries.</summary>
    public const string Galleries = "galleries";

    /// <summary>The keys by which ASP.NET Core seals secrets of accounts; sealed themselves where there is a data key.</summary>
    public const string CookieKeys = "cookie-keys";

    /// <summary>A user's own model cards, with their models.</summary>
    public const string Models = "models";

    private BackupEntry(string path) => Path = path;

    /// <summary>The path.</summary>
    public string Path { get; }

    /// <summary>The service's book.</summary>
    public static BackupEntry Book { get; } = new("service.db");

    /// <summary>The audit log.</summary>
    public static BackupEntry Audit { get; } = new("audit/audit.db");

    /// <summary>The gallery that this is the database of; null of all else.</summary>
    public string? Gallery => Path.Split('/') is [Galleries, var name, GalleryFile] ? name : null;

    private const string GalleryFile = "gallery.db";

    /// <summary>A gallery's database.</summary>
    public static BackupEntry OfGallery(string name) => new($"{Galleries}/{name}/{GalleryFile}");

    /// <summary>The entry of a path; null when a backup holds no such file.</summary>
    public static BackupEntry? Of(string path) => path.Split('/') switch
    {
        ["service.db"] or ["audit", "audit.db"] => new(path),
        [Galleries, var name, GalleryFile] when GalleryName.IsValid(name) => new(path),
        [CookieKeys, var file] when Part().IsMatch(file) && file.EndsWith(".xml", StringComparison.Ordinal) => new(path),
        [Models, .. { Length: >= 1 and <= 4 } parts] when parts.All(part => Part().IsMatch(part)) => new(path),
        _ => null,
    };

    /// <summary>The entry of a path that an archive names.</summary>
    /// <exception cref="ArchiveException">A backup holds no such file.</exception>
    public static BackupEntry Parse(string path) => Of(path)
        ?? throw new ArchiveException(null, "names a file that no data folder has. Give a file that 'matchengine backup' wrote");

    // No part begins with a dot: none of them leads out of the folder.
    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z")]
    private static partial Regex Part();
}
