namespace MatchEngine.Vectors.Tests.Exact;

[Collection(nameof(Alone))]
public class ExactIndexMemoryTests
{
    [Fact]
    public void A_search_allocates_nothing_but_its_answer()
    {
        var index = new ExactIndex(Oracle.Model, 128, parallelism: 2);
        var random = new Random(63);
        for (var id = 0; id < 20_000; id++)
            index.Add(id, id, Oracle.Random(random, 128));
        var probe = Oracle.Random(random, 128);
        for (var i = 0; i < 200; i++)
            index.Search(probe);
        const int Searches = 200;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Searches; i++)
            index.Search(probe);
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Searches;
        // 20 rows of 24 bytes in an array, and the answer; the thread pool's queue may grow once.
        Assert.InRange(bytes, 20 * 24, (20 * 24) + 24 + 48 + 32);
    }

    [Fact]
    public void A_template_of_512_dimensions_takes_at_most_600_bytes()
    {
        var template = Oracle.Random(new Random(50), 512);
        const int Count = 40_000;
        var index = new ExactIndex(Oracle.Model, 512);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var id = 0; id < Count; id++)
            index.Add(id, id, template);
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Count;

        // What is allocated ahead for the next templates is bounded by one segment.
        var spare = 0;
        foreach (var segment in index.Segments)
            spare += segment.Capacity - segment.Published;
        Assert.InRange(bytes - (spare * 533.0 / Count), 533, 600);
        GC.KeepAlive(index);
    }
}
