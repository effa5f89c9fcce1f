using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Subjects;
using MatchEngine.Evaluation.Tests.Inputs;

namespace MatchEngine.Evaluation.Tests.Subjects;

public sealed class CorrectionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Photos_move_or_go_and_names_are_joined()
    {
        var file = _folder.Write("c.json", """{"dataSet":"s","source":"a list","photos":{"b1":"a","c1":null},"sameSubject":{"d":"a"}}""");
        var images = new DataSet("s", ["a1", "b1", "c1", "d1"], ["a", "b", "c", "d"]);
        var corrected = Corrections.Read(file).Apply(images, new InputFaults(strict: true));
        Assert.Equal(["a1", "b1", "d1"], corrected.Images);
        Assert.Equal(["a"], corrected.Subjects);
    }

    [Fact]
    public void Entries_that_name_nothing_are_faults_and_keys_that_are_not_known_are_refused()
    {
        var faults = new InputFaults(strict: false);
        var corrections = new Corrections
        {
            DataSet = "s",
            Source = "x",
            Photos = new Dictionary<string, string?> { ["zz"] = null },
            SameSubject = new Dictionary<string, string> { ["yy"] = "a" },
        };
        corrections.Apply(new DataSet("s", ["a1"], ["a"]), faults);
        Assert.Equal(["unknown image", "unknown subject"], faults.Counts.Keys);
        Assert.Throws<EvaluationException>(() => Corrections.Read(_folder.Write("c.json", """{"dataSet":"s","source":"x","fotos":{}}""")));
    }
}
