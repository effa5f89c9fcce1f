using System.Security.Cryptography;

namespace MatchEngine.Faces.Models;

/// <summary>
/// Brings the bytes of a model: the file's digest is checked against its card at every load, and a prepared form is made of it anew (see
/// <see cref="ModelPreparation"/>).
/// </summary>
/// <remarks>
/// Nothing that is run lies anywhere but in the file that the card describes: a prepared form that was kept could be changed by whoever may
/// write where it lies, with whatever digest stands beside it. Making it costs some hundredths of a second.
/// </remarks>
public static class ModelStore
{
    /// <summary>The model as it came from its makers.</summary>
    /// <exception cref="ModelException">The file is missing, unreadable, not the one that the card describes, or reads other
    /// files.</exception>
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
        OnnxReferences.RequireNone(card.Path, bytes);
        return bytes;
    }

    /// <summary>The model as it is run: prepared if its card says so.</summary>
    /// <exception cref="ModelException">As <see cref="ReadOriginal"/>, or the file is no ONNX model.</exception>
    public static byte[] Read(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        var original = ReadOriginal(card);
        if (!card.Prepare)
            return original;
        try
        {
            return ModelPreparation.Prepare(original);
        }
        catch (InvalidDataException error)
        {
            throw new ModelException($"model file {card.Path} cannot be prepared: {error.Message}", error);
        }
    }
}
