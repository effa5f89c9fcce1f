using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Stores;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>Enrolment: images with their faces into a gallery's tables.</summary>
internal sealed class SqliteEnrolmentStore(GalleryDatabase database) : IEnrolmentStore
{
    private readonly SealedValues _values = database.Values;

    public IReadOnlyList<KnownFace> FindImage(byte[] sha256) => database.Read(connection => connection.Query<KnownFaceRow>(
            """
            SELECT s.subject_id AS SubjectId, e.face AS Number, e.faces_found AS FacesFound,
              EXISTS (SELECT 1 FROM face_crop c WHERE c.encounter = e.id) AS HasImages
            FROM encounter e JOIN subject s ON s.id = e.subject WHERE e.image_sha256 = @sha256 ORDER BY e.id
            """,
            new { sha256 })
        .Select(row => new KnownFace(row.SubjectId, (int)row.Number, (int)row.FacesFound, row.HasImages)).ToList());

    public IReadOnlyList<EnrolledImage> Add(IReadOnlyList<CapturedImage> images, ChangeRecord record) =>
        database.Write((gallery, connection, transaction) =>
        {
            database.RequireKey(gallery, connection, transaction);
            var change = gallery.Change + 1;
            var enrolled = StoredTime.Write(database.Clock.GetUtcNow());
            var results = new EnrolledImage[images.Count];
            var touched = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
            var before = Touched();
            for (var i = 0; i < images.Count; i++)
            {
                results[i] = Add(images[i], change, enrolled, connection, transaction);
                // An image that is enrolled already may still add biographics or be kept from now on.
                if (Touched() is var now && now == before)
                    continue;
                before = now;
                foreach (var face in images[i].Faces)
                    touched[face.SubjectId] = true;
            }
            if (results.Any(result => result.Added > 0))
                connection.Execute("UPDATE gallery SET change = @change", new { change }, transaction);
            if (touched.Count > 0)
                ChangeMarks.Write(
                    record, new { encounters = results.SelectMany(result => result.Encounters), subjects = touched.Keys }, connection,
                    transaction);
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
            var subject = SubjectRow.Find(face.SubjectId, connection, transaction);
            if (subject is not null && subject.Provider != image.Provider)
                return new EnrolledImage([], []) { HasOtherProvider = true };
            if (subject is null && face.Template is not null)
            {
                connection.Execute("INSERT INTO subject (subject_id, provider) VALUES (@SubjectId, @Provider)",
                    new { face.SubjectId, image.Provider }, transaction);
                var made = SubjectRow.Find(face.SubjectId, connection, transaction)!;
                // In an encrypted gallery nobody shall see even who has no biographics, or put in some.
                if (_values.CurrentId is not null)
                    SubjectRow.Write(made.Row, face.SubjectId, "{}", _values, connection, transaction);
                subject = SubjectRow.Find(face.SubjectId, connection, transaction);
            }
            if (image.IsMaster && subject is not null && HasOther(subject.Row))
                return new EnrolledImage([], []) { HasOtherMaster = true };
            // Somebody removed the subject after this image was seen to be enrolled: as if the removal had come last.
            if (subject is null)
                continue;
            if (image.DescribesSubject && KeyValueJson.Complete(subject.Open(face.SubjectId, _values), image.Metadata) is { } biographics)
                SubjectRow.Write(subject.Row, face.SubjectId, biographics, _values, connection, transaction);
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
                    + "AND e.face = @Number AND e.subject <> @Row AND s.provider IS @Provider ORDER BY e.id LIMIT 3",
                // Whom others hold here is for them to tell.
                new { image.Sha256, face.Number, subject.Row, image.Provider },
                transaction));

            void KeepImages(long encounter)
            {
                if (image.Photo is not null && face.Crop is not null)
                    ImageTables.Write(encounter, id, image.Sha256, image.Photo, face.Crop, _values, connection, transaction);
            }
        }
        return new EnrolledImage(added, others);

        bool HasOther(long row) => connection.ExecuteScalar<bool>(
            "SELECT EXISTS (SELECT 1 FROM encounter WHERE subject = @row AND image_sha256 <> @Sha256)",
            new { row, image.Sha256 }, transaction);
    }

    private static long? FindFaceRow(byte[] sha256, int number, long subject, SqliteConnection connection, SqliteTransaction transaction) =>
        connection.ExecuteScalar<long?>(
            "SELECT id FROM encounter WHERE image_sha256 = @sha256 AND face = @number AND subject = @subject",
            new { sha256, number, subject }, transaction);

    private sealed class KnownFaceRow
    {
        public string SubjectId { get; init; } = "";
        public long Number { get; init; }
        public long FacesFound { get; init; }
        public bool HasImages { get; init; }
    }
}
