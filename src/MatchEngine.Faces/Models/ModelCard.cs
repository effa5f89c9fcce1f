using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using MatchEngine.Faces.Quality;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Faces.Models;

/// <summary>What a network is for.</summary>
public enum ModelTask
{
    /// <summary>Image → boxes of faces.</summary>
    Detection,

    /// <summary>Crop of a face → points of the face.</summary>
    Landmarks,

    /// <summary>Aligned face → embedding.</summary>
    Embedding,

    /// <summary>Crop of a head → the angles it is turned by.</summary>
    HeadPose,

    /// <summary>Crop of an eye → whether it is open.</summary>
    EyeState,
}

/// <summary>A model card could not be read, or the file it describes is not the one that is there.</summary>
public sealed class ModelException : Exception
{
    /// <summary>Makes the error.</summary>
    /// <param name="message">Names the card or file and the remedy.</param>
    /// <param name="innerException">The cause, if another error was it.</param>
    public ModelException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>
/// Everything that must be known of a model to use it, in a JSON file beside it (<c>models/README.md</c> describes the fields): which
/// file, proved by its digest; who may use it; what goes in and what comes out; what its scores are worth.
/// </summary>
public sealed partial record ModelCard
{
    private static readonly (string Old, string Now)[] EarlierFields =
        [("calibration", "calibrations"), ("correctedCalibration", "correctedCalibrations")];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        AllowTrailingCommas = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        Converters =
        {
            // Restrictions have the fixed names of answers: same-sex, worst-group.
            new JsonStringEnumConverter<Restriction>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false),
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase),
        },
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        IgnoreReadOnlyProperties = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The id: the name of the card's file without <c>.json</c>. Not written in the file.</summary>
    [JsonIgnore]
    public string Id { get; private init; } = "";

    /// <summary>The folder of the card, to which <see cref="File"/> is relative. Not written in the file.</summary>
    [JsonIgnore]
    public string Folder { get; private init; } = "";

    /// <summary>What the network is for.</summary>
    public required ModelTask Task { get; init; }

    /// <summary>File name of the model, relative to the card.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the file, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>One line on what it is.</summary>
    public required string Description { get; init; }

    /// <summary>Where the file comes from.</summary>
    public required string Source { get; init; }

    /// <summary>Licence of the weights, as an SPDX identifier where there is one.</summary>
    public required string Licence { get; init; }

    /// <summary>What the network was trained on; <c>unknown</c> where nobody says.</summary>
    public required string TrainingData { get; init; }

    /// <summary>How pixels go in.</summary>
    public required PixelLayout Input { get; init; }

    /// <summary>Whether the file is rewritten for speed at first use (see <see cref="ModelPreparation"/>).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Prepare { get; init; }

    /// <summary>Detection: how outputs become boxes and which boxes count.</summary>
    public DetectionOutput? Detection { get; init; }

    /// <summary>Landmarks: the layout of the points.</summary>
    public LandmarkOutput? Landmarks { get; init; }

    /// <summary>Embedding: dimension and partners.</summary>
    public EmbeddingOutput? Embedding { get; init; }

    /// <summary>Head pose: names and bins of the outputs.</summary>
    public HeadPoseOutput? HeadPose { get; init; }

    /// <summary>Eye state: which class is which.</summary>
    public EyeStateOutput? EyeState { get; init; }

    /// <summary>
    /// Embedding: what its scores are worth, one table for each population they were measured on. These stand behind every <c>fmr</c> that
    /// is shown. Null where nobody has measured it.
    /// </summary>
    public IReadOnlyList<CalibrationTable>? Calibrations { get; init; }

    /// <summary>
    /// Embedding: the same comparisons with known mistakes of the data set's labels put right; beside <see cref="Calibrations"/>, for
    /// people to see what the mistakes cost.
    /// </summary>
    public IReadOnlyList<CalibrationTable>? CorrectedCalibrations { get; init; }

    /// <summary>Whether the card was drafted by <c>models add</c> and nobody has looked it through yet.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Draft { get; init; }

    /// <summary>Full path of the model file.</summary>
    [JsonIgnore]
    public string Path => System.IO.Path.Combine(Folder, File);

    /// <summary>Reads a card.</summary>
    /// <param name="path">Path of the JSON file.</param>
    /// <exception cref="ModelException">The file is missing, no valid JSON, or lacks something its task needs.</exception>
    public static ModelCard Read(string path)
    {
        ModelCard card;
        try
        {
            using var file = System.IO.File.OpenRead(path);
            RefuseEarlierForm(file);
            file.Position = 0;
            card = JsonSerializer.Deserialize<ModelCard>(file, Json) ?? throw new JsonException("the file holds no card");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ModelException($"model card {path} cannot be read: {error.Message}", error);
        }
        var full = System.IO.Path.GetFullPath(path);
        card = card with { Id = System.IO.Path.GetFileNameWithoutExtension(full), Folder = System.IO.Path.GetDirectoryName(full)! };
        if (card.Complaint() is { } complaint)
            throw new ModelException($"model card {path}: {complaint}");
        return card;
    }

    /// <summary>The part of an embedder's card that galleries need.</summary>
    /// <exception cref="InvalidOperationException">The model is no embedder.</exception>
    public EmbedderCard ToEmbedderCard() => Embedding is null
        ? throw new InvalidOperationException($"model '{Id}' makes no embeddings")
        : new EmbedderCard(Id, Sha256, Embedding.Dimension, CalibrationTable.ToSet(Calibrations, "calibrations"));

    /// <summary>The card as text, for its file.</summary>
    public string ToJson()
    {
        var text = JsonSerializer.Serialize(this, Json);
        // Lists of numbers and rows of a table on one line each, as people write them.
        return Innermost().Replace(
            text, match => $"{match.Groups[1].Value}{Space().Replace(match.Groups[2].Value, " ")}{match.Groups[3].Value}") + "\n";
    }

    /// <summary>Writes the card. A reader sees the old file or the whole new one.</summary>
    /// <param name="path">Path of the JSON file; an existing one is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    public void Write(string path)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            System.IO.File.WriteAllText(temporary, ToJson());
            System.IO.File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            System.IO.File.Delete(temporary);
        }
    }

    /// <summary>This card under another id and beside a file of another folder.</summary>
    internal ModelCard At(string folder, string id) => this with { Folder = System.IO.Path.GetFullPath(folder), Id = id };

    [GeneratedRegex(@"([\[{])(\s[^\[\]{}]*\s)([\]}])")]
    private static partial Regex Innermost();

    [GeneratedRegex(@"\s*\n\s*")]
    private static partial Regex Space();

    /// <summary>A table that does not say whom it was counted on cannot be given a population afterwards: it is counted again.</summary>
    private static void RefuseEarlierForm(Stream file)
    {
        var leniently = new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
        using var json = JsonDocument.Parse(file, leniently);
        if (json.RootElement.ValueKind != JsonValueKind.Object)
            return;
        foreach (var (old, now) in EarlierFields)
        {
            if (json.RootElement.EnumerateObject().Any(member => member.Name.Equals(old, StringComparison.OrdinalIgnoreCase)))
                throw new JsonException(
                    $"\"{old}\" is the form of an earlier version, one table that names no population; take it out, and "
                        + $"'matchengine models calibrate MODEL --data-set DIR --out CARD.json' writes \"{now}\" in its place");
        }
    }

    private string? Complaint()
    {
        if (Sha256.Length != 64 || !Sha256.All(char.IsAsciiHexDigitLower))
            return "\"sha256\" must be 64 lower-case hexadecimal digits";
        if (System.IO.Path.IsPathRooted(File) || File.Contains("..", StringComparison.Ordinal))
            return "\"file\" must be a name relative to the card";
        if (Input.Width < 1 || Input.Height < 1 || Input.Mean.Count != Input.Planes || Input.Deviation.Count != Input.Planes
            || Input.Deviation.Any(value => value == 0 || !float.IsFinite(value)) || Input.Mean.Any(value => !float.IsFinite(value)))
            return $"\"input\" needs positive sides and {Input.Planes} finite numbers in \"mean\" and \"deviation\", the latter not 0";
        switch (Task)
        {
            case ModelTask.Detection when Detection is null:
                return "a detection model needs \"detection\"";
            case ModelTask.Detection when Detection!.SmallFaces is { } small
                && (small.Shrink is < 1 or > 16 || small.Overlap < 0 || small.Overlap > Math.Min(Input.Width, Input.Height) / 2
                    || !(small.MinConfidence is >= 0 and <= 1)):
                return "\"smallFaces\" needs a \"shrink\" of 1 … 16, an \"overlap\" of at most half the input's smaller side, "
                    + "and a \"minConfidence\" of 0 … 1";
            case ModelTask.Landmarks when Landmarks is null:
                return "a landmark model needs \"landmarks\"";
            case ModelTask.Embedding when Embedding is null:
                return "an embedding model needs \"embedding\"";
            case ModelTask.HeadPose when HeadPose is not { Bins: >= 2 }:
                return "a head pose model needs \"headPose\" with at least 2 \"bins\"";
            case ModelTask.EyeState when EyeState is not { Open: 0 or 1 }:
                return "an eye state model needs \"eyeState\" with \"open\" 0 or 1";
            case ModelTask.Embedding when Embedding!.Length is { } length
                && !(length.Poor < length.Good && double.IsFinite(length.Good - length.Poor)):
                return "\"length\" needs a \"good\" above \"poor\"";
            case ModelTask.Embedding when Embedding!.Dimension is < 16 or > 4096:
                return "\"dimension\" must lie within 16 … 4096";
        }
        try
        {
            _ = CalibrationTable.ToSet(Calibrations, "calibrations");
            _ = CalibrationTable.ToSet(CorrectedCalibrations, "correctedCalibrations");
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
        return null;
    }
}

/// <summary>How the outputs of a detector become boxes.</summary>
/// <param name="Decoder">Name of the decoder: <c>ultraface</c>, <c>yunet</c> or <c>scrfd</c>.</param>
/// <param name="MinConfidence">Boxes below this confidence are dropped, 0 … 1.</param>
/// <param name="MaxOverlap">Of two boxes with a larger intersection over union the less confident is dropped, 0 … 1.</param>
/// <param name="Fit">How an image comes into the input's sides.</param>
/// <param name="SmallFaces">How large photos are looked at for small faces; null when they are not.</param>
public sealed record DetectionOutput(
    string Decoder, float MinConfidence, float MaxOverlap, ImageFit Fit = ImageFit.Stretch, SmallFaces? SmallFaces = null);

/// <summary>
/// How faces are found that vanish when a large photo is scaled down to the input: it is looked at in tiles as large as the input, too.
/// </summary>
/// <param name="Shrink">The whole factor by which the photo is scaled down for its tiles, 1 … 16.</param>
/// <param name="Overlap">Pixels of the input that neighbouring tiles share: a face up to this size lies whole in one of them.</param>
/// <param name="MinConfidence">Boxes of tiles below this confidence are dropped, 0 … 1:
/// there are many more places where a face could be mistaken.</param>
public sealed record SmallFaces(int Shrink, int Overlap, float MinConfidence);

/// <summary>How an image of any shape comes into the fixed sides of an input.</summary>
public enum ImageFit
{
    /// <summary>Both sides are scaled to fit, each by its own factor.</summary>
    Stretch,

    /// <summary>Both sides are scaled by one factor, the picture lies in the top left corner and the rest is black.</summary>
    Letterbox,
}

/// <summary>What points a landmark network gives.</summary>
/// <param name="Layout">Name of the layout: <c>ibug68</c> (the 68 points of 300-W).</param>
public sealed record LandmarkOutput(string Layout);

/// <summary>What an embedder gives and which models it is used with.</summary>
/// <param name="Dimension">Length of the embedding.</param>
/// <param name="Alignment">Name of the five points that faces are aligned to: <c>arcface-112</c>.</param>
/// <param name="Detector">Id of the card of the detector.</param>
/// <param name="Landmarker">Id of the card of the landmark network; null for a detector that gives the five points itself.</param>
/// <param name="MirrorAverage">Whether the embedding is the mean of the face's and its mirror image's; slower,
/// a little more accurate.</param>
/// <param name="Length">What the embedding's length before it is normalised says of the photo; null when nobody has measured it.</param>
public sealed record EmbeddingOutput(
    int Dimension, string Alignment, string Detector, string? Landmarker = null,
    bool MirrorAverage = false, EmbeddingLength? Length = null);

/// <summary>
/// What a head pose network gives: for each angle one output of <paramref name="Bins"/> values whose softmax is a distribution over angles;
/// the angle is its mean, with bin i standing for <paramref name="First"/> + i × <paramref name="Step"/> degrees (Ruiz,
/// Chong and Rehg, Hopenet, CVPRW 2018).
/// </summary>
/// <param name="Yaw">Name of the output for yaw.</param>
/// <param name="Pitch">Name of the output for pitch.</param>
/// <param name="Bins">Values of an output.</param>
/// <param name="First">Angle of the first bin, in degrees.</param>
/// <param name="Step">Degrees from bin to bin.</param>
/// <param name="Side">Side of the square crop, in the geometric mean of the face box's sides.</param>
/// <param name="YawToViewersLeft">Whether the network counts yaw to the viewer's left; here it is counted to the right.</param>
public sealed record HeadPoseOutput(
    string Yaw, string Pitch, int Bins, double First, double Step, float Side, bool YawToViewersLeft = false);

/// <summary>What an eye network gives: two values, whose softmax says how sure it is.</summary>
/// <param name="Open">Which of the two, 0 or 1, stands for an open eye.</param>
/// <param name="Side">Side of the square crop, in distances between the eye's corners.</param>
public sealed record EyeStateOutput(int Open, float Side);
