using MatchEngine.Tests;
using MatchEngine.Vetting.Conduct;

namespace MatchEngine.Vetting.Tests.Conduct;

public class ConductReadmeTests
{
    [Fact]
    public void The_table_beside_the_checks_is_theirs()
    {
        var table = File.ReadLines(Path.Combine(TestData.Repository, "src/MatchEngine.Vetting/Conduct/README.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(
            ConductBattery.Requirements.Select(one => $"| `{one.Check}` | {one.Requirement} | {one.Source} |"), table);
    }
}
