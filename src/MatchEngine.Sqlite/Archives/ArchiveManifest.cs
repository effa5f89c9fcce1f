using System.Text.Json;
using System.Text.Json.Serialization;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Sqlite.Archives;

/// <summary>What an archive of a gallery says of itself: its entry <c>manifest.json</c>, the last one.</summary>
/// <param name="Format">Always <see cref="TheFormat"/>.</param>
/// <param name="FormatVersion">The version of the archive's own layout.</param>
/// <param name="Gallery">The name the gallery had.</param>
/// <param name="Model">The id of the model card it is bound to.</param>
/// <param name="ModelDigest">SHA-256 of the model file.</param>
/// <param name="Schema">The version of the database's schema.</param>
/// <param name="Exported">When it was exported (UTC).</param>
/// <param name="Subjects">How many subjects it holds.</param>
/// <param name="Encounters">How many encounters.</param>
/// <param name="KeyId">The key under which images and biographics are encrypted; null: they are in the clear.</param>
/// <param name="Entries">Every other entry of the archive.</param>
internal sealed record ArchiveManifest(
    string Format,
    int FormatVersion,
    string Gallery,
    string Model,
    string ModelDigest,
    int Schema,
    DateTimeOffset Exported,
    long Subjects,
    long Encounters,
    string? KeyId,
    IReadOnlyList<ArchiveEntry> Entries)
{
    public const string EntryName = "manifest.json";
    public const string TheFormat = "matchengine-gallery";
    public const int CurrentVersion = 1;
    public const int MaxBytes = 1 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="ArchiveException">It is no manifest, or of a newer version.</exception>
    public static ArchiveManifest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            // The version first: a newer manifest may hold what this version cannot read.
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("format", out var format)
                || format.ValueKind != JsonValueKind.String || !format.ValueEquals(TheFormat)
                || !root.TryGetProperty("formatVersion", out var number) || !number.TryGetInt32(out var version))
                throw new ArchiveException(EntryName, "is no manifest of a gallery; give a file that 'gallery export' wrote");
            if (version > CurrentVersion)
                throw new ArchiveException(
                    EntryName,
                    $"was written by a newer version of MatchEngine (format {version}; this version reads up to {CurrentVersion}). "
                        + "Use that version or a newer one");
            return root.Deserialize<ArchiveManifest>(Json) ?? throw new JsonException("it is null");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ArchiveException(EntryName, $"is damaged ({e.Message}). Export the gallery again", e);
        }
    }
}

/// <summary>An entry of an archive.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its bytes, 64 lower-case hexadecimal digits.</param>
internal sealed record ArchiveEntry(string Name, long Bytes, string Sha256);
