using Dapper;
using MatchEngine.Faces.Geometry;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Vectors;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Galleries.Stores;

/// <summary>A gallery in one SQLite database (write-ahead log).</summary>
/// <remarks>
/// Three connections: in WAL mode readers and the writer do not wait for each other, and a long load of templates must not hold up the
/// short look-ups of enrolment and search.
/// </remarks>
internal sealed class SqliteGalleryStore : IGalleryStore
{
    /// <summary>How long a locked database is waited for.</summary>
    public static readonly TimeSpan DefaultPatience = TimeSpan.FromSeconds(30);

    // A reader that loads millions of templates must hold up neither a removal nor an opening for its whole time.
    private static readonly TimeSpan ScrubPatience = TimeSpan.FromSeconds(2);

    private const string EncounterColumns = """
        e.id AS Row, e.encounter_id AS EncounterId, s.subject_id AS SubjectId, e.image AS Image, lower(hex(e.image_sha256)) AS ImageSha256,
        e.face AS Face, e.faces_found AS FacesFound, e.box_x AS X, e.box_y AS Y, e.box_width AS Width, e.box_height AS Height,
        e.confidence AS Confidence, e.image_width AS ImageWidth, e.image_height AS ImageHeight, e.source_url AS SourceUrl,
        e.metadata AS Metadata, e.key_id AS MetadataKey, e.enrolled AS Enrolled, e.quality AS Quality,
        s.biographics AS Biographics, s.key_id AS BiographicsKey
        FROM encounter e JOIN subject s ON s.id = e.subject
        """;

    private readonly string _file;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _patience;
    private readonly DateTimeOffset _created;
    private readonly SealedValues _values;
    private readonly SqliteSession _reader;
    private readonly SqliteSession _feed;
    private readonly SqliteSession _writer;

    private SqliteGalleryStore(
        string name, string file, TimeProvider clock, TimeSpan patience, SqliteSession reader, GalleryRow row, DataKeys? keys)
    {
        _values = new SealedValues(keys, file);
        (Name, _file, _clock, _patience, _reader) = (name, file, clock, patience, reader);
        if (!ModelDigest.TryParse(row.ModelDigest, out var digest))
            throw SqliteFault.Damaged(file, $"'{row.ModelDigest}' is no model digest");
        Model = new GalleryModel(row.Model, digest, (int)row.Dimension);
        _created = StoredTime.Read(row.Created);
        Identity = row.Identity;
        _feed = new SqliteSession(file, patience);
        _writer = new SqliteSession(file, patience);
        // A process that removed somebody and died before the journal was cleaned left this to the next one.
        if (row.Unscrubbed)
            Scrub();
    }

    public string Identity { get; }

    public string Name { get; }

    public GalleryModel Model { get; }

    /// <summary>Makes the database, or what is missing of one whose making was interrupted; false when a finished one is there.</summary>
    public static bool Create(
        string file, GalleryModel model, TimeProvider clock, TimeSpan patience,
        GalleryProperties? properties = null, ChangeRecord? record = null)
    {
        using var session = new SqliteSession(file, patience, SqliteOpenMode.ReadWriteCreate);
        session.Use(connection =>
        {
            SqliteSchema.Migrate(connection, file, SqliteSchema.Migrations);
            return 0;
        });
        return session.Write((connection, transaction) =>
        {
            var created = connection.Execute(
                "INSERT INTO gallery (id, model, model_digest, dimension, created) VALUES (1, @Id, @digest, @Dimension, @created) "
                    + "ON CONFLICT DO NOTHING",
                new { model.Id, digest = model.Digest.ToString(), model.Dimension, created = StoredTime.Write(clock.GetUtcNow()) },
                transaction) == 1;
            if (created && properties is not null)
                PropertyTables.Write(properties, connection, transaction);
            if (created)
                ChangeMarks.Write(record, null, connection, transaction);
            return created;
        });
    }

    /// <summary>Opens a database; null when its making was interrupted or it is being deleted.</summary>
    public static SqliteGalleryStore? Open(string name, string file, TimeProvider clock, TimeSpan patience, DataKeys? keys = null)
    {
        var reader = new SqliteSession(file, patience);
        try
        {
            var row = reader.Use(connection =>
            {
                SqliteSchema.Migrate(connection, file, SqliteSchema.Migrations);
                return ReadGallery(connection);
            });
            if (row is { Deleting: false })
                return new SqliteGalleryStore(name, file, clock, patience, reader, row, keys);
            reader.Dispose();
            return null;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Copies the database as it stands at one moment into a new file: rows alone, nothing of what was removed.</summary>
    /// <returns>The key under which images and biographics are encrypted, or null.</returns>
    public string? CopyTo(string file)
    {
        // A connection of its own: the copy takes a while, and nobody is to wait for it.
        using var session = new SqliteSession(_file, _patience);
        return session.Use(connection =>
        {
            using (var transaction = connection.BeginTransaction(deferred: true))
                RequireAlive(connection, transaction);
            connection.Execute("VACUUM INTO @file", new { file });
            return ReadGallery(connection)?.KeyId;
        });
    }

    /// <summary>
    /// Makes a copy that came from elsewhere a gallery of its own: checks it, brings it to the schema of this version,
    /// and gives it an identity of its own.
    /// </summary>
    /// <exception cref="StoreException">It is damaged, of a newer schema, or no gallery.</exception>
    public static void Adopt(string file, TimeSpan patience)
    {
        using var session = new SqliteSession(file, patience);
        session.Use(connection =>
        {
            connection.Execute("PRAGMA trusted_schema = OFF");
            SqliteSchema.Migrate(connection, file, SqliteSchema.Migrations);
            // Whoever made the file could have put in triggers and views of his own.
            if (!SqliteSchema.IsOurs(connection))
                throw SqliteFault.Damaged(file, "its tables are not those of a gallery");
            if (connection.QueryFirst<string>("PRAGMA integrity_check") is var check && check != "ok")
                throw SqliteFault.Damaged(file, check);
            if (connection.Query("PRAGMA foreign_key_check").Any())
                throw SqliteFault.Damaged(file, "rows refer to rows that are not there");
            return 0;
        });
        session.Write((connection, transaction) =>
        {
            if (connection.Execute("UPDATE gallery SET deleting = 0, identity = lower(hex(randomblob(16)))", transaction: transaction) != 1)
                throw SqliteFault.Damaged(file, "it has no model");
            return connection.Execute("DELETE FROM change_made", transaction: transaction);
        });
    }

    /// <summary>Tells every process that has the gallery open that it is gone.</summary>
    public static void MarkDeleting(string file, TimeSpan patience)
    {
        using var session = new SqliteSession(file, patience);
        session.Write((connection, transaction) => connection.Execute("UPDATE gallery SET deleting = 1", transaction: transaction));
    }

    public GallerySummary Summarize()
    {
        // Every encounter has one template: they are added together and go together. Counting the templates themselves would read them.
        var (subjects, encounters) = _reader.Use(connection => connection.QuerySingle<(long, long)>(
            "SELECT (SELECT count(*) FROM subject), (SELECT count(*) FROM encounter)"));
        try
        {
            var bytes = new DirectoryInfo(Path.GetDirectoryName(_file)!).EnumerateFiles("*", SearchOption.AllDirectories).Sum(LengthOf);
            return new GallerySummary(Name, Model, _created, subjects, encounters, encounters, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteFault.Of(e, _file);
        }
    }

    public GalleryQuality SummarizeQuality() => _reader.Use(connection =>
    {
        var (assessed, lowest, mean) = connection.QuerySingle<(long, double?, double?)>(
            "SELECT count(quality), min(quality), avg(quality) FROM encounter");
        return new GalleryQuality(assessed, lowest, mean);
    });

    public IReadOnlyList<KnownFace> FindImage(byte[] sha256) => _reader.Use(connection => connection.Query<KnownFaceRow>(
            """
            SELECT s.subject_id AS SubjectId, e.face AS Number, e.faces_found AS FacesFound,
              EXISTS (SELECT 1 FROM face_crop c WHERE c.encounter = e.id) AS HasImages
            FROM encounter e JOIN subject s ON s.id = e.subject WHERE e.image_sha256 = @sha256 ORDER BY e.id
            """,
            new { sha256 })
        .Select(row => new KnownFace(row.SubjectId, (int)row.Number, (int)row.FacesFound, row.HasImages)).ToList());

    public IReadOnlyList<EnrolledImage> Add(IReadOnlyList<CapturedImage> images, ChangeRecord? record = null) =>
        WriteAlive((gallery, connection, transaction) =>
        {
            RequireKey(gallery, connection, transaction);
            var before = Touched();
            var change = gallery.Change + 1;
            var enrolled = StoredTime.Write(_clock.GetUtcNow());
            var results = new EnrolledImage[images.Count];
            for (var i = 0; i < images.Count; i++)
                results[i] = Add(images[i], change, enrolled, connection, transaction);
            if (results.Any(result => result.Added > 0))
                connection.Execute("UPDATE gallery SET change = @change", new { change }, transaction);
            // An image that is enrolled already may still add biographics or be kept from now on.
            if (Touched() > before)
                ChangeMarks.Write(record, new { encounters = results.SelectMany(result => result.Encounters) }, connection, transaction);
            return results;

            long Touched() => connection.ExecuteScalar<long>("SELECT total_changes()", transaction: transaction);
        });

    private EnrolledImage Add(CapturedImage image, long change, string enrolled, SqliteConnection connection, SqliteTransaction transaction)
    {
        var added = new List<string>();
        var others = new List<string>();
        var metadata = KeyValueJson.Write(image.Metadata);
        foreach (var face in image.Faces)
        {
            // Looked up first, for an INSERT that runs into a conflict uses up a row id all the same.
            var subject = FindSubjectRow(face.SubjectId, connection, transaction);
            if (subject is null && face.Template is not null)
            {
                connection.Execute("INSERT INTO subject (subject_id) VALUES (@SubjectId)", new { face.SubjectId }, transaction);
                var made = FindSubjectRow(face.SubjectId, connection, transaction)!;
                // In an encrypted gallery nobody shall see even who has no biographics, or put in some.
                if (_values.CurrentId is not null)
                    WriteBiographics(made.Row, face.SubjectId, "{}", connection, transaction);
                subject = FindSubjectRow(face.SubjectId, connection, transaction);
            }
            // Somebody removed the subject after this image was seen to be enrolled: as if the removal had come last.
            if (subject is null)
                continue;
            var place = SealedValues.BiographicsOf(face.SubjectId);
            if (image.DescribesSubject
                && KeyValueJson.Complete(_values.Open(subject.Biographics, subject.KeyId, place), image.Metadata) is { } biographics)
                WriteBiographics(subject.Row, face.SubjectId, biographics, connection, transaction);
            if (face.Template is null)
                continue;
            var id = EncounterId.Of(face.SubjectId, image.Sha256, face.Number);
            if (FindFaceRow(image.Sha256, face.Number, subject.Row, connection, transaction) is { } held)
            {
                KeepImages(held);
                continue;
            }

            var row = connection.ExecuteScalar<long>(
                """
                INSERT INTO encounter (encounter_id, subject, image, image_sha256, face, faces_found, box_x, box_y, box_width, box_height,
                                       confidence, image_width, image_height, source_url, metadata, key_id, enrolled, change, quality)
                VALUES (@id, @Row, @Image, @Sha256, @Number, @FacesFound, @X, @Y, @Width, @Height,
                        @Confidence, @imageWidth, @imageHeight, @SourceUrl, @metadata, @CurrentId, @enrolled, @change, @Quality)
                RETURNING id
                """,
                new
                {
                    id,
                    subject.Row,
                    image.Image,
                    image.Sha256,
                    face.Number,
                    image.FacesFound,
                    face.Box.X,
                    face.Box.Y,
                    face.Box.Width,
                    face.Box.Height,
                    face.Confidence,
                    imageWidth = image.Width,
                    imageHeight = image.Height,
                    image.SourceUrl,
                    metadata = _values.Seal(metadata, SealedValues.MetadataOf(id)),
                    _values.CurrentId,
                    enrolled,
                    change,
                    face.Quality,
                },
                transaction);
            connection.Execute("INSERT INTO template (encounter, body) VALUES (@row, @Template)", new { row, face.Template }, transaction);
            KeepImages(row);
            added.Add(id);
            others.AddRange(connection.Query<string>(
                "SELECT s.subject_id FROM encounter e JOIN subject s ON s.id = e.subject WHERE e.image_sha256 = @Sha256 "
                    + "AND e.face = @Number AND e.subject <> @Row ORDER BY e.id LIMIT 3",
                new { image.Sha256, face.Number, subject.Row },
                transaction));

            void KeepImages(long encounter)
            {
                if (image.Photo is not null && face.Crop is not null)
                    ImageTables.Write(encounter, id, image.Sha256, image.Photo, face.Crop, _values, connection, transaction);
            }
        }
        return new EnrolledImage(added, others);
    }

    private void WriteBiographics(
        long subject, string subjectId, string biographics, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.Execute(
        "UPDATE subject SET biographics = @text, key_id = @CurrentId WHERE id = @subject",
        new { text = _values.Seal(biographics, SealedValues.BiographicsOf(subjectId)), _values.CurrentId, subject },
        transaction);

    /// <summary>Refuses to write without the gallery's key, and notes the key under which this process writes.</summary>
    private void RequireKey(GalleryRow gallery, SqliteConnection connection, SqliteTransaction transaction)
    {
        _values.RequireKey(gallery.KeyId);
        if (_values.CurrentId != gallery.KeyId)
            connection.Execute("UPDATE gallery SET key_id = @CurrentId", new { _values.CurrentId }, transaction);
    }

    private static SubjectRow? FindSubjectRow(string subjectId, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.QuerySingleOrDefault<SubjectRow>(
            "SELECT id AS Row, biographics AS Biographics, key_id AS KeyId FROM subject WHERE subject_id = @subjectId",
            new { subjectId }, transaction);

    private static long? FindFaceRow(byte[] sha256, int number, long subject, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.ExecuteScalar<long?>(
            "SELECT id FROM encounter WHERE image_sha256 = @sha256 AND face = @number AND subject = @subject",
            new { sha256, number, subject }, transaction);

    public bool RemoveSubject(string subjectId, ChangeRecord? record = null) => Remove(
        "SELECT s.id AS Subject, e.id AS Encounter FROM subject s JOIN encounter e ON e.subject = s.id WHERE s.subject_id = @id",
        subjectId, record);

    public bool RemoveEncounter(string encounterId, ChangeRecord? record = null) =>
        Remove("SELECT e.subject AS Subject, e.id AS Encounter FROM encounter e WHERE e.encounter_id = @id", encounterId, record);

    private bool Remove(string which, string id, ChangeRecord? record)
    {
        var found = WriteAlive((gallery, connection, transaction) =>
        {
            var rows = connection.Query<RemovedRow>(which, new { id }, transaction).AsList();
            Remove(rows, gallery, connection, transaction);
            if (rows.Count > 0)
                ChangeMarks.Write(record, null, connection, transaction);
            return rows.Count > 0;
        });
        if (found)
            Scrub();
        return found;
    }

    /// <summary>Removes encounters with templates and images, and the subjects that lose their last one; how many subjects.</summary>
    private static int Remove(List<RemovedRow> rows, GalleryRow gallery, SqliteConnection connection, SqliteTransaction transaction)
    {
        if (rows.Count == 0)
            return 0;
        var change = gallery.Change + 1;
        connection.Execute(
            "INSERT INTO removal (encounter, change) VALUES (@Encounter, @change)",
            rows.Select(row => new { row.Encounter, change }), transaction);
        connection.Execute("DELETE FROM encounter WHERE id = @Encounter", rows, transaction);
        // A subject without encounters cannot be found by any search: keeping its biographics would serve nobody.
        var subjects = connection.Execute(
            "DELETE FROM subject WHERE id = @subject AND NOT EXISTS (SELECT 1 FROM encounter WHERE subject = @subject)",
            rows.Select(row => row.Subject).Distinct().Select(subject => new { subject }),
            transaction);
        connection.Execute("UPDATE gallery SET change = @change, unscrubbed = 1", new { change }, transaction);
        return subjects;
    }

    public (int Encounters, int Subjects, long? Next) PurgeSome(DateTimeOffset now, long after, ChangeRecord? record = null)
    {
        const int Batch = 2000;
        var result = WriteAlive((gallery, connection, transaction) =>
        {
            if (PropertyTables.Read(connection).Retention is not { } rule)
                return (0, 0, (long?)null);
            var rows = connection.Query<AgedRow>(
                $"""
                SELECT id AS Encounter, subject AS Subject, encounter_id AS EncounterId, enrolled AS Enrolled, metadata AS Metadata,
                  key_id AS MetadataKey
                FROM encounter WHERE id > @after ORDER BY id LIMIT {Batch}
                """,
                new { after },
                transaction).AsList();
            // What the rule does not look at need not be opened: encounters are purged by enrolment without their key.
            var expired = rows
                .Where(row => rule.HasExpired(
                    StoredTime.Read(row.Enrolled), rule.Basis == RetentionBasis.Captured ? row.ToMetadata(_values) : [], now))
                .Select(row => new RemovedRow { Encounter = row.Encounter, Subject = row.Subject }).ToList();
            var subjects = Remove(expired, gallery, connection, transaction);
            if (expired.Count > 0)
                ChangeMarks.Write(record, new { encounters = expired.Count, subjects }, connection, transaction);
            return (expired.Count, subjects, rows.Count == Batch ? rows[^1].Encounter : null);
        });
        // The last one cleans the journal after all of them.
        if (result.Item3 is null)
            Scrub();
        return result;
    }

    public bool CorrectSubject(string subjectId, IReadOnlyDictionary<string, string?> changes, ChangeRecord? record = null) =>
        Correct(record, (connection, transaction) =>
        {
            if (FindSubjectRow(subjectId, connection, transaction) is not { } subject)
                return false;
            var text = KeyValueJson.Correct(
                _values.Open(subject.Biographics, subject.KeyId, SealedValues.BiographicsOf(subjectId)), changes);
            WriteBiographics(subject.Row, subjectId, text, connection, transaction);
            return true;
        });

    public bool CorrectEncounter(string encounterId, IReadOnlyDictionary<string, string?> changes, ChangeRecord? record = null) =>
        Correct(record, (connection, transaction) =>
        {
            var row = connection.QuerySingleOrDefault<AgedRow>(
                "SELECT id AS Encounter, encounter_id AS EncounterId, metadata AS Metadata, key_id AS MetadataKey FROM encounter "
                    + "WHERE encounter_id = @encounterId", new { encounterId }, transaction);
            if (row is null)
                return false;
            var place = SealedValues.MetadataOf(encounterId);
            var text = KeyValueJson.Correct(_values.Open(row.Metadata, row.MetadataKey, place), changes);
            connection.Execute(
                "UPDATE encounter SET metadata = @text, key_id = @CurrentId WHERE id = @Encounter",
                new { text = _values.Seal(text, place), _values.CurrentId, row.Encounter }, transaction);
            return true;
        });

    private bool Correct(ChangeRecord? record, Func<SqliteConnection, SqliteTransaction, bool> work)
    {
        var corrected = WriteAlive((gallery, connection, transaction) =>
        {
            RequireKey(gallery, connection, transaction);
            if (!work(connection, transaction))
                return false;
            // What was wrong lies in the journal until it is scrubbed.
            connection.Execute("UPDATE gallery SET change = change + 1, unscrubbed = 1", transaction: transaction);
            ChangeMarks.Write(record, null, connection, transaction);
            return true;
        });
        if (corrected)
            Scrub();
        return corrected;
    }

    /// <summary>
    /// Copies the journal into the database and cuts it to nothing: older images of the pages from which rows were removed lie in it. While
    /// somebody is reading this cannot be done; then the mark stays, and the next removal or opening tries again.
    /// </summary>
    private void Scrub()
    {
        try
        {
            var (change, busy) = _writer.Use(connection =>
            {
                var seen = ReadGallery(connection)?.Change;
                connection.Execute($"PRAGMA busy_timeout = {(int)Math.Min(_patience.TotalMilliseconds, ScrubPatience.TotalMilliseconds)}");
                try
                {
                    return (seen, connection.QuerySingle<(long Busy, long Log, long Moved)>(
                        "PRAGMA wal_checkpoint(TRUNCATE)", commandTimeout: 1).Busy);
                }
                finally
                {
                    connection.Execute($"PRAGMA busy_timeout = {(int)_patience.TotalMilliseconds}");
                }
            });
            // Whoever removed something since has set the mark for pages that this checkpoint did not see.
            if (busy == 0)
                _writer.Write((connection, transaction) =>
                    connection.Execute("UPDATE gallery SET unscrubbed = 0 WHERE change = @change", new { change }, transaction));
        }
        catch (StoreException e) when (e.Fault is StoreFault.Locked)
        {
            // Another process is copying the journal just now. The rows are gone from the gallery; only the mark has to stay.
        }
    }

    public long Version() => _feed.Use(connection => connection.ExecuteScalar<long>("PRAGMA data_version"));

    public long ReadChanges(long after, Action<StoredTemplate> added, Action<long> removed, CancellationToken cancellationToken) =>
        _feed.Use(connection =>
        {
            using var transaction = connection.BeginTransaction(deferred: true);
            var change = RequireAlive(connection, transaction).Change;
            if (change == after)
                return change;
            // From the start, the rows are wanted in the order in which they lie; an index would only make the disk jump.
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = after == 0
                ? "SELECT e.id, e.subject, t.body FROM encounter e CROSS JOIN template t ON t.encounter = e.id ORDER BY e.id"
                : "SELECT e.id, e.subject, t.body FROM encounter e INDEXED BY encounter_by_change CROSS JOIN template t "
                    + "ON t.encounter = e.id WHERE e.change > @after ORDER BY e.id";
            command.Parameters.AddWithValue("@after", after);
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read())
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    added(new StoredTemplate(
                        reader.GetInt64(0), reader.GetInt64(1), ParseTemplate(reader.GetInt64(0), reader.GetFieldValue<byte[]>(2))));
                }
            }
            foreach (var row in connection.Query<long>(
                "SELECT encounter FROM removal WHERE change > @after", new { after }, transaction, buffered: false))
                removed(row);
            return change;
        });

    public IReadOnlyList<long> RemovedAfter(long change) => _reader.Use(connection => connection
        .Query<long>("SELECT encounter FROM removal WHERE change > @change", new { change }).AsList());

    public (long Change, long Templates) Extent() => _reader.Use(connection => connection.QuerySingle<(long, long)>(
        "SELECT (SELECT change FROM gallery), (SELECT count(*) FROM encounter)"));

    public string? SnapshotFile => Path.ChangeExtension(_file, ".index");

    private Template ParseTemplate(long row, byte[] body)
    {
        var template = Template.Parse(body);
        return template.Model == Model.Digest && template.Dimension == Model.Dimension
            ? template
            : throw SqliteFault.Damaged(_file, $"the template of row {row} is of another model");
    }

    public IReadOnlyDictionary<long, FoundEncounter> FindRows(IReadOnlyCollection<long> rows) => _reader.Use(connection => connection
        .Query<EncounterRow>($"SELECT {EncounterColumns} WHERE e.id IN @rows", new { rows })
        .ToDictionary(row => row.Row, row => new FoundEncounter(row.ToEncounter(_values), row.ToBiographics(_values))));

    public Subject? FindSubject(string subjectId) => _reader.Use(connection => ToSubjects(connection.Query<EncounterRow>(
        $"SELECT {EncounterColumns} WHERE s.subject_id = @subjectId ORDER BY e.id", new { subjectId })).SingleOrDefault());

    public Encounter? FindEncounter(string encounterId) => _reader.Use(connection => connection.QuerySingleOrDefault<EncounterRow>(
        $"SELECT {EncounterColumns} WHERE e.encounter_id = @encounterId", new { encounterId })?.ToEncounter(_values));

    public StoredTemplate? FindTemplate(string encounterId) => _reader.Use(connection =>
    {
        var row = connection.QuerySingleOrDefault<TemplateRow>(
            "SELECT e.id AS Encounter, e.subject AS Subject, t.body AS Body FROM encounter e JOIN template t ON t.encounter = e.id "
                + "WHERE e.encounter_id = @encounterId", new { encounterId });
        return row is null ? (StoredTemplate?)null : new StoredTemplate(row.Encounter, row.Subject, ParseTemplate(row.Encounter, row.Body));
    });

    public IReadOnlyList<Subject> Subjects(string? after, int count) => _reader.Use(connection => ToSubjects(connection.Query<EncounterRow>(
        $"""
        SELECT {EncounterColumns}
        WHERE s.id IN (SELECT id FROM subject WHERE subject_id > @after ORDER BY subject_id LIMIT @count)
        ORDER BY s.subject_id, e.id
        """,
        new { after = after ?? "", count })).ToList());

    public byte[]? ReadPhoto(string encounterId) => _reader.Use(connection => ImageTables.ReadPhoto(encounterId, _values, connection));

    public byte[]? ReadCrop(string encounterId) => _reader.Use(connection => ImageTables.ReadCrop(encounterId, _values, connection));

    public long Rekey(IProgress<long>? progress, CancellationToken cancellationToken)
    {
        if (_values.CurrentId is null)
            throw new InvalidOperationException("there is no key to encrypt with");
        long done = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var some = WriteAlive((gallery, connection, transaction) =>
            {
                RequireKey(gallery, connection, transaction);
                var count = Rekeying.Some(_values, connection, transaction);
                // What was in the clear lies in the journal until it is scrubbed.
                if (count > 0)
                    connection.Execute("UPDATE gallery SET change = change + 1, unscrubbed = 1", transaction: transaction);
                return count;
            });
            if (some == 0)
                break;
            done += some;
            progress?.Report(done);
        }
        if (done > 0)
            Scrub();
        return done;
    }

    public GalleryProperties ReadProperties() => _reader.Use(PropertyTables.Read);

    public void WriteProperties(GalleryProperties properties, ChangeRecord? record = null) => WriteAlive((_, connection, transaction) =>
    {
        PropertyTables.Write(properties, connection, transaction);
        ChangeMarks.Write(record, null, connection, transaction);
        return true;
    });

    public IReadOnlyList<GalleryPermission> ReadPermissions() => _reader.Use(PropertyTables.ReadPermissions);

    public void WritePermission(GalleryPermission permission, ChangeRecord? record = null) => WriteAlive((_, connection, transaction) =>
    {
        PropertyTables.Write(permission, connection, transaction);
        ChangeMarks.Write(record, null, connection, transaction);
        return true;
    });

    public bool RemovePermission(string organisation, ChangeRecord? record = null) => WriteAlive((_, connection, transaction) =>
    {
        var removed = PropertyTables.Remove(organisation, connection, transaction);
        if (removed)
            ChangeMarks.Write(record, null, connection, transaction);
        return removed;
    });

    public IReadOnlyList<SubjectLink> ReadLinks(string subjectId) =>
        _reader.Use(connection => LinkTable.Read(subjectId, _values, connection));

    public bool WriteLink(string subjectId, SubjectLink link, ChangeRecord? record = null) => Correct(
        record, (connection, transaction) => LinkTable.Write(subjectId, link, _values, connection, transaction));

    public bool RemoveLink(string subjectId, string otherId, ChangeRecord? record = null) => Correct(
        record, (connection, transaction) => LinkTable.Remove(subjectId, otherId, connection, transaction));

    public bool HasMade(AuditEvent written) => _reader.Use(connection => ChangeMarks.Has(written, connection));

    /// <summary>Runs work in a write transaction of a gallery that nobody is deleting.</summary>
    private T WriteAlive<T>(Func<GalleryRow, SqliteConnection, SqliteTransaction, T> work)
    {
        try
        {
            return _writer.Write((connection, transaction) => work(RequireAlive(connection, transaction), connection, transaction));
        }
        catch (StoreException e) when (e.Fault is StoreFault.Unreachable && !File.Exists(_file))
        {
            throw Deleted();
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _feed.Dispose();
        _reader.Dispose();
    }

    private IEnumerable<Subject> ToSubjects(IEnumerable<EncounterRow> rows) => rows
        .GroupBy(row => row.SubjectId, StringComparer.Ordinal)
        .Select(
            group => new Subject(group.Key, group.First().ToBiographics(_values), group.Select(row => row.ToEncounter(_values)).ToList()));

    private static GalleryRow? ReadGallery(SqliteConnection connection, SqliteTransaction? transaction = null) =>
        connection.QuerySingleOrDefault<GalleryRow>(
            "SELECT model AS Model, model_digest AS ModelDigest, dimension AS Dimension, created AS Created, change AS Change, deleting AS "
                + "Deleting, unscrubbed AS Unscrubbed, key_id AS KeyId, identity AS Identity FROM gallery",
            transaction: transaction);

    private GalleryRow RequireAlive(SqliteConnection connection, SqliteTransaction transaction) =>
        ReadGallery(connection, transaction) is { Deleting: false } row
            ? row
            : throw Deleted();

    // The temporary file of a snapshot that is being saved may be gone by now.
    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }

    private GalleryNotFoundException Deleted() => new(Name, $"gallery '{Name}' was deleted while it was open");

    // Dapper fills these by name; SQLite knows integers as long and reals as double.
    private sealed class GalleryRow
    {
        public string Model { get; init; } = "";
        public string ModelDigest { get; init; } = "";
        public long Dimension { get; init; }
        public string Created { get; init; } = "";
        public long Change { get; init; }
        public bool Deleting { get; init; }
        public bool Unscrubbed { get; init; }
        public string? KeyId { get; init; }
        public string Identity { get; init; } = "";
    }

    private sealed class SubjectRow
    {
        public long Row { get; init; }
        public string Biographics { get; init; } = "";
        public string? KeyId { get; init; }
    }

    private sealed class KnownFaceRow
    {
        public string SubjectId { get; init; } = "";
        public long Number { get; init; }
        public long FacesFound { get; init; }
        public bool HasImages { get; init; }
    }

    private sealed class RemovedRow
    {
        public long Subject { get; init; }
        public long Encounter { get; init; }
    }

    private sealed class AgedRow
    {
        public long Encounter { get; init; }
        public long Subject { get; init; }
        public string EncounterId { get; init; } = "";
        public string Enrolled { get; init; } = "";
        public string Metadata { get; init; } = "";
        public string? MetadataKey { get; init; }

        public OrderedDictionary<string, string> ToMetadata(SealedValues values) =>
            KeyValueJson.Read(values.Open(Metadata, MetadataKey, SealedValues.MetadataOf(EncounterId)));
    }

    private sealed class TemplateRow
    {
        public long Encounter { get; init; }
        public long Subject { get; init; }
        public byte[] Body { get; init; } = [];
    }

    private sealed class EncounterRow
    {
        public long Row { get; init; }
        public string EncounterId { get; init; } = "";
        public string SubjectId { get; init; } = "";
        public string Image { get; init; } = "";
        public string ImageSha256 { get; init; } = "";
        public long Face { get; init; }
        public long FacesFound { get; init; }
        public double X { get; init; }
        public double Y { get; init; }
        public double Width { get; init; }
        public double Height { get; init; }
        public double Confidence { get; init; }
        public long ImageWidth { get; init; }
        public long ImageHeight { get; init; }
        public string? SourceUrl { get; init; }
        public string Metadata { get; init; } = "";
        public string Enrolled { get; init; } = "";
        public string? MetadataKey { get; init; }
        public double? Quality { get; init; }
        public string Biographics { get; init; } = "";
        public string? BiographicsKey { get; init; }

        public OrderedDictionary<string, string> ToBiographics(SealedValues values) =>
            KeyValueJson.Read(values.Open(Biographics, BiographicsKey, SealedValues.BiographicsOf(SubjectId)));

        public Encounter ToEncounter(SealedValues values) => new(
            EncounterId,
            SubjectId,
            Image,
            ImageSha256,
            (int)Face,
            (int)FacesFound,
            new BoundingBox((float)X, (float)Y, (float)Width, (float)Height),
            (float)Confidence,
            (int)ImageWidth,
            (int)ImageHeight,
            SourceUrl,
            KeyValueJson.Read(values.Open(Metadata, MetadataKey, SealedValues.MetadataOf(EncounterId))),
            StoredTime.Read(Enrolled)) { Quality = Quality };
    }
}
