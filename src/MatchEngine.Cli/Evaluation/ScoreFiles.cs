using MatchEngine.Cli.Output;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;

namespace MatchEngine.Cli.Evaluation;

/// <summary>Writes the scores that a protocol wants, in a layout that other tools read.</summary>
internal static class ScoreFiles
{
    /// <summary>Comparisons as <c>probe,reference,score,mated</c>.</summary>
    public const string Csv = "csv";

    /// <summary>Comparisons as the FRTE 1:1 driver logs them.</summary>
    public const string FrteMatch = "frte-1:1";

    /// <summary>Candidate lists as the FRTE 1:N driver logs them.</summary>
    public const string FrteSearch = "frte-search";

    /// <summary>Writes the file, as a whole or not at all.</summary>
    public static void Write(
        string layout, string file, EmbeddingSet embeddings, DataSet images, Protocol protocol, string folder, InputFaults faults,
        CancellationToken cancellationToken)
    {
        if (layout == FrteSearch)
        {
            var searches = ProgressBar.Run(
                "Searching",
                progress => GallerySearch.Run(embeddings, images, protocol.Identification, faults, progress, cancellationToken));
            ScoreWriter.WriteFrteSearch(file, searches[^1]);
            return;
        }
        if (protocol.Comparisons == ComparisonPlan.PairsFile)
        {
            var comparisons = AllPairs.Compare(
                embeddings, images, PairsFile.Read(Path.Combine(folder, protocol.PairsFile!), images, faults), faults);
            if (layout == FrteMatch)
                ScoreWriter.WriteFrteMatch(file, comparisons);
            else
                ScoreWriter.WriteCsv(file, comparisons);
            return;
        }
        if (layout == FrteMatch)
            throw new UsageException("all pairs are written as csv only; frte-1:1 takes a protocol with a pairs file, such as lfw-view2");
        ProgressBar.Run("Writing scores", progress =>
        {
            ScoreWriter.WriteAllPairs(file, embeddings, images, faults, progress, cancellationToken);
            return true;
        });
    }
}
