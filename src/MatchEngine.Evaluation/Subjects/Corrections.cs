using System.Text.Json;
using System.Text.Json.Serialization;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Subjects;

/// <summary>
/// Known mistakes of a data set's metadata, kept in <c>eval/</c> beside the protocols. Results are given with and without them.
/// </summary>
public sealed record Corrections
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The data set that the corrections are for.</summary>
    public required string DataSet { get; init; }

    /// <summary>Where the corrections come from.</summary>
    public required string Source { get; init; }

    /// <summary>Photo → the subject that it really shows; null leaves the photo out.</summary>
    public IReadOnlyDictionary<string, string?> Photos { get; init; } = new Dictionary<string, string?>();

    /// <summary>Subject → the subject that it is another name of.</summary>
    public IReadOnlyDictionary<string, string> SameSubject { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a corrections file.</summary>
    /// <exception cref="EvaluationException">The file cannot be read or has a key that is not known.</exception>
    public static Corrections Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<Corrections>(File.ReadAllText(file), Options)
                ?? throw new EvaluationException(file, 0, "the file is empty");
        }
        catch (JsonException error)
        {
            throw new EvaluationException(
                $"{file}:{(error.LineNumber ?? 0) + 1}: not a corrections file ({error.Message}); its "
                    + "keys are dataSet, source, photos, sameSubject", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{file}: cannot be read ({error.Message})", error);
        }
    }

    /// <summary>The data set with its mistakes put right.</summary>
    /// <param name="images">The data set.</param>
    /// <param name="faults">Takes entries that name a photo or a subject which the set does not have.</param>
    public DataSet Apply(DataSet images, InputFaults faults)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(faults);
        foreach (var photo in Photos.Keys.Where(p => images.IndexOf(p) < 0).Order(StringComparer.Ordinal))
            faults.Add($"corrections of {DataSet}", 0, "unknown image", $"image '{photo}' is not in the metadata of '{images.Name}'");
        var subjects = images.Subjects.ToHashSet(StringComparer.Ordinal);
        foreach (var subject in SameSubject.Keys.Where(s => !subjects.Contains(s)).Order(StringComparer.Ordinal))
            faults.Add($"corrections of {DataSet}", 0, "unknown subject", $"subject '{subject}' is not in the metadata of '{images.Name}'");
        return images.WithSubjects((photo, subject) =>
        {
            var corrected = Photos.TryGetValue(images.Images[photo], out var shown) ? shown : subject;
            return corrected is not null && SameSubject.TryGetValue(corrected, out var same) ? same : corrected;
        });
    }
}
