using System.Globalization;
using Dapper;
using MatchEngine.Faces;
using MatchEngine.Vectors;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Galleries;

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
        e.metadata AS Metadata, e.enrolled AS Enrolled, e.quality AS Quality, s.biographics AS Biographics
        FROM encounter e JOIN subject s ON s.id = e.subject
        """;

    private readonly string _file;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _patience;
    private readonly DateTimeOffset _created;
    private readonly SqliteSession _reader;
    private readonly SqliteSession _feed;
    private readonly SqliteSession _writer;

    private SqliteGalleryStore(string name, string file, TimeProvider clock, TimeSpan patience, SqliteSession reader, GalleryRow row)
    {
        (Name, _file, _clock, _patience, _reader) = (name, file, clock, patience, reader);
        if (!ModelDigest.TryParse(row.ModelDigest, out var digest))
            throw SqliteFault.Damaged(file, $"'{row.ModelDigest}' is no model digest");
        Model = new GalleryModel(row.Model, digest, (int)row.Dimension);
        _created = ParseTime(row.Created);
        _feed = new SqliteSession(file, patience);
        _writer = new SqliteSession(file, patience);
        // A process that removed somebody and died before the journal was cleaned left this to the next one.
        if (row.Unscrubbed)
            Scrub();
    }

    public string Name { get; }

    public GalleryModel Model { get; }

    /// <summary>Makes the database, or what is missing of one whose making was interrupted; false when a finished one is there.</summary>
    public static bool Create(string file, GalleryModel model, TimeProvider clock, TimeSpan patience)
    {
        using var session = new SqliteSession(file, patience, SqliteOpenMode.ReadWriteCreate);
        session.Use(connection =>
        {
            SqliteSchema.Migrate(connection, file, SqliteSchema.Migrations);
            return 0;
        });
        return session.Write((connection, transaction) => connection.Execute(
            "INSERT INTO gallery (id, model, model_digest, dimension, created) VALUES (1, @Id, @digest, @Dimension, @created) ON CONFLICT DO NOTHING",
            new { model.Id, digest = model.Digest.ToString(), model.Dimension, created = FormatTime(clock.GetUtcNow()) },
            transaction)) == 1;
    }

    /// <summary>Opens a database; null when its making was interrupted or it is being deleted.</summary>
    public static SqliteGalleryStore? Open(string name, string file, TimeProvider clock, TimeSpan patience)
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
                return new SqliteGalleryStore(name, file, clock, patience, reader, row);
            reader.Dispose();
            return null;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
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
        var (assessed, lowest, mean) = connection.QuerySingle<(long, double?, double?)>("SELECT count(quality), min(quality), avg(quality) FROM encounter");
        return new GalleryQuality(assessed, lowest, mean);
    });

    public IReadOnlyList<KnownFace> FindImage(byte[] sha256) => _reader.Use(connection => connection.Query<KnownFaceRow>(
            "SELECT s.subject_id AS SubjectId, e.face AS Number, e.faces_found AS FacesFound FROM encounter e JOIN subject s ON s.id = e.subject WHERE e.image_sha256 = @sha256 ORDER BY e.id",
            new { sha256 })
        .Select(row => new KnownFace(row.SubjectId, (int)row.Number, (int)row.FacesFound)).ToList());

    public IReadOnlyList<EnrolledImage> Add(IReadOnlyList<CapturedImage> images) => _writer.Write((connection, transaction) =>
    {
        var change = RequireAlive(connection, transaction).Change + 1;
        var enrolled = FormatTime(_clock.GetUtcNow());
        var results = new EnrolledImage[images.Count];
        for (var i = 0; i < images.Count; i++)
            results[i] = Add(images[i], change, enrolled, connection, transaction);
        if (results.Any(result => result.Added > 0))
            connection.Execute("UPDATE gallery SET change = @change", new { change }, transaction);
        return results;
    });

    private static EnrolledImage Add(CapturedImage image, long change, string enrolled, SqliteConnection connection, SqliteTransaction transaction)
    {
        var added = 0;
        var others = new List<string>();
        var metadata = KeyValueJson.Write(image.Metadata);
        foreach (var face in image.Faces)
        {
            // Looked up first, for an INSERT that runs into a conflict uses up a row id all the same.
            var subject = FindSubjectRow(face.SubjectId, connection, transaction);
            if (subject is null && face.Template is not null)
            {
                connection.Execute("INSERT INTO subject (subject_id) VALUES (@SubjectId)", new { face.SubjectId }, transaction);
                subject = FindSubjectRow(face.SubjectId, connection, transaction);
            }
            // Somebody removed the subject after this image was seen to be enrolled: as if the removal had come last.
            if (subject is null)
                continue;
            if (image.DescribesSubject && KeyValueJson.Complete(subject.Biographics, image.Metadata) is { } biographics)
                connection.Execute("UPDATE subject SET biographics = @biographics WHERE id = @Row", new { biographics, subject.Row }, transaction);
            if (face.Template is null || HoldsFace(image.Sha256, face.Number, subject.Row, connection, transaction))
                continue;

            var row = connection.ExecuteScalar<long>(
                """
                INSERT INTO encounter (encounter_id, subject, image, image_sha256, face, faces_found, box_x, box_y, box_width, box_height,
                                       confidence, image_width, image_height, source_url, metadata, enrolled, change, quality)
                VALUES (@id, @Row, @Image, @Sha256, @Number, @FacesFound, @X, @Y, @Width, @Height, @Confidence, @imageWidth, @imageHeight, @SourceUrl, @metadata, @enrolled, @change, @Quality)
                RETURNING id
                """,
                new
                {
                    id = EncounterId.Of(face.SubjectId, image.Sha256, face.Number),
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
                    metadata,
                    enrolled,
                    change,
                    face.Quality,
                },
                transaction);
            connection.Execute("INSERT INTO template (encounter, body) VALUES (@row, @Template)", new { row, face.Template }, transaction);
            added++;
            others.AddRange(connection.Query<string>(
                "SELECT s.subject_id FROM encounter e JOIN subject s ON s.id = e.subject WHERE e.image_sha256 = @Sha256 AND e.face = @Number AND e.subject <> @Row ORDER BY e.id LIMIT 3",
                new { image.Sha256, face.Number, subject.Row },
                transaction));
        }
        return new EnrolledImage(added, others);
    }

    private static SubjectRow? FindSubjectRow(string subjectId, SqliteConnection connection, SqliteTransaction transaction) => connection.QuerySingleOrDefault<SubjectRow>(
        "SELECT id AS Row, biographics AS Biographics FROM subject WHERE subject_id = @subjectId", new { subjectId }, transaction);

    private static bool HoldsFace(byte[] sha256, int number, long subject, SqliteConnection connection, SqliteTransaction transaction) => connection.ExecuteScalar<bool>(
        "SELECT EXISTS (SELECT 1 FROM encounter WHERE image_sha256 = @sha256 AND face = @number AND subject = @subject)", new { sha256, number, subject }, transaction);

    public bool RemoveSubject(string subjectId) => Remove(
        "SELECT s.id AS Subject, e.id AS Encounter FROM subject s JOIN encounter e ON e.subject = s.id WHERE s.subject_id = @id", subjectId, wholeSubject: true);

    public bool RemoveEncounter(string encounterId) => Remove(
        "SELECT e.subject AS Subject, e.id AS Encounter FROM encounter e WHERE e.encounter_id = @id", encounterId, wholeSubject: false);

    private bool Remove(string which, string id, bool wholeSubject)
    {
        var found = _writer.Write((connection, transaction) =>
        {
            var change = RequireAlive(connection, transaction).Change + 1;
            var rows = connection.Query<RemovedRow>(which, new { id }, transaction).AsList();
            if (rows.Count == 0)
                return false;
            connection.Execute("INSERT INTO removal (encounter, change) VALUES (@Encounter, @change)", rows.Select(row => new { row.Encounter, change }), transaction);
            if (!wholeSubject)
                connection.Execute("DELETE FROM encounter WHERE id = @Encounter", rows, transaction);
            // A subject without encounters cannot be found by any search: keeping its biographics would serve nobody.
            connection.Execute(
                wholeSubject ? "DELETE FROM subject WHERE id = @Subject" : "DELETE FROM subject WHERE id = @Subject AND NOT EXISTS (SELECT 1 FROM encounter WHERE subject = @Subject)",
                new { rows[0].Subject },
                transaction);
            connection.Execute("UPDATE gallery SET change = @change, unscrubbed = 1", new { change }, transaction);
            return true;
        });
        if (found)
            Scrub();
        return found;
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
                    return (seen, connection.QuerySingle<(long Busy, long Log, long Moved)>("PRAGMA wal_checkpoint(TRUNCATE)", commandTimeout: 1).Busy);
                }
                finally
                {
                    connection.Execute($"PRAGMA busy_timeout = {(int)_patience.TotalMilliseconds}");
                }
            });
            // Whoever removed something since has set the mark for pages that this checkpoint did not see.
            if (busy == 0)
                _writer.Write((connection, transaction) => connection.Execute("UPDATE gallery SET unscrubbed = 0 WHERE change = @change", new { change }, transaction));
        }
        catch (StoreException e) when (e.Fault is StoreFault.Locked)
        {
            // Another process is copying the journal just now. The rows are gone from the gallery; only the mark has to stay.
        }
    }

    public long Version() => _feed.Use(connection => connection.ExecuteScalar<long>("PRAGMA data_version"));

    public long ReadChanges(long after, Action<StoredTemplate> added, Action<long> removed, CancellationToken cancellationToken) => _feed.Use(connection =>
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
            : "SELECT e.id, e.subject, t.body FROM encounter e INDEXED BY encounter_by_change CROSS JOIN template t ON t.encounter = e.id WHERE e.change > @after ORDER BY e.id";
        command.Parameters.AddWithValue("@after", after);
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var template = Template.Parse(reader.GetFieldValue<byte[]>(2));
                if (template.Model != Model.Digest || template.Dimension != Model.Dimension)
                    throw SqliteFault.Damaged(_file, $"the template of row {reader.GetInt64(0)} is of another model");
                added(new StoredTemplate(reader.GetInt64(0), reader.GetInt64(1), template));
            }
        }
        foreach (var row in connection.Query<long>("SELECT encounter FROM removal WHERE change > @after", new { after }, transaction, buffered: false))
            removed(row);
        return change;
    });

    public IReadOnlyList<long> RemovedAfter(long change) => _reader.Use(connection => connection
        .Query<long>("SELECT encounter FROM removal WHERE change > @change", new { change }).AsList());

    public (long Change, long Templates) Extent() => _reader.Use(connection => connection.QuerySingle<(long, long)>(
        "SELECT (SELECT change FROM gallery), (SELECT count(*) FROM encounter)"));

    public string? SnapshotFile => Path.ChangeExtension(_file, ".index");

    public IReadOnlyDictionary<long, FoundEncounter> FindRows(IReadOnlyCollection<long> rows) => _reader.Use(connection => connection
        .Query<EncounterRow>($"SELECT {EncounterColumns} WHERE e.id IN @rows", new { rows })
        .ToDictionary(row => row.Row, row => new FoundEncounter(row.ToEncounter(), KeyValueJson.Read(row.Biographics))));

    public Subject? FindSubject(string subjectId) => _reader.Use(connection => ToSubjects(connection.Query<EncounterRow>(
        $"SELECT {EncounterColumns} WHERE s.subject_id = @subjectId ORDER BY e.id", new { subjectId })).SingleOrDefault());

    public Encounter? FindEncounter(string encounterId) => _reader.Use(connection => connection.QuerySingleOrDefault<EncounterRow>(
        $"SELECT {EncounterColumns} WHERE e.encounter_id = @encounterId", new { encounterId })?.ToEncounter());

    public IReadOnlyList<Subject> Subjects(string? after, int count) => _reader.Use(connection => ToSubjects(connection.Query<EncounterRow>(
        $"""
        SELECT {EncounterColumns}
        WHERE s.id IN (SELECT id FROM subject WHERE subject_id > @after ORDER BY subject_id LIMIT @count)
        ORDER BY s.subject_id, e.id
        """,
        new { after = after ?? "", count })).ToList());

    public void Dispose()
    {
        _writer.Dispose();
        _feed.Dispose();
        _reader.Dispose();
    }

    private static IEnumerable<Subject> ToSubjects(IEnumerable<EncounterRow> rows) => rows
        .GroupBy(row => row.SubjectId, StringComparer.Ordinal)
        .Select(group => new Subject(group.Key, KeyValueJson.Read(group.First().Biographics), group.Select(row => row.ToEncounter()).ToList()));

    private static GalleryRow? ReadGallery(SqliteConnection connection, SqliteTransaction? transaction = null) => connection.QuerySingleOrDefault<GalleryRow>(
        "SELECT model AS Model, model_digest AS ModelDigest, dimension AS Dimension, created AS Created, change AS Change, deleting AS Deleting, unscrubbed AS Unscrubbed FROM gallery",
        transaction: transaction);

    private GalleryRow RequireAlive(SqliteConnection connection, SqliteTransaction transaction) => ReadGallery(connection, transaction) is { Deleting: false } row
        ? row
        : throw new GalleryNotFoundException(Name, $"gallery '{Name}' was deleted while it was open");

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

    private static string FormatTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset ParseTime(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

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
    }

    private sealed class SubjectRow
    {
        public long Row { get; init; }
        public string Biographics { get; init; } = "";
    }

    private sealed class KnownFaceRow
    {
        public string SubjectId { get; init; } = "";
        public long Number { get; init; }
        public long FacesFound { get; init; }
    }

    private sealed class RemovedRow
    {
        public long Subject { get; init; }
        public long Encounter { get; init; }
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
        public double? Quality { get; init; }
        public string Biographics { get; init; } = "";

        public Encounter ToEncounter() => new(
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
            KeyValueJson.Read(Metadata),
            ParseTime(Enrolled)) { Quality = Quality };
    }
}
