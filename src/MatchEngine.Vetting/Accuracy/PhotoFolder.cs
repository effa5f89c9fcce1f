using System.Security.Cryptography;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Accuracy;

/// <summary>The photos of a data set, on their way to a target.</summary>
/// <param name="folder">The data set's folder.</param>
/// <param name="images">What is in it.</param>
internal sealed class PhotoFolder(string folder, DataSet images)
{
    /// <summary>The most bytes of a photo.</summary>
    public const long LargestPhoto = 64 << 20;

    private readonly string _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;

    /// <summary>SHA-256 of a photo's file; null where it cannot be read.</summary>
    /// <exception cref="VettingException">The photo's name leads out of the folder, or the file is too large.</exception>
    public string? Digest(int photo)
    {
        try
        {
            using var stream = Open(photo);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Hands a photo's bytes to a call and clears them afterwards.</summary>
    public async Task<T> WithAsync<T>(int photo, Func<PhotoInput, Task<T>> use)
    {
        byte[] bytes;
        await using (var stream = Open(photo))
        {
            bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
        }
        try
        {
            return await use(new PhotoInput(bytes, MediaType(images.Images[photo])));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    private FileStream Open(int photo)
    {
        var path = Path.GetFullPath(Path.Combine(_root, images.Images[photo]));
        // What a table names is sent to somebody else's machine: nothing but the data set is.
        if (!path.StartsWith(_root, StringComparison.Ordinal) || File.ResolveLinkTarget(path, returnFinalTarget: true) is not null)
            throw new VettingException($"image '{images.Images[photo]}' does not lie in the data set's folder and is sent to nobody");
        var stream = File.OpenRead(path);
        if (stream.Length <= LargestPhoto)
            return stream;
        stream.Dispose();
        throw new VettingException($"image '{images.Images[photo]}' is larger than {LargestPhoto >> 20} MiB");
    }

    private static string MediaType(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".png" => "image/png",
        ".webp" => "image/webp",
        ".bmp" => "image/bmp",
        ".tif" or ".tiff" => "image/tiff",
        ".heic" => "image/heic",
        ".avif" => "image/avif",
        _ => "image/jpeg",
    };
}
