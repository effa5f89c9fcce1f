using System.Diagnostics;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Tests;

namespace MatchEngine.Service.Tests.Packaging;

public class SystemdUnitTests
{
    private static readonly string[] Unit = File.ReadAllLines(
        Path.Combine(TestData.Repository, "packaging", "matchengine-service.service"));

    [Fact]
    public void Systemd_understands_every_line_of_the_unit()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "needs systemd-analyze (package systemd)");
        using var folder = new TemporaryFolder();
        // The program is looked for: one that is there stands in its place. A manual's address is looked for too.
        var unit = folder.Write(
            "unit.service",
            string.Join('\n', Unit.Where(line => !line.StartsWith("Documentation=", StringComparison.Ordinal)).Select(
                line => line.StartsWith("ExecStart=", StringComparison.Ordinal) ? "ExecStart=/bin/true" : line)));
        Assert.Equal((0, ""), Verify(unit));
        // What is misspelt is noticed by this check.
        var misspelt = folder.Write(
            "misspelt.service", File.ReadAllText(unit).Replace("ProtectSystem", "ProtectSytem", StringComparison.Ordinal));
        Assert.Contains("ProtectSytem", Verify(misspelt).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_unit_sets_settings_that_there_are_and_gives_the_service_time_to_end()
    {
        foreach (var name in Unit.Where(line => line.TrimStart('#', ' ').StartsWith("Environment=", StringComparison.Ordinal))
            .SelectMany(line => line.Split('=', 2)[1].Split(' ')).Select(pair => pair.Split('=')[0])
            .Where(name => name.StartsWith("MATCHENGINE_", StringComparison.Ordinal)))
            Assert.True(
                name is "MATCHENGINE_DATA_DIR" or "MATCHENGINE_DATA_KEY_FILE"
                    || typeof(ServiceSettings).GetProperties().Any(
                        setting => "MATCHENGINE_" + setting.Name.ToUpperInvariant() == name),
                $"{name} is no setting");
        var patience = int.Parse(
            Unit.Single(line => line.StartsWith("TimeoutStopSec=", StringComparison.Ordinal)).Split('=')[1],
            System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(patience > new ServiceLimits().ShutdownSeconds);
    }

    private static (int Code, string Error) Verify(string unit)
    {
        using var process = Process.Start(new ProcessStartInfo("systemd-analyze", ["verify", unit]) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
