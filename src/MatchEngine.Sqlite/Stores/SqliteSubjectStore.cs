using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Listing;
using MatchEngine.Galleries.Stores;
using MatchEngine.Vectors;

namespace MatchEngine.Sqlite.Stores;

/// <summary>
/// Subjects and encounters in a gallery's tables: looked up, corrected, linked; lists are <see cref="SubjectListing"/>, removals and
/// expiry <see cref="Removals"/>, moves <see cref="Moves"/>.
/// </summary>
internal sealed class SqliteSubjectStore(GalleryDatabase database) : ISubjectStore
{
    private readonly SealedValues _values = database.Values;

    public Subject? FindSubject(string subjectId) => database.Read(
        connection => connection.Query<EncounterRow>(
            $"SELECT {EncounterRow.Columns} WHERE s.subject_id = @subjectId ORDER BY e.id", new { subjectId }).AsList(),
        rows => EncounterRow.ToSubjects(rows, _values).SingleOrDefault());

    public Encounter? FindEncounter(string encounterId) => database.Read(
        connection => connection.QuerySingleOrDefault<EncounterRow>(
            $"SELECT {EncounterRow.Columns} WHERE e.encounter_id = @encounterId", new { encounterId }),
        row => row?.ToEncounter(_values));

    public StoredTemplate? FindTemplate(string encounterId) => database.Read(
        connection => connection.QuerySingleOrDefault<TemplateRow>(
            "SELECT e.id AS Encounter, e.subject AS Subject, t.body AS Body FROM encounter e JOIN template t ON t.encounter = e.id "
                + "WHERE e.encounter_id = @encounterId", new { encounterId }),
        row => row is null
            ? (StoredTemplate?)null
            : new StoredTemplate(row.Encounter, row.Subject, database.ParseTemplate(row.Encounter, row.Body)));

    public IReadOnlyList<Subject> Page(string? after, int count) => database.Read(
        connection => connection.Query<EncounterRow>(
            $"""
            SELECT {EncounterRow.Columns}
            WHERE s.id IN (SELECT id FROM subject WHERE subject_id > @after ORDER BY subject_id LIMIT @count)
            ORDER BY s.subject_id, e.id
            """,
            new { after = after ?? "", count }).AsList(),
        rows => EncounterRow.ToSubjects(rows, _values).ToList());

    public SubjectList List(SubjectQuery query, SubjectSet? among, CancellationToken cancellationToken) =>
        new SubjectListing(query, among).Read(database, cancellationToken);

    public long Count(SubjectQuery query, SubjectSet? among, CancellationToken cancellationToken) =>
        new SubjectListing(query, among).Count(database, cancellationToken);

    public bool CorrectSubject(string subjectId, IReadOnlyDictionary<string, string?> changes, ChangeRecord record) =>
        database.Correct(record, (connection, transaction) =>
        {
            if (SubjectRow.Find(subjectId, connection, transaction) is not { } subject)
                return false;
            var text = KeyValueJson.Correct(subject.Open(subjectId, _values), changes);
            SubjectRow.Write(subject.Row, subjectId, text, _values, connection, transaction);
            return true;
        });

    public bool CorrectEncounter(string encounterId, IReadOnlyDictionary<string, string?> changes, ChangeRecord record) =>
        database.Correct(record, (connection, transaction) =>
        {
            var row = connection.QuerySingleOrDefault<MetadataRow>(
                "SELECT id AS Encounter, metadata AS Metadata, key_id AS KeyId FROM encounter WHERE encounter_id = @encounterId",
                new { encounterId }, transaction);
            if (row is null)
                return false;
            var place = SealedValues.MetadataOf(encounterId);
            var text = KeyValueJson.Correct(_values.Open(row.Metadata, row.KeyId, place), changes);
            connection.Execute(
                "UPDATE encounter SET metadata = @text, key_id = @CurrentId WHERE id = @Encounter",
                new { text = _values.Seal(text, place), _values.CurrentId, row.Encounter }, transaction);
            return true;
        });

    public bool RemoveSubject(string subjectId, ChangeRecord record) => Removals.OfSubject(subjectId, record, database);

    public bool RemoveEncounter(string encounterId, ChangeRecord record) => Removals.OfEncounter(encounterId, record, database);

    public bool MoveEncounters(IReadOnlyList<string> encounterIds, string toSubject, ChangeRecord record) =>
        Moves.ToSubject(encounterIds, toSubject, record, database);

    public (int Encounters, int Subjects, long? Next) PurgeSome(DateTimeOffset now, long after, ChangeRecord record) =>
        Removals.OfExpired(now, after, record, database);

    public IReadOnlyList<long> ExpiredRows(DateTimeOffset now) => Removals.ExpiredRows(now, database);

    public IReadOnlyList<SubjectLink> ReadLinks(string subjectId) => database.Read(
        connection => LinkTable.Read(subjectId, connection), rows => rows.ConvertAll(row => row.ToLink(subjectId, _values)));

    public bool WriteLink(string subjectId, SubjectLink link, ChangeRecord record) => database.Correct(
        record, (connection, transaction) => LinkTable.Write(subjectId, link, _values, connection, transaction));

    public bool RemoveLink(string subjectId, string otherId, ChangeRecord record) => database.Correct(
        record, (connection, transaction) => LinkTable.Remove(subjectId, otherId, connection, transaction));

    private sealed class TemplateRow
    {
        public long Encounter { get; init; }
        public long Subject { get; init; }
        public byte[] Body { get; init; } = [];
    }

    private sealed class MetadataRow
    {
        public long Encounter { get; init; }
        public string Metadata { get; init; } = "";
        public string? KeyId { get; init; }
    }
}
