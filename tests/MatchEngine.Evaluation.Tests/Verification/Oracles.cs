using System.Globalization;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Verification;
using MatchEngine.Tests;

namespace MatchEngine.Evaluation.Tests.Verification;

/// <summary>Scores with answers of other people's code.</summary>
internal static class Oracles
{
    public static Comparisons PyeerExp1()
    {
        var genuine = TestData.Require("oracle/pyeer/exp1_true.txt");
        return ScoreReader.ReadTwoFiles(genuine, TestData.Require("oracle/pyeer/exp1_false.txt"), new InputFaults(strict: true));
    }

    public static double[][] Bob(string name) => [.. File.ReadLines(TestData.Require($"oracle/bob.measure/nonsep-{name}.txt"))
        .Select(line =>
            line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => double.Parse(v, CultureInfo.InvariantCulture)).ToArray())];

    public static DetCurve BobCurve() => new(ScoreDistribution.Of(Bob("positives")[0]), ScoreDistribution.Of(Bob("negatives")[0]));
}
