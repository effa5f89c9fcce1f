using System.CommandLine;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Examinations;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Cli.Vetting;

/// <summary>The battery of conduct, with what the command line says of it.</summary>
internal static class VetConduct
{
    private const string Tag = "vet-conduct";

    public static ConductExamination Of(ParseResult parsed, ISystemUnderTest target) => async (photos, progress, cancellationToken) =>
    {
        var done = 0;
        var report = await ConductBattery.RunAsync(
            target,
            new ConductPhotos([.. photos.Pairs.Select(pair => new ConductPerson(pair.First, pair.Second))], photos.Strangers),
            new ConductOptions
            {
                Disclaimer = parsed.GetValue(VetOptions.Disclaimer),
                Reach = new Reach(parsed.GetValue(VetOptions.OwnerAgreed)),
                TrustedCertificateFile = parsed.GetValue(VetOptions.Certificate),
                // The same whenever the run is gone on with: whom a killed one left behind is met, and removed, by this one.
                Tag = Tag,
            },
            new Told(finding => progress?.Report(new RunProgress(
                "Conduct", (double)++done / ConductBattery.Requirements.Count, $"{finding.Check}: {finding.Verdict}"))),
            cancellationToken);
        return report.Findings;
    };

    private sealed class Told(Action<Finding> tell) : IProgress<Finding>
    {
        public void Report(Finding value) => tell(value);
    }
}
