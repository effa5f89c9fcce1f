using MatchEngine.Service.Errors;
using MatchEngine.Service.Sandbox;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Tests.Sandbox;

public sealed class FaultsTests
{
    private readonly Faults _faults = new(new ServiceSettings { Sandbox = true });

    public static TheoryData<FaultSetting> Unusable =>
    [
        new FaultSetting(FaultKind.Delay, Key: ""),
        new FaultSetting(FaultKind.Delay, Gallery: "no gallery's name"),
        new FaultSetting(FaultKind.Delay, Route: new string('x', 201)),
        new FaultSetting(FaultKind.Delay, Header: new FaultHeader("", "x")),
        new FaultSetting(FaultKind.Delay, Header: new FaultHeader("x", new string('x', 201))),
        new FaultSetting(FaultKind.Delay, Script: ""),
        new FaultSetting(FaultKind.Delay, Script: "..X"),
        new FaultSetting(FaultKind.Delay, Script: new string('x', 1001)),
        new FaultSetting(FaultKind.Delay, Share: 1.1),
        new FaultSetting(FaultKind.Delay, Share: double.NaN),
        new FaultSetting(FaultKind.Delay, Share: 0.5, Script: "x"),
        new FaultSetting(FaultKind.Delay, ThenFaulty: true),
        new FaultSetting(FaultKind.Delay, Seconds: 0),
        new FaultSetting(FaultKind.Delay, Seconds: 301),
        new FaultSetting(FaultKind.LateReceipt, Seconds: double.PositiveInfinity),
        new FaultSetting(FaultKind.ScoresShifted, By: double.NaN),
        new FaultSetting(FaultKind.ListTooLong, Rows: 0),
        new FaultSetting(FaultKind.ListTooLong, Rows: 101),
    ];

    [Theory]
    [MemberData(nameof(Unusable))]
    public void A_value_that_cannot_be_used_is_refused(FaultSetting setting)
    {
        Assert.Equal(Problem.BadValue, Assert.Throws<ProblemException>(() => _faults.Put("f", setting)).Kind);
        Assert.Empty(_faults.All);
    }

    [Fact]
    public void There_are_a_hundred_and_no_more_and_each_can_be_replaced()
    {
        for (var i = 0; i < 100; i++)
            _faults.Put($"f{i}", new FaultSetting(FaultKind.Delay));
        Assert.Throws<ProblemException>(() => _faults.Put("one-more", new FaultSetting(FaultKind.Delay)));
        Assert.Equal(FaultKind.CutBody, _faults.Put("f7", new FaultSetting(FaultKind.CutBody)).Setting.Kind);
        _faults.Remove("f0");
        _faults.Put("one-more", new FaultSetting(FaultKind.Delay));
        Assert.Throws<ProblemException>(() => _faults.Remove("f0"));
        Assert.Throws<ProblemException>(() => _faults.Put("a b", new FaultSetting(FaultKind.Delay)));
    }

    [Theory]
    [InlineData("..x", false, "FFTFFF")]
    [InlineData(".x", true, "FTTTTT")]
    [InlineData(null, false, "TTTTTT")]
    public void A_script_says_whose_turn_it_is(string? script, bool then, string turns) =>
        Assert.Equal(turns, Turns(new FaultSetting(FaultKind.Delay, Script: script, ThenFaulty: then), 6));

    [Fact]
    public void A_share_is_one_and_the_same_seed_falls_the_same_way()
    {
        var setting = new FaultSetting(FaultKind.Delay, Share: 0.25, Seed: 5);
        var turns = Turns(setting, 1000);
        Assert.Equal(turns, Turns(setting, 1000));
        Assert.NotEqual(turns, Turns(setting with { Seed = 6 }, 1000));
        // Binomial: 250 give or take 13.7; six of those.
        Assert.InRange(turns.Count(turn => turn == 'T'), 250 - 82, 250 + 82);
        Assert.Equal(new string('F', 50), Turns(setting with { Share = 0 }, 50));
        Assert.Equal(new string('T', 50), Turns(setting with { Share = 1 }, 50));
    }

    [Fact]
    public void A_scope_holds_when_all_of_it_does()
    {
        var fault = new Fault("f", new FaultSetting(
            FaultKind.Delay, Key: "k", Route: "GET /v1/x", Header: new FaultHeader("h", "v")));
        Assert.True(fault.Concerns(Scope("k", "GET /v1/x", "v")));
        Assert.False(fault.Concerns(Scope("other", "GET /v1/x", "v")));
        Assert.False(fault.Concerns(Scope(null, "GET /v1/x", "v")));
        Assert.False(fault.Concerns(Scope("k", "POST /v1/x", "v")));
        Assert.False(fault.Concerns(Scope("k", "GET /v1/x", null)));
        Assert.True(new Fault("f", new FaultSetting(FaultKind.Delay)).Concerns(Scope(null, "GET /", null)));

        static FaultScope Scope(string? key, string route, string? header) => new(key, route, name => name == "h" ? header : null);
    }

    private static string Turns(FaultSetting setting, int count)
    {
        var fault = new Fault("f", setting);
        return string.Concat(Enumerable.Range(0, count).Select(_ => fault.IsTurn() ? 'T' : 'F'));
    }
}
