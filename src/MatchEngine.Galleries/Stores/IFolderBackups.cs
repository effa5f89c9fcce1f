using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Stores;

/// <summary>
/// Backups of everything that a data folder keeps, made while others use it. Faults arrive as <see cref="StoreException"/>.
/// </summary>
public interface IFolderBackups
{
    /// <summary>Writes all of the folder, as it stands at one moment, into an archive.</summary>
    /// <param name="output">Takes the archive; it is left open.</param>
    /// <param name="progress">Told which share is done, 0 … 1; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work; what was written is then no archive.</param>
    /// <exception cref="StoreException">There is nothing to back up, a database cannot be read, or the disk is full.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    FolderBackup Write(Stream output, IProgress<double>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the folder of an archive. The archive is verified before anything is written, and until everything is in place there is no
    /// folder of this name.
    /// </summary>
    /// <param name="archive">The archive; it must be seekable, and is left open.</param>
    /// <param name="finish">Looks at the restored folder, whose path it is given, and changes it, before it takes its place.</param>
    /// <param name="progress">Told which share is done, 0 … 1; null for nobody.</param>
    /// <param name="cancellationToken">Ends the work; nothing is left of it.</param>
    /// <exception cref="ArchiveException">The archive is damaged, was changed, or a newer version wrote it.</exception>
    /// <exception cref="StoreException">The folder is there and not empty, or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    FolderBackup Restore(Stream archive, Action<string> finish, IProgress<double>? progress, CancellationToken cancellationToken);
}

/// <summary>What a backup of a data folder holds.</summary>
/// <param name="Moment">When the folder was as it is in the backup (UTC).</param>
/// <param name="Galleries">The galleries in it, in ordinal order.</param>
/// <param name="KeyIds">The keys under which galleries keep images and biographics: each is needed to read what was restored, and none is
/// in the backup.</param>
/// <param name="LeftOut">What lies in the folder and is not in the backup, by its path in the folder.</param>
/// <param name="Unread">The galleries that are not in it because their databases cannot be read.</param>
/// <param name="Bytes">How much it is unpacked.</param>
public sealed record FolderBackup(
    DateTimeOffset Moment, IReadOnlyList<string> Galleries, IReadOnlyList<string> KeyIds, IReadOnlyList<string> LeftOut,
    IReadOnlyList<string> Unread, long Bytes);
