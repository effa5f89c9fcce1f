namespace MatchEngine.Vectors.Tests.Hnsw;

[Collection(nameof(Alone))]
public class HnswIndexMemoryTests
{
    private static readonly HnswIndex Index = Build();

    private static readonly FaceLikeVectors Faces = new(512, seed: 52);

    [Fact]
    public void A_template_of_512_dimensions_takes_at_most_731_bytes_with_links_and_sketch() =>
        Assert.InRange(Index.AllocatedBytes / (double)Index.Count, 512 + 64 + 128 + 16, 731);

    [Fact]
    public void A_search_allocates_its_answer_and_nothing_else()
    {
        Template[] probes = [.. Enumerable.Range(0, 50).Select(i => Template.FromEmbedding(Faces.Encounter(i * 9, 4), Oracle.Model))];
        var bytes = double.MaxValue;
        var walked = 0;
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            foreach (var probe in probes)
                walked += Index.Search(probe).Path == IndexAnswer.Hnsw ? 1 : 0;
            bytes = Math.Min(bytes, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)probes.Length);
        }
        Assert.Equal(20 * probes.Length, walked);
        // 20 rows of 24 bytes in an array, and the answer.
        Assert.InRange(bytes, 20 * 24, (20 * 24) + 24 + 80);
    }

    [Fact]
    public void Listed_scores_are_those_of_the_float16_copies()
    {
        var probe = Template.FromEmbedding(Faces.Encounter(30, 4), Oracle.Model);
        var answer = Index.Search(probe);
        Assert.Equal(ScorePrecision.Float16, answer.Precision);
        var exact = new ExactIndex(Oracle.Model, 512);
        foreach (var hit in answer.Hits)
            exact.Add(hit.Id, hit.Subject, Template.FromEmbedding(Faces.Encounter(hit.Id / 2, (int)(hit.Id % 2)), Oracle.Model));
        Assert.Equal(exact.Search(probe).Hits, answer.Hits);
    }

    private static HnswIndex Build()
    {
        const int Count = 5000;
        var faces = new FaceLikeVectors(512, seed: 52);
        var rows = new (long, long, Template)[Count];
        Parallel.For(0, Count, i => rows[i] = (i, i / 2, Template.FromEmbedding(faces.Encounter(i / 2, i % 2), Oracle.Model)));
        var index = new HnswIndex(Oracle.Model, 512, new HnswOptions { EfSearch = 60, EfConstruction = 60 });
        index.AddRange(rows, 1);
        return index;
    }
}
