using System.Text.Json;
using System.Text.Json.Serialization;
using MatchEngine.Galleries.Errors;
using MatchEngine.Sqlite.Archives;

namespace MatchEngine.Sqlite.Backups;

/// <summary>What a backup says of itself: its entry <c>manifest.json</c>, the last one.</summary>
/// <param name="Format">Always <see cref="TheFormat"/>.</param>
/// <param name="FormatVersion">The version of the archive's own layout.</param>
/// <param name="Moment">When the folder was as it is in the backup (UTC).</param>
/// <param name="KeyIds">The keys under which galleries keep images and biographics.</param>
/// <param name="LeftOut">What lay in the folder and is not in the backup.</param>
/// <param name="Unread">The galleries whose databases could not be read.</param>
/// <param name="Entries">Every other entry of the archive.</param>
internal sealed record BackupManifest(
    string Format,
    int FormatVersion,
    DateTimeOffset Moment,
    IReadOnlyList<string> KeyIds,
    IReadOnlyList<string> LeftOut,
    IReadOnlyList<string> Unread,
    IReadOnlyList<ArchiveEntry> Entries)
{
    public const string EntryName = "manifest.json";
    public const string TheFormat = "matchengine-backup";
    public const int CurrentVersion = 1;

    /// <summary>Room for fifty thousand galleries.</summary>
    public const int MaxBytes = 16 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="ArchiveException">It is no manifest, or of a newer version.</exception>
    public static BackupManifest Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            // The version first: a newer manifest may hold what this version cannot read.
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format)
                || format.ValueKind != JsonValueKind.String || !format.ValueEquals(TheFormat)
                || !root.TryGetProperty("formatVersion", out var number) || !number.TryGetInt32(out var version))
                throw new ArchiveException(EntryName, "is no manifest of a backup; give a file that 'matchengine backup' wrote");
            if (version > CurrentVersion)
                throw new ArchiveException(
                    EntryName,
                    $"was written by a newer version of MatchEngine (format {version}; this version reads up to {CurrentVersion}). "
                        + "Use that version or a newer one");
            return root.Deserialize<BackupManifest>(Json) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ArchiveException(EntryName, $"is damaged ({e.Message}). Take another backup", e);
        }
    }
}
