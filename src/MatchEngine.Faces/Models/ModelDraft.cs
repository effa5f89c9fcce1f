using System.Security.Cryptography;

namespace MatchEngine.Faces.Models;

/// <summary>What a drafted card takes from its user instead of from the card it is like; null where nothing is said.</summary>
public sealed record ModelDraftOptions
{
    /// <summary>Order of the colour planes.</summary>
    public ChannelOrder? Channels { get; init; }

    /// <summary>One number a plane, or one for all.</summary>
    public IReadOnlyList<float>? Mean { get; init; }

    /// <summary>One number a plane, or one for all.</summary>
    public IReadOnlyList<float>? Deviation { get; init; }

    /// <summary>Sides of the input, where the file leaves them free.</summary>
    public (int Width, int Height)? Input { get; init; }

    /// <summary>Embedding: id of the detector's card.</summary>
    public string? Detector { get; init; }

    /// <summary>
    /// Embedding: id of the landmark network's card. With <see cref="Detector"/> and without this the detector's own points are taken.
    /// </summary>
    public string? Landmarker { get; init; }

    /// <summary>Licence of the weights.</summary>
    public string? Licence { get; init; }

    /// <summary>Where the file comes from.</summary>
    public string? Source { get; init; }
}

/// <summary>Drafts the card of a network that has none.</summary>
public static class ModelDraft
{
    private const string Unknown = "unknown";

    /// <summary>
    /// A card for a file: what the file tells (digest, input's sides and planes, dimension) is read from it, the rest is as in another card
    /// or as the options say. The card lies in the file's own folder, is marked as a draft, and has no calibration.
    /// </summary>
    /// <param name="path">The network.</param>
    /// <param name="like">A card of the same kind of network.</param>
    /// <param name="id">The new card's id: letters, digits, '-', '_' and '.', no leading '.'.</param>
    /// <param name="options">What differs.</param>
    /// <exception cref="ModelException">The file cannot be read, is no network, or does not fit; the message says what.</exception>
    public static ModelCard Make(string path, ModelCard like, string id, ModelDraftOptions options)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(like);
        ArgumentNullException.ThrowIfNull(options);
        if (!IsId(id))
            throw new ModelException($"'{id}' cannot be a model's id: letters, digits, '-', '_' and '.' are allowed, and no '.' in front");
        var full = Path.GetFullPath(path);
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(full);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"model file {path} cannot be read: {error.Message}", error);
        }
        var signature = OnnxSignature.Read(path, bytes);
        if (signature.Complaint() is { } complaint)
            throw new ModelException($"model file {path} {complaint}");
        var card = like with
        {
            File = Path.GetFileName(full),
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Description = $"Drafted by 'models add' like {like.Id}",
            Source = options.Source ?? Unknown,
            Licence = options.Licence ?? Unknown,
            TrainingData = Unknown,
            Input = Input(path, like, signature.Inputs[0].Shape, options),
            Embedding = like.Embedding is { } embedding ? Embedding(path, embedding, signature, options) : null,
            Calibrations = null,
            CorrectedCalibrations = null,
            Draft = true,
        };
        return card.At(Path.GetDirectoryName(full)!, id);
    }

    /// <summary>
    /// Puts a drafted card and its file into a folder of models. Both are there in the end, or neither.
    /// </summary>
    /// <param name="card">The card, in its file's own folder.</param>
    /// <param name="folder">The folder; created when it is absent.</param>
    /// <returns>Path of the card.</returns>
    /// <exception cref="ModelException">The folder has a card of that id, or another file of that name.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public static string Install(ModelCard card, string folder)
    {
        ArgumentNullException.ThrowIfNull(card);
        ArgumentNullException.ThrowIfNull(folder);
        Directory.CreateDirectory(folder);
        var target = card.At(folder, card.Id);
        var path = Path.Combine(folder, card.Id + ".json");
        if (File.Exists(path))
            throw new ModelException($"{path} exists: give the new model another id");
        var bytes = ModelStore.ReadOriginal(card);
        var written = false;
        if (!File.Exists(target.Path))
        {
            var temporary = $"{target.Path}.{Environment.ProcessId}.tmp";
            try
            {
                File.WriteAllBytes(temporary, bytes);
                File.Move(temporary, target.Path);
                written = true;
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        else if (Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(target.Path))) != card.Sha256)
            throw new ModelException($"{target.Path} exists and is another file: rename the one that is added");
        try
        {
            target.Write(path);
            _ = ModelCard.Read(path);
        }
        catch
        {
            File.Delete(path);
            if (written)
                File.Delete(target.Path);
            throw;
        }
        return path;
    }

    private static PixelLayout Input(string path, ModelCard like, IReadOnlyList<int> shape, ModelDraftOptions options)
    {
        var (width, height) = (shape[3] > 0 ? shape[3] : options.Input?.Width ?? like.Input.Width, shape[2] > 0
            ? shape[2]
            : options.Input?.Height ?? like.Input.Height);
        if (options.Input is { } wanted && wanted != (width, height))
            throw new ModelException(
                $"model file {path} takes {width}×{height} and nothing else: an input of {wanted.Width}×{wanted.Height} cannot be chosen");
        var channels = options.Channels ?? like.Input.Channels;
        var planes = channels == ChannelOrder.Grey ? 1 : 3;
        if (shape[1] > 0 && shape[1] != planes)
            throw new ModelException(
                $"model file {path} takes {shape[1]} channels, and "
                    + $"{(options.Channels is null ? $"card '{like.Id}'" : "the chosen order")} has {planes}");
        IReadOnlyList<float> Planes(string name, IReadOnlyList<float>? given, IReadOnlyList<float> otherwise)
        {
            var values = given ?? otherwise;
            if (values.Count == 1 && planes == 3)
                values = [values[0], values[0], values[0]];
            return values.Count == planes
                ? values
                : throw new ModelException($"{name} needs one number or {planes}, and has {values.Count}");
        }
        return new PixelLayout(
            width, height, channels, Planes("mean", options.Mean, like.Input.Mean),
            Planes("deviation", options.Deviation, like.Input.Deviation));
    }

    private static EmbeddingOutput Embedding(string path, EmbeddingOutput like, OnnxSignature signature, ModelDraftOptions options)
    {
        var output = signature.Outputs[0];
        var sides = output.Shape.Skip(1).ToList();
        var dimension = sides.Aggregate(1L, (product, side) => product * side);
        if (output.Shape.Count < 2 || output.Shape[0] > 1 || sides.Any(side => side < 1) || sides.Count(side => side > 1) != 1)
            throw new ModelException($"model file {path} gives {output}; an embedder's first output is one vector, 1×N");
        if (dimension is < 16 or > 4096 || dimension % 16 != 0)
            throw new ModelException($"model file {path} gives {dimension} numbers; embeddings have 16 … 4096, a multiple of 16");
        return like with
        {
            Dimension = (int)dimension,
            Detector = options.Detector ?? like.Detector,
            Landmarker = options.Landmarker ?? (options.Detector is null ? like.Landmarker : null),
        };
    }

    private static bool IsId(string id) =>
        id.Length is > 0 and <= 100 && id[0] != '.' && id.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.');
}
