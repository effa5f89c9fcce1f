namespace MatchEngine.Sqlite.Databases;

/// <summary>What one of our databases holds: how it is told from others, and the words in which its errors speak of it.</summary>
/// <param name="Name">Its name in a sentence.</param>
/// <param name="ApplicationId">Marks the SQLite file as one of ours, so that some other database is not taken for it.</param>
/// <param name="Damaged">What to do about a damaged one.</param>
internal sealed record SqliteKind(string Name, int ApplicationId, string Damaged)
{
    /// <summary>A gallery ("MEga" in ASCII).</summary>
    public static SqliteKind Gallery { get; } = new(
        "gallery", SqliteSchema.ApplicationId, "Restore it from a backup, or delete the gallery and enrol again");

    /// <summary>The audit log ("MEau" in ASCII).</summary>
    public static SqliteKind Audit { get; } = new(
        "audit log", 0x4D45_6175, "Keep the file for an inquiry, and restore the last backup beside it");
}
