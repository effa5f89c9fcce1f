using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Sqlite.Stores;

/// <summary>Properties and permissions of a gallery.</summary>
internal sealed class SqlitePropertyStore(GalleryDatabase database) : IPropertyStore
{
    public GalleryProperties Read() => database.Read(PropertyTables.Read);

    public void Write(GalleryProperties properties, ChangeRecord record) => Write(properties, record, null);

    /// <summary>The same with more to say of it.</summary>
    public void Write(GalleryProperties properties, ChangeRecord record, object? details) => database.Write((_, connection, transaction) =>
    {
        PropertyTables.Write(properties, connection, transaction);
        ChangeMarks.Write(record, details, connection, transaction);
        return true;
    });

    public IReadOnlyList<GalleryPermission> ReadPermissions() => database.Read(PropertyTables.ReadPermissions);

    public void WritePermission(GalleryPermission permission, ChangeRecord record) => database.Write((_, connection, transaction) =>
    {
        PropertyTables.Write(permission, connection, transaction);
        ChangeMarks.Write(record, null, connection, transaction);
        return true;
    });

    public bool RemovePermission(string organisation, ChangeRecord record) => database.Write((_, connection, transaction) =>
    {
        var removed = PropertyTables.Remove(organisation, connection, transaction);
        if (removed)
            ChangeMarks.Write(record, null, connection, transaction);
        return removed;
    });
}
