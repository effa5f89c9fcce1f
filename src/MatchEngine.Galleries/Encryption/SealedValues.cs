using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Encryption;

/// <summary>
/// Values as the rows of a gallery hold them: sealed where the data folder has a key, else in the clear.
/// A value says by its key's id which it is. Each value is bound to its row (<see cref="BiographicsOf"/> and the like), so that none can be
/// moved to another one.
/// </summary>
/// <param name="keys">Seal and open; null writes in the clear and opens nothing else.</param>
/// <param name="place">Where the gallery is kept, for messages.</param>
public sealed class SealedValues(DataKeys? keys, string place)
{
    /// <summary>The id of the key that seals what is written now; null: it is written in the clear.</summary>
    public string? CurrentId => keys?.CurrentId;

    /// <summary>The row of a subject's biographics.</summary>
    public static string BiographicsOf(string subjectId) => $"biographics\n{subjectId}";

    /// <summary>The row of an encounter's metadata.</summary>
    public static string MetadataOf(string encounterId) => $"metadata\n{encounterId}";

    /// <summary>The row of a photo, by the SHA-256 of its bytes.</summary>
    public static string PhotoOf(byte[] sha256) => $"photo\n{Convert.ToHexStringLower(sha256)}";

    /// <summary>The row of the crop of an encounter's face.</summary>
    public static string CropOf(string encounterId) => $"crop\n{encounterId}";

    /// <summary>The row of a link, the same from either side.</summary>
    public static string LinkOf(string subjectId, string otherId) =>
        string.CompareOrdinal(subjectId, otherId) < 0 ? $"link\n{subjectId}\n{otherId}" : $"link\n{otherId}\n{subjectId}";

    /// <summary>
    /// Refuses to write to a gallery whose key is not here: what would be written could not be read together with the rest.
    /// </summary>
    /// <exception cref="StoreException">The key is not here (<see cref="StoreFault.WrongKey"/>).</exception>
    public void RequireKey(string? galleryKey)
    {
        if (galleryKey is not null && keys?.Contains(galleryKey) != true)
            throw WrongKey(galleryKey);
    }

    /// <summary>A value as its row is to hold it.</summary>
    public byte[] Seal(byte[] plain, string row) => keys?.Seal(plain, row) ?? plain;

    /// <summary>A value in the clear.</summary>
    /// <exception cref="StoreException">Its key is not here, or it was changed.</exception>
    public byte[] Open(byte[] value, string? keyId, string row)
    {
        if (keyId is null)
            return value;
        if (keys?.Contains(keyId) != true)
            throw WrongKey(keyId);
        try
        {
            return keys.Open(keyId, value, row);
        }
        catch (CryptographicException e)
        {
            throw Damaged(row, "was changed", e);
        }
    }

    /// <summary>Keys and values as the text of a column.</summary>
    public string Seal(string json, string row) =>
        keys is null ? json : $"{{\"sealed\":\"{Convert.ToBase64String(keys.Seal(Encoding.UTF8.GetBytes(json), row))}\"}}";

    /// <summary>The text that <see cref="Seal(string, string)"/> was given.</summary>
    /// <exception cref="StoreException">Its key is not here, or it was changed.</exception>
    /// <exception cref="JsonException">The text is none of ours.</exception>
    public string Open(string text, string? keyId, string row)
    {
        if (keyId is null)
            return text;
        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("sealed", out var value)
            || value.ValueKind != JsonValueKind.String || !value.TryGetBytesFromBase64(out var bytes))
            throw Damaged(row, "is none");
        return Encoding.UTF8.GetString(Open(bytes, keyId, row));
    }

    /// <summary>
    /// The same where the key may be missing: null for a value that is sealed, by its form, with a key that is not here.
    /// </summary>
    /// <exception cref="StoreException">It was changed, or is not of the form of a sealed value.</exception>
    /// <exception cref="JsonException">The text is none of ours.</exception>
    public string? TryOpen(string text, string? keyId, string row)
    {
        if (keyId is null || keys?.Contains(keyId) == true)
            return Open(text, keyId, row);
        RequireKeyId(keyId, row);
        using var document = JsonDocument.Parse(text);
        if (document.RootElement is not { ValueKind: JsonValueKind.Object } root || root.EnumerateObject().Count() != 1
            || !root.TryGetProperty("sealed", out var value) || value.ValueKind != JsonValueKind.String
            || !value.TryGetBytesFromBase64(out var bytes) || bytes.Length < DataKeys.LeastSealed)
            throw Damaged(row, "is none");
        return null;
    }

    /// <summary>The same of bytes.</summary>
    /// <exception cref="StoreException">It was changed, or is not of the form of a sealed value.</exception>
    public byte[]? TryOpen(byte[] value, string? keyId, string row)
    {
        if (keyId is null || keys?.Contains(keyId) == true)
            return Open(value, keyId, row);
        RequireKeyId(keyId, row);
        return value.Length >= DataKeys.LeastSealed ? null : throw Damaged(row, "is none");
    }

    private void RequireKeyId(string keyId, string row)
    {
        if (!DataKeys.IsId(keyId))
            throw Damaged(row, "is sealed with a key that no key can be");
    }

    private StoreException Damaged(string row, string what, Exception? cause = null) => new(
        StoreFault.Damaged,
        place,
        $"{place}: the sealed value of '{row.Replace('\n', ' ')}' {what}. Restore the gallery from a backup, or delete it and enrol again",
        cause);

    private StoreException WrongKey(string keyId) => new(
        StoreFault.WrongKey,
        place,
        keys is null
            ? $"{place}: images and biographics are encrypted with key {keyId}, and no key is "
                + $"given: name its file in {DataKeys.FileVariable}"
            : $"{place}: images and biographics are encrypted with key {keyId}; given {(keys.Ids.Count == 1 ? "is" : "are")} "
                + $"{string.Join(", ", keys.Ids)}. Add the right one to the keys ({DataKeys.FileVariable})");
}
