namespace MatchEngine.Galleries.Errors;

/// <summary>What can be wrong with a gallery's store.</summary>
public enum StoreFault
{
    /// <summary>The disk, or the quota, is full. Free some space and run again.</summary>
    DiskFull,

    /// <summary>Another process held the store for longer than the patience of this one. Run again.</summary>
    Locked,

    /// <summary>The file is not a gallery or its content is damaged. Restore it from a backup or delete the gallery.</summary>
    Damaged,

    /// <summary>A newer version of the product wrote the file. Use that version.</summary>
    NewerSchema,

    /// <summary>The file or folder may not be written.</summary>
    ReadOnly,

    /// <summary>The file or folder cannot be reached: a permission, a missing disk, an I/O error.</summary>
    Unreachable,

    /// <summary>Images and biographics are encrypted with a key that is not given. Give it.</summary>
    WrongKey,
}
