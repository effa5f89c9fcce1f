using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Probes;

namespace MatchEngine.Frs.Tests.Probes;

public class MemoryBudgetTests
{
    [Fact]
    public void All_hold_no_more_than_the_budget_and_one_no_more_than_half_of_it()
    {
        var budget = new MemoryBudget(4096);
        using var first = new OwnedBuffer(1024, null, budget.Of("a"));
        using var second = new OwnedBuffer(1024, null, budget.Of("a"));

        Assert.Equal(ErrorCodes.QueueFull, Assert.Throws<CodedException>(() => new OwnedBuffer(256, null, budget.Of("a"))).Code);

        using var others = new OwnedBuffer(2048, null, budget.Of("b"));
        Assert.Throws<CodedException>(() => new OwnedBuffer(256, null, budget.Of("c")));
        Assert.Equal(4096, budget.Held);
        others.Dispose();
        new OwnedBuffer(256, null, budget.Of("c")).Dispose();
        Assert.Equal(2048, budget.Held);
    }

    [Fact]
    public void A_buffer_takes_memory_as_bytes_come_and_gives_all_of_it_back()
    {
        var budget = new MemoryBudget(1 << 20);
        var buffer = new OwnedBuffer(256, null, budget.Of("a"));
        Assert.Equal(256, budget.Held);
        for (var i = 0; i < 100; i++)
            buffer.Append(new byte[100], expected: 10_000);
        // What was expected in the end, and not the next power of two.
        Assert.Equal(10_000, budget.Held);
        buffer.Append([1]);
        Assert.InRange(budget.Held, 10_001, 20_000);
        Assert.Throws<CodedException>(() => buffer.Append(new byte[1 << 20]));
        buffer.Dispose();
        buffer.Dispose();
        Assert.Equal(0, budget.Held);
    }
}
