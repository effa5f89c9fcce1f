using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Dossiers;
using MatchEngine.Vetting.Runs;

namespace MatchEngine.Vetting.Tests.Dossiers;

public sealed class DossierDiffTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("diff-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, Dossier dossier)
    {
        using var key = DossierSignature.Key(null);
        DossierFolder.WriteAsync(dossier, Path.Combine(_folder, name), key, prints: false, CancellationToken.None)
            .GetAwaiter().GetResult();
        return Path.Combine(_folder, name);
    }

    [Fact]
    public void What_changed_is_told_and_what_did_not_is_not()
    {
        var before = Write("a", SampleDossier.Of());
        var after = Write("b", SampleDossier.Of(version: "2.0", conduct: [.. SampleDossier.Findings("Fake", Verdict.Pass).Take(2)]));
        var diff = DossierDiff.Of(before, after, 100, TestContext.Current.CancellationToken);
        Assert.Equal([new DossierDifference("version", "1.0", "2.0")], diff.Identity);
        Assert.Equal(
            [new DossierDifference("disclaimer", "fail", "pass"), new DossierDifference("tls", "not-testable", null)], diff.Conduct);
        Assert.Empty(diff.Load);
        // The same searches of the same people: no difference, and paired.
        Assert.True(diff.Comparison!["paired"]!.GetValue<bool>());
        Assert.All(diff.Comparison["rates"]!.AsArray(), rate => Assert.Equal(0, rate!["difference"]!.GetValue<double>()));
    }

    [Fact]
    public void Without_accuracy_the_rest_is_compared_and_the_reason_said()
    {
        var diff = DossierDiff.Of(
            Write("a", SampleDossier.Of()), Write("b", SampleDossier.Of() with { Accuracy = null, Load = null }), 100,
            TestContext.Current.CancellationToken);
        Assert.Equal(["Accuracy was not examined in both."], diff.Accuracy);
        Assert.Equal(2, diff.Load.Count);
        Assert.Null(diff.Comparison);
    }

    [Fact]
    public void Of_what_is_no_dossier_there_is_no_difference() =>
        Assert.Throws<VettingException>(() => DossierDiff.Of(Write("a", SampleDossier.Of()), _folder, 100, CancellationToken.None));
}
