using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Galleries.Encryption;

/// <summary>
/// Values as the rows of a gallery hold them: sealed where the data folder has a key, else in the clear.
/// A value says by its key's id which it is.
/// </summary>
internal sealed class SealedValues(DataKeys? keys, string file)
{
    /// <summary>The id of the key that seals what is written now; null: it is written in the clear.</summary>
    public string? CurrentId => keys?.CurrentId;

    public static string BiographicsOf(string subjectId) => $"biographics\n{subjectId}";

    public static string MetadataOf(string encounterId) => $"metadata\n{encounterId}";

    public static string PhotoOf(byte[] sha256) => $"photo\n{Convert.ToHexStringLower(sha256)}";

    public static string CropOf(string encounterId) => $"crop\n{encounterId}";

    public static string LinkOf(string subjectId, string otherId) =>
        string.CompareOrdinal(subjectId, otherId) < 0 ? $"link\n{subjectId}\n{otherId}" : $"link\n{otherId}\n{subjectId}";

    /// <summary>
    /// Refuses to write to a gallery whose key is not here: what would be written could not be read together with the rest.
    /// </summary>
    public void RequireKey(string? galleryKey)
    {
        if (galleryKey is not null && keys?.Contains(galleryKey) != true)
            throw WrongKey(galleryKey);
    }

    public byte[] Seal(byte[] plain, string row) => keys?.Seal(plain, row) ?? plain;

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
            throw SqliteFault.Damaged(file, $"the sealed value of '{row.Replace('\n', ' ')}' was changed", e);
        }
    }

    /// <summary>Keys and values as the text of a column.</summary>
    public string Seal(string json, string row) =>
        keys is null ? json : $"{{\"sealed\":\"{Convert.ToBase64String(keys.Seal(Encoding.UTF8.GetBytes(json), row))}\"}}";

    /// <summary>The text that <see cref="Seal(string, string)"/> was given.</summary>
    public string Open(string text, string? keyId, string row)
    {
        if (keyId is null)
            return text;
        using var document = JsonDocument.Parse(text);
        if (!document.RootElement.TryGetProperty("sealed", out var value) || !value.TryGetBytesFromBase64(out var bytes))
            throw SqliteFault.Damaged(file, $"the sealed value of '{row.Replace('\n', ' ')}' is none");
        return Encoding.UTF8.GetString(Open(bytes, keyId, row));
    }

    private StoreException WrongKey(string keyId) => new(
        StoreFault.WrongKey,
        file,
        keys is null
            ? $"{file}: images and biographics are encrypted with key {keyId}, and no key is "
                + $"given: name its file in {DataKeys.FileVariable}"
            : $"{file}: images and biographics are encrypted with key {keyId}; given {(keys.Ids.Count == 1 ? "is" : "are")} "
                + $"{string.Join(", ", keys.Ids)}. Add the right one to the keys ({DataKeys.FileVariable})");
}
