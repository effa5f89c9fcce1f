using MatchEngine.Vectors.Auto;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Measurement;
using MatchEngine.Vectors.Snapshots;

namespace MatchEngine.Vectors.Tests.Hnsw;

public sealed class HnswSnapshotTests : IDisposable
{
    private const int Dimension = 64;
    private static readonly FaceLikeVectors Faces = new(Dimension, seed: 42);

    // More than a chunk, so that the first is mapped and the second copied.
    private static readonly (long Id, long Subject, Template Template)[] Gallery = Make(HnswChunk.Rows + 1500);
    private static readonly AutoIndexOptions Options = new()
    {
        Exact = new ExactIndexOptions { SketchFrom = 10_000, TrainInBackground = false },
        Hnsw = new HnswOptions { M = 8, EfConstruction = 32, EfSearch = 64 },
        GraphFrom = null,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("graph").FullName;

    private string Path => System.IO.Path.Combine(_folder, "gallery.index");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_graph_is_opened_as_it_was_saved_and_goes_on_changing()
    {
        var index = new AutoIndex(new ExactIndex(Oracle.Model, Dimension, Options.Exact), Options, new SearchCosts(1000, 0.001));
        foreach (var (id, subject, template) in Gallery)
            index.Add(id, subject, template);
        index.Exact.TrainSketches(cancellationToken: TestContext.Current.CancellationToken);
        index.BuildGraph(cancellationToken: TestContext.Current.CancellationToken);
        for (var id = 5; id < 3000; id += 7)
            Assert.True(index.Remove(id));
        // Settled, so that the saved graph has no way that the other has not.
        index.Graph!.Repair();
        IndexSnapshot.Save(index, Path, 3, cancellationToken: TestContext.Current.CancellationToken);

        var (opened, _) = IndexSnapshot.OpenAuto(Path, Oracle.Model, Dimension, Options);

        Assert.True(opened.HasGraph);
        Assert.Equal(
            (index.Count, index.Graph.Count, index.Graph!.Graph.Entry.Level),
            (opened.Count, opened.Graph!.Count, opened.Graph!.Graph.Entry.Level));
        Assert.Equal(index.Graph.Calibration, opened.Graph.Calibration);
        for (var i = 0; i < 200; i++)
        {
            var probe = Template.FromEmbedding(Faces.Encounter(i * 80, 7), Oracle.Model);
            var (expected, found) = (index.Graph.Search(probe), opened.Graph.Search(probe));
            Assert.Equal(expected.Hits, found.Hits);
            Assert.Equal((IndexAnswer.Hnsw, expected.Precision), (found.Path, found.Precision));
        }

        var file = File.ReadAllBytes(Path);
        for (var id = 0; id < 4000; id += 3)
            Assert.Equal(opened.Contains(id), opened.Remove(id));
        opened.Graph.Repair();
        for (var i = 0; i < 500; i++)
            opened.Add(100_000 + i, 100_000 + i, Gallery[i * 3].Template);
        for (var i = 0; i < 500; i += 9)
            Assert.Contains(opened.Graph.Search(Gallery[i * 3].Template, 5).Hits, hit => hit.Id == 100_000 + i);
        for (var i = 4000; i < Gallery.Length; i += 301)
            Assert.Equal(opened.Exact.Search(Gallery[i].Template, 1).Hits[0], opened.Graph.Search(Gallery[i].Template, 1).Hits[0]);
        Assert.Equal(file, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_graph_of_other_options_is_left_and_damage_is_named()
    {
        var index = new AutoIndex(Oracle.Model, Dimension, Options);
        foreach (var (id, subject, template) in Gallery[..1200])
            index.Add(id, subject, template);
        index.BuildGraph(cancellationToken: TestContext.Current.CancellationToken);
        IndexSnapshot.Save(index, Path, 3, cancellationToken: TestContext.Current.CancellationToken);
        var other = Options with { Hnsw = Options.Hnsw with { M = 12 } };
        Assert.False(IndexSnapshot.OpenAuto(Path, Oracle.Model, Dimension, other).Index.HasGraph);

        var whole = File.ReadAllBytes(Path);
        var sections = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(whole.AsSpan(12));
        var named = new List<string>();
        for (var i = 0; i < sections; i++)
        {
            var entry = whole.AsSpan(SnapshotFormat.DirectoryOffset + (i * SnapshotFormat.EntryLength));
            var (offset, length) = (System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(entry[8..]),
                System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(entry[16..]));
            if (length == 0)
                continue;
            var damaged = whole.ToArray();
            damaged[offset + (length / 2)] ^= 1;
            File.WriteAllBytes(Path, damaged);
            named.Add(Assert.Throws<SnapshotException>(() => IndexSnapshot.OpenAuto(Path, Oracle.Model, Dimension, Options)).Section!);
        }
        Assert.Equal(named.Count, named.Distinct().Count());
        Assert.Superset(new HashSet<string> { "graph", "graphcells", "graphlinks" }, named.ToHashSet());
    }

    private static (long, long, Template)[] Make(int count)
    {
        var all = new (long, long, Template)[count];
        var faces = Faces;
        Parallel.For(0, count, i => all[i] = (i, i / 2, Template.FromEmbedding(faces.Encounter(i / 2, i % 2), Oracle.Model)));
        return all;
    }
}
