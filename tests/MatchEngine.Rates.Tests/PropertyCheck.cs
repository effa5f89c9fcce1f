using FsCheck;

namespace MatchEngine.Rates.Tests;

/// <summary>Properties are checked on the same 200 random cases in every run.</summary>
internal static class PropertyCheck
{
    public static void CheckSame(this Property property) =>
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20_261_122, 4711).WithQuietOnSuccess(true));
}
