using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Vectors.Tests.Hnsw;

[Collection(nameof(Alone))]
public class HnswIndexMemoryTests
{
    private static readonly HnswIndex Index = Build(new HnswOptions().M);

    private static readonly FaceLikeVectors Faces = new(512, seed: 52);

    [Theory]
    [InlineData(16, 731)]
    [InlineData(32, 859)]
    public void A_template_of_512_dimensions_takes_body_sketch_links_ids_and_little_else(int m, double most)
    {
        var index = m == new HnswOptions().M ? Index : Build(m);
        Assert.InRange(index.AllocatedBytes / (double)index.Count, 512 + 64 + (8 * m) + 16, most);
    }

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

    private static HnswIndex Build(int m)
    {
        const int Count = 5000;
        var faces = new FaceLikeVectors(512, seed: 52);
        var rows = new (long, long, Template)[Count];
        Parallel.For(0, Count, i => rows[i] = (i, i / 2, Template.FromEmbedding(faces.Encounter(i / 2, i % 2), Oracle.Model)));
        var index = new HnswIndex(Oracle.Model, 512, new HnswOptions { M = m, EfSearch = 60, EfConstruction = 60 });
        index.AddRange(rows, 1);
        return index;
    }
}
