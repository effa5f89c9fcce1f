using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Faces;
using MatchEngine.Faces.DataSets;
using MatchEngine.Galleries;
using MatchEngine.Vetting.Accuracy;
using MatchEngine.Vetting.Dossiers;

namespace MatchEngine.Cli.Vetting;

/// <summary>How the photos of an examination are, measured here and not by whoever is examined.</summary>
internal static class VetPhotos
{
    private static readonly double[] Percentiles = [0.05, 0.25, 0.5, 0.75, 0.95];

    /// <summary>Measures gallery and probes, through the cache of the data folder.</summary>
    public static IReadOnlyList<PhotoQualities> Measured(ParseResult parsed, AccuracyPlan plan, CancellationToken cancellationToken)
    {
        var split = SearchSplit.Of(plan.Images, plan.Protocol);
        var data = parsed.GetRequiredValue(SharedOptions.Data);
        using var pipeline = DataFolder.LoadPipeline(data, parsed.GetRequiredValue(VetOptions.Model));
        using var cache = EmbeddingCache.Open(Path.Combine(data, "cache"), pipeline, FaceChoice.Central, null);
        using var qualities = EmbeddingCache.OpenQuality(Path.Combine(data, "cache"), pipeline, FaceChoice.Central, null);
        return
        [
            Of("gallery", [.. split.Enrolled.Values.SelectMany(photos => photos)]), Of("probes", [.. split.Searchable]),
        ];

        PhotoQualities Of(string role, int[] photos)
        {
            string[] names = [.. photos.Select(photo => split.Images.Images[photo]).Order(StringComparer.Ordinal)];
            var outcomes = ProgressBar.Run($"Measuring the quality of {names.Length:N0} photos ({role})", progress => DataSetExtraction.Run(
                pipeline, plan.Folder, names, FaceChoice.Central, cache, true, qualities, progress: new Share(progress, names.Length),
                cancellationToken: cancellationToken));
            double[] overall = [.. outcomes.Where(o => o.Quality is not null).Select(o => (double)o.Quality!.Overall).Order()];
            return new PhotoQualities(
                "overall quality, 0 … 100", role, names.Length, overall.Length,
                overall.Length == 0 ? [] : [.. Percentiles.Select(p => Math.Round(overall[(int)Math.Ceiling(p * overall.Length) - 1], 1))]);
        }
    }

    private sealed class Share(IProgress<double> progress, int total) : IProgress<int>
    {
        public void Report(int value) => progress.Report(value / (double)Math.Max(1, total));
    }
}
