using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Tests.Inputs;

public class InputFaultsTests
{
    [Fact]
    public void All_faults_are_counted_and_the_first_ones_kept()
    {
        var faults = new InputFaults(strict: false, kept: 3);
        for (var line = 1; line <= 10; line++)
            faults.Add("f", line, line % 2 == 0 ? "even" : "odd", "r");
        Assert.Equal([1L, 2, 3], faults.First.Select(f => f.Line));
        Assert.Equal((10L, 5L), (faults.Total, faults.Counts["odd"]));
    }

    [Fact]
    public void A_strict_run_ends_at_the_first()
    {
        var error = Assert.Throws<EvaluationException>(() => new InputFaults(strict: true).Add("f.csv", 4, "k", "what to do"));
        Assert.Equal(("f.csv:4: what to do", "f.csv", 4L), (error.Message, error.File, error.Line));
    }
}
