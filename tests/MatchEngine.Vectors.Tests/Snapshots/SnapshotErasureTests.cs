using System.Runtime.InteropServices;
using MatchEngine.Vectors.Auto;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Measurement;
using MatchEngine.Vectors.Snapshots;

namespace MatchEngine.Vectors.Tests.Snapshots;

public sealed class SnapshotErasureTests : IDisposable
{
    private const int Dimension = 128;
    private static readonly FaceLikeVectors Faces = new(Dimension, seed: 41);
    private static readonly Template[] Gallery = [.. Enumerable.Range(0, 5000).Select(
        i => Template.FromEmbedding(Faces.Encounter(i / 2, i % 2), Oracle.Model))];
    private readonly string _folder = Directory.CreateTempSubdirectory("erasure").FullName;

    private string Path => System.IO.Path.Combine(_folder, "gallery.index");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Erased_templates_are_gone_from_the_file_and_the_rest_still_opens(bool graph)
    {
        using var index = new Filled(graph);
        IndexSnapshot.Save(index.Auto, Path, 5, cancellationToken: TestContext.Current.CancellationToken);
        int[] gone = [0, 7, 8, 1234, 4999];
        Assert.All(gone, id => Assert.True(Holds(id)));

        Assert.Equal(5, IndexSnapshot.Erase(Path, [.. gone.Select(id => (long)id), 99_999]));
        Assert.Equal(0, IndexSnapshot.Erase(Path, [7, 8]));

        Assert.All(gone, id => Assert.False(Holds(id)));
        Assert.True(Holds(9));
        Assert.Equal(5, IndexSnapshot.ReadStamp(Path));
        var (opened, stamp) = IndexSnapshot.OpenAuto(Path, Oracle.Model, Dimension, index.Options);
        Assert.Equal((5, 4995, graph), (stamp, opened.Count, opened.HasGraph));
        foreach (var id in gone)
            Assert.True(index.Auto.Remove(id));
        for (var i = 0; i < 5000; i += 61)
        {
            Assert.Equal(index.Auto.Exact.Search(Gallery[i]).Hits, opened.Exact.Search(Gallery[i]).Hits);
            Assert.Equal(!gone.Contains(i), opened.Contains(i));
            Assert.DoesNotContain(opened.Search(Gallery[i]).Hits, hit => gone.Contains((int)hit.Id));
        }
        // A removed template may be enrolled again under a new id, and saved over the file.
        opened.Add(10_000, 10_000, Gallery[7]);
        IndexSnapshot.Save(opened, Path, 6, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(4996, IndexSnapshot.Open(Path, Oracle.Model, Dimension).Index.Count);
    }

    [Fact]
    public void An_interrupted_erasure_leaves_a_file_that_is_refused()
    {
        using var index = new Filled(graph: false);
        IndexSnapshot.Save(index.Auto, Path, 5, cancellationToken: TestContext.Current.CancellationToken);
        var header = File.ReadAllBytes(Path)[..4096];
        IndexSnapshot.Erase(Path, [17]);
        using (var stream = File.OpenWrite(Path))
            stream.Write(header); // As if the new header had not come to the disk.
        Assert.Throws<SnapshotException>(() => IndexSnapshot.Open(Path, Oracle.Model, Dimension));
    }

    [Fact]
    public void Files_that_are_no_snapshot_are_refused()
    {
        Assert.Throws<FileNotFoundException>(() => IndexSnapshot.Erase(Path, [1]));
        Assert.Null(IndexSnapshot.ReadStamp(Path));
        File.WriteAllBytes(Path, new byte[5000]);
        Assert.Null(IndexSnapshot.ReadStamp(Path));
        Assert.Throws<SnapshotException>(() => IndexSnapshot.Erase(Path, [1]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100_003)]
    public void A_checksum_is_carried_over_zeros_as_if_they_had_been_read(int zeros)
    {
        var bytes = new byte[13];
        new Random(1).NextBytes(bytes);
        var crc = TemplateFormat.Crc32CAdd(0, bytes);
        Assert.Equal(TemplateFormat.Crc32CAdd(crc, new byte[zeros]), SnapshotErasure.CarriedOver(crc, zeros));
    }

    /// <summary>Whether the file holds the body of a template, or its float16 copy, anywhere.</summary>
    private bool Holds(int id)
    {
        var file = File.ReadAllBytes(Path);
        var body = Gallery[id].Body.ToArray().Select(b => (byte)(b ^ 0x80)).ToArray();
        return file.AsSpan().IndexOf(body) >= 0 || file.AsSpan().IndexOf(MemoryMarshal.AsBytes(Gallery[id].Float16)) >= 0;
    }

    private sealed class Filled : IDisposable
    {
        public Filled(bool graph)
        {
            Options = new AutoIndexOptions
            {
                Exact = new ExactIndexOptions { SketchFrom = 1000, TrainInBackground = false },
                Hnsw = new HnswOptions { EfConstruction = 60, EfSearch = 100 },
                GraphFrom = null,
            };
            Auto = new AutoIndex(new ExactIndex(Oracle.Model, Dimension, Options.Exact), Options, new SearchCosts(1000, 0.001));
            for (var i = 0; i < Gallery.Length; i++)
                Auto.Add(i, i / 2, Gallery[i]);
            Auto.Exact.TrainSketches();
            if (graph)
                Auto.BuildGraph();
        }

        public AutoIndexOptions Options { get; }

        public AutoIndex Auto { get; }

        public void Dispose() => GC.KeepAlive(Auto);
    }
}
