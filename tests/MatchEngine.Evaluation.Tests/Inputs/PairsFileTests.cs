using MatchEngine.Evaluation.Inputs;
using MatchEngine.Tests;

namespace MatchEngine.Evaluation.Tests.Inputs;

public sealed class PairsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly InputFaults _faults = new(strict: false);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_five_folds_of_lfw_a_are_read()
    {
        var lfw = DataSetReader.Read(TestData.Require("lfw-a"), _faults);
        var pairs = PairsFile.Read(TestData.Require("lfw-a/pairs.txt"), lfw, _faults);
        Assert.Equal(0, _faults.Total);
        Assert.Equal(3000, pairs.Count);
        Assert.All(pairs.GroupBy(p => p.Fold), fold =>
        {
            Assert.Equal(600, fold.Count());
            Assert.Equal(300, fold.Count(p => lfw.SubjectOf[p.First] == lfw.SubjectOf[p.Second]));
        });
        Assert.EndsWith("Abel_Pacheco_0001.jpg", lfw.Images[pairs[0].First], StringComparison.Ordinal);
        Assert.EndsWith("Abel_Pacheco_0004.jpg", lfw.Images[pairs[0].Second], StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_with_an_unknown_photo_is_named_by_line()
    {
        var set = new DataSet("s", ["p/A_0001.jpg", "p/A_0002.jpg", "p/B_0001.jpg"], ["A", "A", "B"]);
        var file = _folder.Write("pairs.txt", "1\t1\nA\t1\t2\nA\t1\tB\t7\n");
        Assert.Single(PairsFile.Read(file, set, _faults));
        var fault = Assert.Single(_faults.First);
        Assert.Equal((3, "unknown image"), (fault.Line, fault.Kind));
        Assert.Contains("B_0007", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_file_is_not_taken_for_a_pairs_file()
    {
        var set = new DataSet("s", ["a"], ["a"]);
        Assert.Throws<EvaluationException>(() => PairsFile.Read(_folder.Write("x.txt", "hello\n"), set, _faults));
    }
}
