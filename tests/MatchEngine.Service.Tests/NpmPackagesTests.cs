using System.Text.RegularExpressions;
using MatchEngine.Tests;
using Xunit.Sdk;

namespace MatchEngine.Service.Tests;

public class NpmPackagesTests
{
    [Fact]
    public async Task A_test_without_its_packages_is_skipped_and_says_why_and_fails_in_CI()
    {
        const string absent = "no-such-packages";
        foreach (var (orFail, outcome) in new[] { (false, typeof(SkipException)), (true, typeof(FailException)) })
        {
            var thrown = await Record.ExceptionAsync(() => NpmPackages.RequireAsync(absent, orFail));
            Assert.IsType(outcome, thrown);
            Assert.Matches(new Regex($"tests/{absent}: .*(package.json|node)"), thrown.Message);
        }
    }
}
