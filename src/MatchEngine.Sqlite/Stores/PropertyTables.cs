using System.Text.Json;
using Dapper;
using MatchEngine.Galleries.Properties;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>Properties and permissions as a gallery's database keeps them.</summary>
internal static class PropertyTables
{
    public static GalleryProperties Read(SqliteConnection connection)
    {
        var row = connection.QuerySingle<PropertyRow>(
            "SELECT owner AS Owner, profile AS Profile, approved AS Approved, retention_days AS RetentionDays, retention_basis AS "
                + "RetentionBasis FROM gallery");
        return Told(() => new GalleryProperties
        {
            Owner = row.Owner,
            Profile = row.Profile,
            Approved = row.Approved,
            Retention = row.RetentionDays is { } days
                ? new RetentionRule(
                    checked((int)days), row.RetentionBasis == "captured" ? RetentionBasis.Captured : RetentionBasis.Enrolled)
                : null,
        });
    }

    public static void Write(GalleryProperties properties, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.Execute(
            "UPDATE gallery SET owner = @Owner, profile = @Profile, approved = @Approved, retention_days = @days, retention_basis = @basis",
            new
            {
                properties.Owner,
                properties.Profile,
                properties.Approved,
                days = properties.Retention?.Days,
                basis = properties.Retention?.Basis == RetentionBasis.Captured ? "captured" : "enrolled",
            },
            transaction);

    public static IReadOnlyList<GalleryPermission> ReadPermissions(SqliteConnection connection) => connection
        .Query<PermissionRow>(
            "SELECT organisation AS Organisation, may_search AS MaySearch, may_enrol AS MayEnrol, fields AS Fields, state AS State "
                + "FROM permission "
                + "ORDER BY organisation")
        .Select(row => Told(() => new GalleryPermission(
            GalleryProperties.Name(row.Organisation, nameof(row.Organisation)), row.MaySearch, Fields(row.Fields))
        {
            MayEnrol = row.MayEnrol,
            State = row.State switch
            {
                "accepted" => SharingState.Accepted,
                "declined" => SharingState.Declined,
                "offered" => SharingState.Offered,
                _ => throw new FormatException("a permission is offered, accepted or declined"),
            },
        }))
        .ToList();

    public static void Write(GalleryPermission permission, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.Execute(
            """
            INSERT INTO permission (organisation, may_search, may_enrol, fields, state)
            VALUES (@Organisation, @MaySearch, @MayEnrol, @fields, 'offered')
            ON CONFLICT (organisation) DO UPDATE SET may_search = excluded.may_search, may_enrol = excluded.may_enrol,
              fields = excluded.fields, state = iif(state = 'accepted', 'accepted', 'offered')
            """,
            new
            {
                permission.Organisation,
                permission.MaySearch,
                permission.MayEnrol,
                fields = permission.Fields.Keys is { } keys ? JsonSerializer.Serialize(keys) : null,
            },
            transaction);

    public static bool Answer(string organisation, bool accepted, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.Execute(
            "UPDATE permission SET state = @state WHERE organisation = @organisation AND state <> @state",
            new { organisation, state = accepted ? "accepted" : "declined" },
            transaction) == 1;

    /// <summary>Of a gallery that came from elsewhere: nobody here has accepted anything yet.</summary>
    public static void Adopt(bool permissions, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.Execute(
            permissions
                ? "UPDATE permission SET state = 'offered'"
                // Whose data the subjects are stays: what is shared with nobody is found by nobody else.
                : "DELETE FROM permission; DELETE FROM provider_sharing",
            transaction: transaction);

    /// <summary>Where the gallery gets another owner: what the former one permitted ends.</summary>
    public static void EndPermissions(string owner, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.Execute(
            "DELETE FROM permission WHERE EXISTS (SELECT 1 FROM gallery WHERE owner <> @owner)", new { owner }, transaction);

    public static bool Remove(string organisation, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.Execute("DELETE FROM permission WHERE organisation = @organisation", new { organisation }, transaction) == 1;

    private static BiographicFields Fields(string? json) => json is null
        ? BiographicFields.All
        : JsonSerializer.Deserialize<string?[]>(json) is { } keys && !keys.Contains(null)
            ? BiographicFields.Only(keys!)
            : throw new JsonException("the keys that an organisation sees are kept as a JSON array of strings");

    /// <summary>What the domain refuses as a value is none in a row either.</summary>
    private static T Told<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new FormatException(e.Message, e);
        }
    }

    private sealed class PropertyRow
    {
        public string Owner { get; init; } = "";
        public string Profile { get; init; } = "";
        public bool Approved { get; init; }
        public long? RetentionDays { get; init; }
        public string RetentionBasis { get; init; } = "";
    }

    private sealed class PermissionRow
    {
        public string Organisation { get; init; } = "";
        public bool MaySearch { get; init; }
        public bool MayEnrol { get; init; }
        public string? Fields { get; init; }
        public string State { get; init; } = "";
    }
}
