using System.Globalization;
using System.Text;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.Inputs;

/// <summary>
/// Writes scores and candidate lists in the formats that <see cref="ScoreReader"/> and <see cref="SearchReader"/> read,
/// so that other tools can check the results.
/// </summary>
public static class ScoreWriter
{
    /// <summary>
    /// Writes comparisons: <c>probe,reference,score,mated</c>, or <c>score,mated</c> without metadata. All-pairs comparisons below the
    /// score from which impostors are kept are not among them.
    /// </summary>
    /// <param name="file">The file to be written.</param>
    /// <param name="comparisons">The comparisons.</param>
    public static void WriteCsv(string file, Comparisons comparisons)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        Write(file, writer =>
        {
            var images = comparisons.Images;
            writer.WriteLine(images is null ? "score,mated" : "probe,reference,score,mated");
            foreach (var (pairs, mated) in new[] { (comparisons.Mated, "1"), (comparisons.Impostors, "0") })
            {
                for (var i = 0; i < pairs.Count; i++)
                {
                    var score = Number(pairs.Scores[i]);
                    writer.WriteLine(images is null
                        ? $"{score},{mated}"
                        : $"{Field(images.Images[pairs.First[i]])},{Field(images.Images[pairs.Second[i]])},{score},{mated}");
                }
            }
        });
    }

    /// <summary>Writes comparisons as the FRTE 1:1 driver does: <c>enrollTempl verifTempl simScore returnCode</c>.</summary>
    /// <param name="file">The file to be written.</param>
    /// <param name="comparisons">Comparisons with metadata.</param>
    /// <exception cref="EvaluationException">The scores came without metadata, or a photo's name holds a space,
    /// which the format cannot carry.</exception>
    public static void WriteFrteMatch(string file, Comparisons comparisons)
    {
        ArgumentNullException.ThrowIfNull(comparisons);
        var images = comparisons.Images
            ?? throw new EvaluationException("an FRTE log names the photos, and the scores came without metadata");
        Write(file, writer =>
        {
            writer.WriteLine("enrollTempl verifTempl simScore returnCode");
            foreach (var pairs in new[] { comparisons.Mated, comparisons.Impostors })
            {
                for (var i = 0; i < pairs.Count; i++)
                    writer.WriteLine(
                        $"{Word(images.Images[pairs.Second[i]])} {Word(images.Images[pairs.First[i]])} {Number(pairs.Scores[i])} 0");
            }
        });
    }

    /// <summary>
    /// Writes candidate lists as the FRTE 1:N driver does: <c>searchId candidateRank searchRetCode isAssigned templateId score</c>, ranks
    /// from 0, lists filled up with unassigned candidates.
    /// </summary>
    /// <param name="file">The file to be written.</param>
    /// <param name="searches">The searches.</param>
    /// <param name="length">Rows of a list.</param>
    /// <exception cref="EvaluationException">A name holds a space, which the format cannot carry.</exception>
    public static void WriteFrteSearch(string file, SearchSet searches, int length = 20)
    {
        ArgumentNullException.ThrowIfNull(searches);
        Write(file, writer =>
        {
            writer.WriteLine("searchId candidateRank searchRetCode isAssigned templateId score");
            foreach (var search in searches.Searches)
            {
                for (var rank = 0; rank < length; rank++)
                {
                    // 2 is FaceDetectionError in FRTE's list of return codes.
                    writer.WriteLine(!search.HasFailed && rank < search.Candidates.Count
                        ? $"{Word(search.Probe)} {rank} 0 1 {Word(search.Candidates[rank].Id)} {Number(search.Candidates[rank].Score)}"
                        : $"{Word(search.Probe)} {rank} {(search.HasFailed ? 2 : 0)} 0  -1");
                }
            }
        });
    }

    /// <summary>Writes every comparison of a set, one line each, without holding them: <c>probe,reference,score,mated</c>.</summary>
    /// <param name="file">The file to be written.</param>
    /// <param name="embeddings">One embedding a photo.</param>
    /// <param name="images">Their subjects.</param>
    /// <param name="faults">Takes photos that cannot be used.</param>
    /// <param name="progress">Told the share that is written.</param>
    /// <param name="cancellationToken">Looked at for every photo; what was written so far is deleted.</param>
    public static void WriteAllPairs(
        string file, EmbeddingSet embeddings, DataSet images, InputFaults faults, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(images);
        var roster = Roster.Of(embeddings, images, faults);
        Write(file, writer =>
        {
            writer.WriteLine("probe,reference,score,mated");
            for (var i = 0; i < roster.RowOf.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var probe = Field(images.Images[roster.PhotoOf[i]]);
                for (var j = i + 1; j < roster.RowOf.Length; j++)
                {
                    var (x, y) = (roster.RowOf[i], roster.RowOf[j]);
                    var score = ScoreKernel.Dot(embeddings.Values(x), embeddings.Values(y));
                    if (embeddings.Scale(x) != 1 || embeddings.Scale(y) != 1)
                        score *= embeddings.Scale(x) * embeddings.Scale(y);
                    writer.WriteLine(
                        $"{probe},{Field(images.Images[roster.PhotoOf[j]])},{Number(score)},{(j < roster.EndOfSubject[i] ? 1 : 0)}");
                }
                progress?.Report((i + 1.0) / roster.RowOf.Length);
            }
        });
    }

    // Beside its place first: a file is whole or not there.
    private static void Write(string file, Action<StreamWriter> content)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        var unfinished = file + ".tmp";
        try
        {
            using (var writer = new StreamWriter(
                unfinished, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" })
                content(writer);
            File.Move(unfinished, file, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    private static string Number(double score) => score.ToString("R", CultureInfo.InvariantCulture);

    private static string Field(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Word(string text) => text.Contains(' ', StringComparison.Ordinal)
        ? throw new EvaluationException($"'{text}' holds a space, which FRTE's format cannot carry")
        : text;
}
