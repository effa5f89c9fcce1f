using System.Globalization;
using System.Text;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Evaluation.Tests.Verification;
using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Inputs;

public sealed class ScoreReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly InputFaults _faults = new(strict: false);

    public void Dispose() => _folder.Dispose();

    private static DataSet People() => new("people", ["a1", "a2", "b1", "c1"], ["a", "a", "b", "c"]);

    [Theory]
    [InlineData(ScoreFormat.Csv, "probe,reference,score\na1,a2,0.9\na1,b1,0.1\nb1,c1,-0.2\n")]
    [InlineData(ScoreFormat.Tsv, "probe\treference\tscore\na1\ta2\t0.9\na1\tb1\t0.1\nb1\tc1\t-0.2\n")]
    [InlineData(ScoreFormat.Space, "probe reference score\na1 a2 0.9\na1 b1 0.1\nb1 c1 -0.2\n")]
    [InlineData(ScoreFormat.Pyeer, "a1 a2 0.9\na1 b1 0.1\nb1 c1 -0.2\n")]
    [InlineData(ScoreFormat.FrteMatch, "enrollTempl verifTempl simScore returnCode\na2 a1 0.9 0\nb1 a1 0.1 0\nc1 b1 -0.2 0\n")]
    public void Every_layout_gives_the_same_comparisons_named_or_detected(ScoreFormat format, string text)
    {
        var file = _folder.Write("scores", text);
        foreach (var asked in new[] { format, ScoreFormat.Detect })
        {
            var comparisons = ScoreReader.Read(file, asked, People(), _faults);
            Assert.Equal([0.9], comparisons.Mated.Scores.ToArray());
            Assert.Equal([0.1, -0.2], comparisons.Impostors.Scores.ToArray());
            Assert.Equal(0, comparisons.Mated.First[0]);
            Assert.Equal(1, comparisons.Mated.Second[0]);
        }
        Assert.Equal(0, _faults.Total);
    }

    [Fact]
    public void Scores_without_photos_say_themselves_whether_they_are_mated()
    {
        var comparisons = ScoreReader.Read(_folder.Write("s.csv", "score,mated\n0.5,1\n0.25,false\n"), ScoreFormat.Detect, null, _faults);
        Assert.Equal(1, comparisons.MatedScores.Total);
        Assert.Equal(1, comparisons.ImpostorScores.Total);
        Assert.Null(comparisons.Images);
    }

    [Fact]
    public void Scores_that_name_no_photos_do_not_use_the_data_set_and_say_so()
    {
        var file = _folder.Write("s.csv", "score,mated\n0.5,1\n0.25,0\n0.75,1\n0.1,0\n");
        var comparisons = ScoreReader.Read(file, ScoreFormat.Detect, People(), _faults);
        Assert.Null(comparisons.Images);
        var plan = new Protocol { Name = "p", GlobalFmr = 0.5, FalseMatchRates = [0.5], Slices = [["sex"]] };
        var result = VerificationEvaluation.Run(comparisons, plan);
        Assert.Contains(result.Notes, note => note.Contains("'people' was given and could not be used", StringComparison.Ordinal));
        Assert.Equal(1, result.Curve.AreaUnderRoc);
    }

    [Fact]
    public void A_comparison_that_stands_both_ways_round_counts_once()
    {
        foreach (var rows in new[] { "a1,a2,0.9\na2,a1,0.9\nb1,a1,0.2\na1,b1,0.1\n", "a1,b1,0.1\na2,a1,0.9\nb1,a1,0.2\na1,a2,0.9\n" })
        {
            foreach (var images in new[] { People(), null })
            {
                var text = images is null
                    ? "probe,reference,score,mated\n" + string.Join(
                        '\n', rows.TrimEnd().Split('\n').Select(r => r + (r.Contains("a2", StringComparison.Ordinal) ? ",1" : ",0")))
                    : "probe,reference,score\n" + rows;
                var comparisons = ScoreReader.Read(_folder.Write("s.csv", text), ScoreFormat.Csv, images, _faults);
                Assert.Equal([0.9], comparisons.Mated.Scores.ToArray());
                // The row whose probe stands first by name, in whatever order the rows stand.
                Assert.Equal([0.1], comparisons.Impostors.Scores.ToArray());
                Assert.Equal(1, comparisons.LeftOut["mirrored row"]);
                Assert.Equal(1, comparisons.LeftOut["mirrored row with another score"]);
            }
        }
        Assert.Equal(0, _faults.Total);
    }

    [Theory]
    [InlineData("a1,a2,0.9\na1,b1,0.1\na1,a2,0.2\n", 4, 2)]
    [InlineData("a1,a2,0.2\na1,b1,0.1\na1,a2,0.9\n", 4, 2)]
    public void Of_two_rows_that_contradict_each_other_neither_is_used_and_both_are_named(string rows, long later, long earlier)
    {
        var comparisons = ScoreReader.Read(
            _folder.Write("s.csv", "probe,reference,score\n" + rows), ScoreFormat.Csv, People(), _faults);
        Assert.Equal(0, comparisons.Mated.Count);
        Assert.Equal(1, comparisons.Impostors.Count);
        Assert.Equal([(later, "contradicting rows"), (earlier, "contradicting rows")], _faults.First.Select(f => (f.Line, f.Kind)));
    }

    [Fact]
    public void Rows_that_disagree_whether_they_are_mated_contradict_each_other_also_the_other_way_round()
    {
        ScoreReader.Read(
            _folder.Write("s.csv", "probe,reference,score,mated\nx,y,0.9,1\ny,x,0.9,0\nx,z,0.1,0\n"), ScoreFormat.Csv, null, _faults);
        Assert.Equal([3L, 2L], _faults.First.Select(f => f.Line));
        Assert.Equal(2, _faults.Counts["contradicting rows"]);
    }

    [Theory]
    [InlineData("ann ann p1 0.9\nann bob p2 0.1\nbob bob p2 0.8\nbob ann p1 nan\n")]
    [InlineData("ann m1 ann p1 0.9\nann m1 bob p2 0.1\nbob m2 bob p2 0.8\nbob m2 ann p1 nan\n")]
    public void Bobs_files_of_four_and_five_columns_bring_their_subjects(string text)
    {
        var comparisons = ScoreReader.Read(_folder.Write("scores-dev", text), ScoreFormat.Detect, null, _faults);
        Assert.Equal([0.8, 0.9], comparisons.Mated.Scores.ToArray().Order());
        Assert.Equal([0.1], comparisons.Impostors.Scores.ToArray());
        Assert.Equal(1, comparisons.FailedImpostors);
        Assert.Equal(["ann", "bob"], comparisons.Images!.Subjects);
        Assert.Equal(0, _faults.Total);
    }

    [Fact]
    public void A_spreadsheets_semicolons_and_decimal_commas_are_read()
    {
        var comparisons = ScoreReader.Read(
            _folder.Write("s.csv", "\uFEFFprobe;reference;score\r\na1;a2;0,9\r\na1;b1;0,1\r\n"), ScoreFormat.Detect, People(), _faults);
        Assert.Equal([0.9], comparisons.Mated.Scores.ToArray());
        Assert.Equal([0.1], comparisons.Impostors.Scores.ToArray());
        Assert.Equal(0, _faults.Total);
    }

    [Fact]
    public void The_order_of_the_rows_changes_nothing_in_the_report()
    {
        var (embeddings, images) = SyntheticFaces.Make(40, s => 2 + s % 3, 16, 91, new Dictionary<string, Func<int, int, string>>
        {
            ["quality"] = (s, p) => ((s * 7 + p * 3) % 11).ToString(CultureInfo.InvariantCulture),
        });
        var file = Path.Combine(_folder.Path, "all.csv");
        ScoreWriter.WriteAllPairs(file, embeddings, images, _faults);
        var rows = File.ReadAllLines(file);
        new RandomStream(1, 1).Shuffle<string>(rows.AsSpan(1));
        var shuffled = _folder.Write("shuffled.csv", string.Join('\n', rows) + "\n");
        var plan =
            new Protocol { Name = "p", GlobalFmr = 0.1, FalseMatchRates = [0.1, 0.01], Bootstrap = new BootstrapPlan { Replicates = 100 } };
        string Report(string scores) => ReportJson.Write(new EvaluationReport
        {
            Protocol = plan,
            Faults = _faults,
            DataSet = images,
            Verification = VerificationEvaluation.Run(ScoreReader.Read(scores, ScoreFormat.Csv, images, _faults), plan),
        });
        Assert.Equal(Report(file), Report(shuffled));
        Assert.Contains("\"idealArea\"", Report(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Distances_are_turned_round()
    {
        var comparisons = ScoreReader.Read(
            _folder.Write("s.csv", "score,mated\n0.5,1\n1.5,0\n"), ScoreFormat.Csv, null, _faults, distances: true);
        Assert.Equal([-0.5], comparisons.Mated.Scores.ToArray());
        Assert.Equal([-1.5], comparisons.Impostors.Scores.ToArray());
    }

    [Fact]
    public void What_is_wrong_is_named_by_file_and_line_and_the_rest_is_read()
    {
        var file = _folder.Write(
            "s.csv", "probe,reference,score\na1,a2,0.9\na1,zz,0.1\na1,b1,NaN\na1,b1,abc\na1,b1\na1,a2,0.9\na1,c1,0.2\nb1,b1,1\n");
        var comparisons = ScoreReader.Read(file, ScoreFormat.Csv, People(), _faults);
        Assert.Equal(1, comparisons.Mated.Count);
        Assert.Equal(1, comparisons.Impostors.Count);
        Assert.Equal(
            [(3L, "unknown image"), (4, "not a number"), (5, "malformed line"), (6, "malformed line"), (7, "duplicate row")],
            _faults.First.Select(f => (f.Line, f.Kind)));
        Assert.All(_faults.First, fault => Assert.Equal(file, fault.File));
        Assert.Equal(1, comparisons.LeftOut["photo compared with itself"]);
        Assert.Equal(2, _faults.Counts["malformed line"]);
    }

    [Fact]
    public void A_strict_run_ends_at_the_first_fault_and_names_it()
    {
        var file = _folder.Write("s.csv", "score,mated\n0.1,0\n0.2,maybe\n");
        var error = Assert.Throws<EvaluationException>(() => ScoreReader.Read(file, ScoreFormat.Csv, null, new InputFaults(strict: true)));
        Assert.StartsWith($"{file}:3:", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, error.Line);
    }

    [Theory]
    [InlineData("\n", "0.5,1,7")]
    [InlineData("\r\n", "\"0.5,1")]
    [InlineData("\n", "0.5;1")]
    public void One_malformed_line_in_a_hundred_thousand_is_found_by_its_number(string newline, string bad)
    {
        const int Rows = 100_000;
        var text = new StringBuilder("score,mated").Append(newline);
        for (var row = 2; row <= Rows; row++)
            text.Append(row == 76_543 ? bad : (row % 1000 / 1000.0).ToString(CultureInfo.InvariantCulture) + ",0").Append(newline);
        var comparisons = ScoreReader.Read(_folder.Write("s.csv", text.ToString()), ScoreFormat.Csv, null, _faults);
        Assert.Equal(Rows - 2, comparisons.Impostors.Count);
        Assert.Equal(76_543, Assert.Single(_faults.First).Line);
    }

    [Fact]
    public void A_return_code_other_than_zero_is_a_failed_comparison()
    {
        var file = _folder.Write("match.log", "enrollTempl verifTempl simScore returnCode\na1 a2 -1 5\na1 b1 -1 5\nb1 c1 0.1 0\n");
        var comparisons = ScoreReader.Read(file, ScoreFormat.FrteMatch, People(), _faults);
        Assert.Equal(1, comparisons.FailedMated);
        Assert.Equal(1, comparisons.FailedImpostors);
        Assert.Equal(1, comparisons.ImpostorScores.Total);
    }

    [Fact]
    public void A_row_that_contradicts_the_metadata_is_a_fault()
    {
        ScoreReader.Read(_folder.Write("s.csv", "probe,reference,score,mated\na1,a2,0.9,0\n"), ScoreFormat.Csv, People(), _faults);
        Assert.Equal("contradiction", Assert.Single(_faults.First).Kind);
    }

    [Fact]
    public void A_missing_file_an_empty_file_and_missing_columns_are_refused_with_the_remedy()
    {
        Assert.Contains("cannot be read", Assert.Throws<EvaluationException>(
            () => ScoreReader.Read(Path.Combine(_folder.Path, "none"), ScoreFormat.Csv, null, _faults)).Message, StringComparison.Ordinal);
        Assert.Contains("first line names the columns", Assert.Throws<EvaluationException>(
            () => ScoreReader.Read(_folder.Write("e", ""), ScoreFormat.Csv, null, _faults)).Message, StringComparison.Ordinal);
        Assert.Contains("score and mated", Assert.Throws<EvaluationException>(
            () => ScoreReader.Read(_folder.Write("c", "score\n1\n"), ScoreFormat.Csv, null, _faults)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pyeers_two_files_are_read_whole()
    {
        var comparisons = Oracles.PyeerExp1();
        Assert.Equal(2793, comparisons.MatedScores.Total);
        Assert.Equal(4950, comparisons.ImpostorScores.Total);
    }

    [Fact]
    public void Reading_can_be_cancelled()
    {
        var text = new StringBuilder("score,mated\n");
        for (var row = 0; row < 50_000; row++)
            text.Append("0.1,0\n");
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() =>
            ScoreReader.Read(_folder.Write("s.csv", text.ToString()), ScoreFormat.Csv, null, _faults, cancellationToken: cancelled.Token));
    }
}
