using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Galleries;

namespace MatchEngine.Service.Files;

/// <summary>
/// Some subjects as one ZIP file, in the clear: <c>subjects.jsonl</c>, a subject a line with all that is known of it; <c>subjects.csv</c>,
/// a photo a line, which is the metadata file that an import takes; and the photos as they were given, by numbers, for an id is no file's
/// name.
/// </summary>
internal static class SubjectsFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The file as an answer.</summary>
    public static IResult Answer(ExportedSubjects exported, string gallery) => new Streamed(
        $"{gallery}-subjects.zip", "application/zip", (output, cancellationToken) => Write(exported, output, cancellationToken));

    private static void Write(ExportedSubjects exported, Stream output, CancellationToken cancellationToken)
    {
        // Photos are compressed already.
        using var zip = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true);
        var names = WritePhotos(exported, zip, cancellationToken);
        using (var lines = zip.CreateEntry("subjects.jsonl").Open())
        {
            foreach (var subject in exported.Subjects)
            {
                JsonSerializer.Serialize(lines, Told(subject, names), Json);
                lines.WriteByte((byte)'\n');
            }
        }
        using var table = zip.CreateEntry("subjects.csv").Open();
        using var csv = new Spreadsheet(table);
        // Keys that the columns of an import are called by mean those.
        string[] keys =
        [
            .. exported.Subjects.SelectMany(subject => subject.Biographics.Keys).Distinct(StringComparer.Ordinal)
                .Where(key => key is not ("image" or "subject" or "source_url")),
        ];
        csv.Row(["image", "subject", "source_url", .. keys]);
        foreach (var subject in exported.Subjects)
        {
            foreach (var encounter in subject.Encounters.Where(encounter => names.ContainsKey(encounter.Id)))
                csv.Row([
                    names[encounter.Id], subject.Id, encounter.SourceUrl,
                    .. keys.Select(key => subject.Biographics.GetValueOrDefault(key))]);
        }
    }

    /// <summary>Writes each photo once, however many faces of it are enrolled; the names by encounter.</summary>
    private static Dictionary<string, string> WritePhotos(ExportedSubjects exported, ZipArchive zip, CancellationToken cancellationToken)
    {
        var (names, byContent) = (new Dictionary<string, string>(), new Dictionary<string, string>());
        foreach (var encounter in exported.Subjects.SelectMany(subject => subject.Encounters))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!byContent.TryGetValue(encounter.ImageSha256, out var name))
            {
                if (exported.Photo(encounter) is not { } photo)
                    continue;
                try
                {
                    name = byContent[encounter.ImageSha256] = $"photos/{byContent.Count + 1:D5}{Extension(photo)}";
                    using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                    entry.Write(photo);
                }
                finally
                {
                    CryptographicOperations.ZeroMemory(photo);
                }
            }
            names[encounter.Id] = name;
        }
        return names;
    }

    private static object Told(Subject subject, Dictionary<string, string> names) => new
    {
        subject.Id,
        subject.Biographics,
        Encounters = subject.Encounters.Select(encounter => new
        {
            encounter.Id,
            Photo = names.GetValueOrDefault(encounter.Id),
            encounter.Image,
            encounter.ImageSha256,
            encounter.Face,
            encounter.FacesFound,
            Box = new { encounter.Box.X, encounter.Box.Y, encounter.Box.Width, encounter.Box.Height },
            encounter.SourceUrl,
            encounter.Metadata,
            encounter.Enrolled,
            encounter.Quality,
        }),
        subject.Provider,
    };

    // By the signature: what a photo was called before says nothing.
    private static string Extension(ReadOnlySpan<byte> photo) => photo switch
    {
        [0xFF, 0xD8, ..] => ".jpg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => ".png",
        [(byte)'I', (byte)'I', 42, 0, ..] or [(byte)'M', (byte)'M', 0, 42, ..] => ".tif",
        [(byte)'B', (byte)'M', ..] => ".bmp",
        [(byte)'P', >= (byte)'2' and <= (byte)'6', ..] => ".ppm",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..] => ".webp",
        [0, 0, 0, _, (byte)'j', (byte)'P', ..] or [0xFF, 0x4F, 0xFF, 0x51, ..] => ".jp2",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'a', ..] => ".avif",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => ".heic",
        _ => ".img",
    };
}
