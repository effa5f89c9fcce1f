using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Tests.CrossComparison;

namespace MatchEngine.Evaluation.Tests.Inputs;

public sealed class ScoreWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly InputFaults _strict = new(strict: true);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Comparisons_are_read_back_as_they_were_written_in_both_formats()
    {
        var (embeddings, images) = SyntheticFaces.Make(20, _ => 2, 16, 61);
        var comparisons = AllPairs.Compare(embeddings, images, _strict);
        var csv = Path.Combine(_folder.Path, "scores.csv");
        ScoreWriter.WriteCsv(csv, comparisons);
        var log = Path.Combine(_folder.Path, "match.log");
        ScoreWriter.WriteFrteMatch(log, comparisons);
        foreach (var read in new[]
        {
            ScoreReader.Read(csv, ScoreFormat.Detect, images, _strict), ScoreReader.Read(log, ScoreFormat.Detect, images, _strict),
        })
        {
            Assert.Equal(comparisons.Mated.Scores, read.Mated.Scores);
            Assert.Equal(comparisons.Impostors.Scores, read.Impostors.Scores);
            Assert.Equal(comparisons.Impostors.First, read.Impostors.First);
        }
    }

    [Fact]
    public void Every_comparison_of_a_set_can_be_written()
    {
        var (embeddings, images) = SyntheticFaces.Make(30, _ => 2, 16, 62);
        var file = Path.Combine(_folder.Path, "all.csv");
        ScoreWriter.WriteAllPairs(file, embeddings, images, _strict);
        var read = ScoreReader.Read(file, ScoreFormat.Csv, images, _strict);
        var comparisons = AllPairs.Compare(embeddings, images, _strict);
        Assert.Equal(comparisons.Impostors.Scores.ToArray().Order(), read.Impostors.Scores.ToArray().Order());
        Assert.Equal(60 * 59 / 2, read.Mated.Count + read.Impostors.Count);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var other = Path.Combine(_folder.Path, "cancelled.csv");
        Assert.ThrowsAny<OperationCanceledException>(
            () => ScoreWriter.WriteAllPairs(other, embeddings, images, _strict, null, cancelled.Token));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Names_with_spaces_do_not_fit_into_an_FRTE_log()
    {
        var images = new DataSet("s", ["a 1", "b"], ["a", "b"]);
        var impostors = new PairList();
        impostors.Add(0, 1, 0.5);
        Assert.Throws<EvaluationException>(
            () => ScoreWriter.WriteFrteMatch(Path.Combine(_folder.Path, "x.log"), new Comparisons(images, new PairList(), impostors)));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }
}
