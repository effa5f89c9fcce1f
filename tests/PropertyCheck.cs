using FsCheck;

namespace MatchEngine.Tests;

/// <summary>Properties are checked on the same random cases in every run: what fails here failed before, and fails again.</summary>
internal static class PropertyCheck
{
    /// <summary>Checks a property on so many cases; the calling test fails with the first one that does not hold, made small.</summary>
    public static void CheckSame(this Property property, int cases = 200) =>
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithReplay(20_261_122, 4711).WithQuietOnSuccess(true));
}
