using System.Diagnostics;
using System.Security.Cryptography;
using MatchEngine.Cli.Output;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Faces;
using MatchEngine.Faces.DataSets;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;
using MatchEngine.Interchange;
using MatchEngine.Vectors;

namespace MatchEngine.Cli.Evaluation;

/// <summary>Brings what an evaluation works on: a data set with the embeddings of its photos.</summary>
internal static class EvaluationInput
{
    /// <summary>Makes the embeddings of a data set, through the cache of the data folder.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="images">Its photos.</param>
    /// <param name="model">Id of the embedder's card.</param>
    /// <param name="choice">Which face of a photo with several.</param>
    /// <param name="faults">Takes photos that are not there.</param>
    /// <param name="cancellationToken">Ends it; what was done is in the cache.</param>
    /// <param name="qualities">The quality measures that are wanted; null for none.</param>
    /// <param name="minQuality">The least overall quality of a face, 0 … 100; null takes any.</param>
    /// <param name="extractor">Told the model's card, and how long a photo takes to become a template.</param>
    public static EmbeddingSet Extract(
        string data, string folder, DataSet images, string model, FaceChoice choice, InputFaults faults,
        CancellationToken cancellationToken, QualityInput? qualities = null, double? minQuality = null,
        Action<EmbedderCard, MeasuredTime?>? extractor = null)
    {
        using var pipeline = DataFolder.LoadPipeline(data, model);
        using var cache = EmbeddingCache.Open(Path.Combine(data, "cache"), pipeline, choice, minQuality);
        using var measured = qualities is { NeedsPhotos: true } || minQuality is not null
            ? EmbeddingCache.OpenQuality(Path.Combine(data, "cache"), pipeline, choice, minQuality)
            : null;
        var outcomes = ProgressBar.Run($"Extracting {images.Images.Count:N0} photos", progress => DataSetExtraction.Run(
            pipeline, folder, images.Images, choice, cache, measured is not null, measured, minQuality,
            progress: new Share(progress, images.Images.Count), cancellationToken: cancellationToken));
        extractor?.Invoke(
            pipeline.Model, Timed(pipeline, DataSetExtraction.Request(choice, minQuality), outcomes.Where(o => o.Embedding is not null)
            .Select(o => Path.Combine(folder, o.Image)), cancellationToken));
        qualities?.Add(images, outcomes);
        var first = qualities?.Measures[0].Of;
        var set = new EmbeddingSet(pipeline.Model.Dimension, outcomes.Length) { ModelDigest = pipeline.Model.Digest };
        for (var i = 0; i < outcomes.Length; i++)
        {
            var outcome = outcomes[i];
            if (outcome.Embedding is { } embedding)
                set.Add(outcome.Image, embedding, outcome.Sha256, first is not null && first.TryGetValue(outcome.Image, out var quality)
                    ? quality
                    : null);
            else if (outcome.Failure == AcquisitionFailure.Unreadable)
                faults.Add(
                    Path.Combine(folder, "metadata.csv"), 0, "missing image",
                    $"image '{outcome.Image}' cannot be read; put the file there or take the row out");
            else
                set.AddFailure(outcome.Image, outcome.Failure!.Value.ToCode());
        }
        return set;
    }

    /// <summary>Size of a template as it is stored, in bytes; null where none was made.</summary>
    public static int? TemplateBytes(EmbeddingSet embeddings) => embeddings.Count == 0 || embeddings.ModelDigest is not { } model ? null
        : Template.FromEmbedding(embeddings.Values(0), ModelDigest.Parse(model)).ToBytes().Length;

    // Most embeddings come from the cache, so some photos are made anew, one after the other, and the clock is read.
    private static MeasuredTime? Timed(
        FacePipeline pipeline, ExtractionRequest request, IEnumerable<string> photos, CancellationToken cancellationToken)
    {
        const int Photos = 25;
        var times = new List<TimeSpan>();
        foreach (var photo in photos.Take(Photos))
        {
            var bytes = File.ReadAllBytes(photo);
            var started = Stopwatch.GetTimestamp();
            pipeline.Extract(bytes, request, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started));
        }
        return times.Count == 0 ? null : new MeasuredTime("Photo to template", times.Order().ElementAt(times.Count / 2), times.Count);
    }

    /// <summary>The file of corrections that the command line names, else what the protocol names relative to itself.</summary>
    public static string? CorrectionsFile(string? named, Protocol protocol, string protocolFile)
    {
        if (named is null)
            return protocol.Corrections is { } file ? Path.Combine(Path.GetDirectoryName(protocolFile)!, file) : null;
        var shipped = Path.Combine(AppContext.BaseDirectory, "eval", "corrections", named + ".json");
        return !File.Exists(named) && File.Exists(shipped) ? shipped : named;
    }

    /// <summary>SHA-256 of each file by its name without folder.</summary>
    public static IReadOnlyDictionary<string, string> Digests(params IEnumerable<string?> files)
    {
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (file is null)
                continue;
            using var stream = File.OpenRead(file);
            digests[Path.GetFileName(file)] = Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        return digests;
    }

    private sealed class Share(IProgress<double> progress, int total) : IProgress<int>
    {
        public void Report(int value) => progress.Report(value / (double)Math.Max(1, total));
    }
}
