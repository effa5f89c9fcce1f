using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Exact;

[Collection(nameof(Alone))]
public class ExactIndexMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_search_allocates_nothing_but_its_answer(bool sketches)
    {
        var index = new ExactIndex(Oracle.Model, 128, new ExactIndexOptions { Parallelism = 2, TrainInBackground = false });
        var faces = new FaceLikeVectors(128, seed: 63);
        for (var id = 0; id < 20_000; id++)
            index.Add(id, id, Template.FromEmbedding(faces.Encounter(id, 0), Oracle.Model));
        var probe = Template.FromEmbedding(faces.Encounter(5, 1), Oracle.Model);
        if (sketches)
            index.TrainSketches(null, TestContext.Current.CancellationToken);
        for (var i = 0; i < 200; i++)
            index.Search(probe);
        const int Searches = 200;
        var bytes = double.MaxValue;
        // A helper that is late to let go makes the next search take another scan's buffers, which are then kept:
        // rounds are counted until none was new.
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Searches; i++)
                index.Search(probe);
            bytes = Math.Min(bytes, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Searches);
        }
        // 20 rows of 24 bytes in an array, and the answer; the thread pool's queue may grow once.
        Assert.InRange(bytes, 20 * 24, (20 * 24) + 24 + 64 + 32);
    }

    [Theory]
    [InlineData(false, 533, 542)]
    [InlineData(true, 592, 600)]
    public void A_template_of_512_dimensions_takes_at_most_600_bytes_with_its_sketch(bool sketches, double least, double most)
    {
        // 8,192 templates in full segments of 1,024, so that nothing is allocated ahead.
        const int Count = 8192;
        var faces = new FaceLikeVectors(512, seed: 6);
        var templates = new Template[Count];
        Parallel.For(0, Count, i => templates[i] = faces.Template(i, 0, Oracle.Model));
        var bytes = BytesPerTemplate(templates, sketches);
        // What an earlier test let go may be collected between the two looks at the heap, and then too little is seen.
        for (var again = 0; again < 4 && bytes < least; again++)
            bytes = BytesPerTemplate(templates, sketches);
        Assert.InRange(bytes, least, most);
    }

    private static double BytesPerTemplate(Template[] templates, bool sketches)
    {
        var options = new ExactIndexOptions { TrainInBackground = false };
        var before = Memory();
        var index = new ExactIndex(Oracle.Model, 512, options, Vectors.Kernels.DotKernel.Best, segmentRows: 1024);
        for (var id = 0; id < templates.Length; id++)
            index.Add(id, id, templates[id]);
        if (sketches)
            index.TrainSketches(null, TestContext.Current.CancellationToken);
        var bytes = Memory() - before;
        if (sketches)
        {
            // The basis is one for the gallery, not for the template.
            bytes -= index.Basis!.Matrix.Length * sizeof(float);
            Assert.Equal(120, index.Basis.Elements);
        }
        GC.KeepAlive(index);
        GC.KeepAlive(templates);
        return bytes / (double)templates.Length;
    }

    /// <summary>What lives. One collection may leave what a thread that has just ended held.</summary>
    private static long Memory()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
