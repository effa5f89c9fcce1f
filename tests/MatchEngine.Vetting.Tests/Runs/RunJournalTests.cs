using System.Text;
using MatchEngine.Vetting.Runs;

namespace MatchEngine.Vetting.Tests.Runs;

public sealed class RunJournalTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"journal-{Guid.NewGuid():N}.jsonl");

    private sealed record Outcome(string Text, double? Number);

    public void Dispose() => File.Delete(_file);

    private async Task<(int Made, string Digest)> Run(int steps, string run = "a run")
    {
        var made = 0;
        using var journal = RunJournal.Open(_file, run);
        for (var i = 0; i < steps; i++)
        {
            var outcome = await journal.OnceAsync<Outcome>("search", $"p{i}", () =>
            {
                made++;
                return Task.FromResult<Outcome?>(new Outcome($"ä\"{i}\n", 1.0 / (i + 3)));
            });
            Assert.Equal(new Outcome($"ä\"{i}\n", 1.0 / (i + 3)), outcome);
        }
        return (made, journal.OutcomesDigest(["search"]));
    }

    [Fact]
    public async Task What_was_done_is_not_done_again_and_the_outcomes_are_the_same()
    {
        Assert.Equal(7, (await Run(7)).Made);
        var resumed = await Run(12);
        Assert.Equal(5, resumed.Made);
        File.Delete(_file);
        var whole = await Run(12);
        Assert.Equal((12, whole.Digest), (whole.Made, resumed.Digest));
    }

    [Fact]
    public async Task Wherever_a_run_is_killed_it_goes_on_from_the_last_whole_line()
    {
        await Run(6);
        var whole = await File.ReadAllBytesAsync(_file, TestContext.Current.CancellationToken);
        var digest = (await Run(6)).Digest;
        for (var length = 0; length <= whole.Length; length += 7)
        {
            await File.WriteAllBytesAsync(_file, whole[..length], TestContext.Current.CancellationToken);
            var lines = whole[..length].Count(b => b == '\n');
            Assert.Equal((6 - Math.Max(0, lines - 1), digest), await Run(6));
            Assert.Equal(whole, await File.ReadAllBytesAsync(_file, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task A_changed_line_and_one_that_is_taken_out_are_noticed()
    {
        await Run(6);
        var lines = await File.ReadAllLinesAsync(_file, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(_file, lines.Where((_, i) => i != 3), TestContext.Current.CancellationToken);
        var taken = await Assert.ThrowsAsync<VettingException>(() => Run(6));
        Assert.Contains(":4: the journal was changed here", taken.Message, StringComparison.Ordinal);
        lines[2] = lines[2].Replace("0.25", "0.35", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(_file, lines, TestContext.Current.CancellationToken);
        var changed = await Assert.ThrowsAsync<VettingException>(() => Run(6));
        Assert.Contains(":3: the journal was changed here", changed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no JSON\n")]
    [InlineData("{}\n")]
    [InlineData("[1]\n")]
    [InlineData("{\"step\":1,\"name\":2,\"value\":3,\"chain\":4}\n")]
    public async Task What_is_no_journal_is_refused_by_line(string content)
    {
        await File.WriteAllTextAsync(_file, content, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<VettingException>(() => Run(1));
        Assert.Contains(":1: this is no line of a run's journal", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_run_does_not_go_on_with_it()
    {
        await Run(2);
        var refused = await Assert.ThrowsAsync<VettingException>(() => Run(2, "another run"));
        Assert.Contains("belongs to a run with another target", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runs_do_not_write_into_one()
    {
        using var journal = RunJournal.Open(_file, "a run");
        Assert.Contains(
            "another run at work",
            Assert.Throws<VettingException>(() => RunJournal.Open(_file, "a run")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_no_outcome_yet_is_asked_again()
    {
        using (var journal = RunJournal.Open(_file, "a run"))
            Assert.Null(await journal.OnceAsync<Outcome>("search", "p0", () => Task.FromResult<Outcome?>(null)));
        Assert.Equal(1, (await Run(1)).Made);
    }

    [Fact]
    public async Task A_line_without_end_fills_no_memory()
    {
        await File.WriteAllBytesAsync(
            _file, Encoding.ASCII.GetBytes(new string('x', RunJournal.LongestLine + 100)), TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<VettingException>(() => Run(1));
        Assert.Contains("longer than any", refused.Message, StringComparison.Ordinal);
    }
}
