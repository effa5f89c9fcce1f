using System.Security.Cryptography;

namespace MatchEngine.Faces.Models;

/// <summary>
/// Brings the bytes of a model: the file's digest is checked against its card at every load, and a prepared form (see
/// <see cref="ModelPreparation"/>) is kept in a cache folder, if there is one that can be written to.
/// </summary>
/// <remarks>
/// A cached file is <c>prepared/&lt;digest&gt;-v&lt;preparation version&gt;.onnx</c>: the SHA-256 of what follows (32 bytes), then the
/// model. It is written under a temporary name and renamed, so a second process sees all of it or nothing;
/// one whose digest does not fit is made anew.
/// </remarks>
public sealed class ModelStore
{
    private readonly string? _cacheFolder;

    /// <summary>Makes a store.</summary>
    /// <param name="cacheFolder">Where prepared models are kept; null keeps them nowhere. It is created when it is needed.</param>
    public ModelStore(string? cacheFolder = null) => _cacheFolder = cacheFolder;

    /// <summary>The model as it came from its makers.</summary>
    /// <exception cref="ModelException">The file is missing, unreadable, or not the one that the card describes.</exception>
    public static byte[] ReadOriginal(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(card.Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"model file {card.Path} of card '{card.Id}' cannot be read: {error.Message}", error);
        }
        var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (digest != card.Sha256)
            throw new ModelException(
                $"model file {card.Path} is not the one that card '{card.Id}' describes: its SHA-256 is {digest}, expected {card.Sha256}. "
                    + "Restore the file, or write a card of its own for it");
        return bytes;
    }

    /// <summary>The model as it is run: prepared if its card says so.</summary>
    /// <exception cref="ModelException">As <see cref="ReadOriginal"/>, or the file is no ONNX model.</exception>
    public byte[] Read(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        // The original's digest is checked even when a prepared form lies in the cache: a swapped file must not go unnoticed.
        var original = ReadOriginal(card);
        if (!card.Prepare)
            return original;
        var cached = _cacheFolder is null
            ? null
            : Path.Combine(_cacheFolder, "prepared", $"{card.Sha256}-v{ModelPreparation.Version}.onnx");
        if (cached is not null && TryReadCached(cached) is { } known)
            return known;
        byte[] prepared;
        try
        {
            prepared = ModelPreparation.Prepare(original);
        }
        catch (InvalidDataException error)
        {
            throw new ModelException($"model file {card.Path} cannot be prepared: {error.Message}", error);
        }
        if (cached is not null)
            TryWriteCached(cached, prepared);
        return prepared;
    }

    private static byte[]? TryReadCached(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return bytes.Length > SHA256.HashSizeInBytes
                && SHA256.HashData(bytes.AsSpan(SHA256.HashSizeInBytes)).AsSpan().SequenceEqual(bytes.AsSpan(0, SHA256.HashSizeInBytes))
                    ? bytes[SHA256.HashSizeInBytes..]
                    : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static void TryWriteCached(string path, byte[] prepared)
    {
        var temporary = $"{path}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(SHA256.HashData(prepared));
                file.Write(prepared);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be written (read-only installation, full disk) costs the next start some milliseconds, nothing else.
            try
            {
                File.Delete(temporary);
            }
            catch (Exception again) when (again is IOException or UnauthorizedAccessException)
            {
                return;
            }
        }
    }
}
