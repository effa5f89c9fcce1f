using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Sqlite.Stores;

/// <summary>Properties and permissions of a gallery.</summary>
internal sealed class SqlitePropertyStore(GalleryDatabase database) : IPropertyStore
{
    public GalleryProperties Read() => database.Read(PropertyTables.Read);

    public void Write(GalleryProperties properties, ChangeRecord record) => database.Write((_, connection, transaction) =>
    {
        PropertyTables.EndPermissions(properties.Owner, connection, transaction);
        PropertyTables.Write(properties, connection, transaction);
        ChangeMarks.Write(record, null, connection, transaction);
        return true;
    });

    /// <summary>Makes a gallery of this installation of one that came from elsewhere.</summary>
    public void Adopt(GalleryProperties properties, bool permissions, ChangeRecord record, object? details) =>
        database.Write((_, connection, transaction) =>
        {
            PropertyTables.Write(properties, connection, transaction);
            PropertyTables.Adopt(permissions, connection, transaction);
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

    public bool AnswerPermission(string organisation, bool accepted, ChangeRecord record) =>
        database.Write((_, connection, transaction) =>
        {
            var answered = PropertyTables.Answer(organisation, accepted, connection, transaction);
            if (answered)
                ChangeMarks.Write(record, null, connection, transaction);
            return answered;
        });

    public bool RemovePermission(string organisation, ChangeRecord record) => database.Write((_, connection, transaction) =>
    {
        var removed = PropertyTables.Remove(organisation, connection, transaction);
        if (removed)
            ChangeMarks.Write(record, null, connection, transaction);
        return removed;
    });
}
