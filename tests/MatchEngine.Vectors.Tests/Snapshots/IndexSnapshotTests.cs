using System.Buffers.Binary;
using System.Diagnostics;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Measurement;
using MatchEngine.Vectors.Snapshots;

namespace MatchEngine.Vectors.Tests.Snapshots;

public sealed class IndexSnapshotTests : IDisposable
{
    private const int Dimension = 128;
    private static readonly FaceLikeVectors Faces = new(Dimension, seed: 40);
    private static readonly Template[] Gallery = [.. Enumerable.Range(0, 1200).Select(
        i => Template.FromEmbedding(Faces.Encounter(i / 2, i % 2), Oracle.Model))];
    private readonly string _folder = Directory.CreateTempSubdirectory("snapshot").FullName;

    private string Path => System.IO.Path.Combine(_folder, "gallery.index");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(1200, false)]
    [InlineData(1200, true)]
    [InlineData(1195, true)]
    public void An_opened_snapshot_answers_as_the_index_did(int count, bool sketches)
    {
        var index = Fill(count, sketches);
        for (var id = 3; id < count; id += 17)
            index.Remove(id);
        IndexSnapshot.Save(index, Path, stamp: 77, cancellationToken: TestContext.Current.CancellationToken);
        var (opened, stamp) = IndexSnapshot.Open(Path, Oracle.Model, Dimension);
        Assert.Equal((77, index.Count, index.SketchVersion), (stamp, opened.Count, opened.SketchVersion));
        Assert.False(File.Exists(Path + ".tmp"));
        for (var i = 0; i < 40; i++)
        {
            var probe = Template.FromEmbedding(Faces.Encounter(i * 11, 7), Oracle.Model);
            var (expected, found) = (index.Search(probe), opened.Search(probe));
            Assert.Equal(expected.Hits, found.Hits);
            Assert.Equal((expected.Path, expected.Precision, expected.Compared), (found.Path, found.Precision, found.Compared));
        }
        for (var id = 0; id < count; id++)
            Assert.Equal(index.Contains(id), opened.Contains(id));
    }

    [Fact]
    public void An_opened_index_goes_on_changing_and_the_file_stays_as_it_is()
    {
        IndexSnapshot.Save(Fill(1200, sketches: true), Path, 1, cancellationToken: TestContext.Current.CancellationToken);
        var before = File.ReadAllBytes(Path);
        var (opened, _) = IndexSnapshot.Open(Path, Oracle.Model, Dimension);
        Assert.True(opened.Remove(10));
        Assert.False(opened.Remove(10));
        opened.Add(10, 99, Gallery[11]);
        opened.Add(5000, 5000, Gallery[20]);
        Assert.Equal((1201, 20L, 5000L), (opened.Count, opened.Search(Gallery[20]).Hits[0].Id, opened.Search(Gallery[20]).Hits[1].Id));
        for (var id = 100; id < 1200; id++)
            Assert.True(opened.Remove(id));
        opened.TrainSketches(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(101, opened.Count);
        Assert.Equal(before, File.ReadAllBytes(Path));

        // And is saved again, over the file that it lies in.
        IndexSnapshot.Save(opened, Path, 2, cancellationToken: TestContext.Current.CancellationToken);
        var (again, stamp) = IndexSnapshot.Open(Path, Oracle.Model, Dimension);
        Assert.Equal((2, 101), (stamp, again.Count));
        Assert.Equal(opened.Search(Gallery[20]).Hits, again.Search(Gallery[20]).Hits);
        Assert.Equal(opened.Search(Gallery[11]).Hits, again.Search(Gallery[11]).Hits);
    }

    [Fact]
    public void Copies_can_be_left_in_the_file()
    {
        IndexSnapshot.Save(Fill(300, sketches: false), Path, 1, cancellationToken: TestContext.Current.CancellationToken);
        var (opened, _) = IndexSnapshot.Open(Path, Oracle.Model, Dimension, new ExactIndexOptions { KeepFloat16 = false });
        var answer = opened.Search(Gallery[5]);
        Assert.Equal(ScorePrecision.Int8, answer.Precision);
        Assert.All(answer.Hits, hit => Assert.Equal(Oracle.Score(Gallery[5], Gallery[hit.Id]), hit.Score));
    }

    [Fact]
    public void A_changed_byte_in_any_section_is_refused_by_the_sections_name()
    {
        IndexSnapshot.Save(Fill(1200, sketches: true), Path, 1, cancellationToken: TestContext.Current.CancellationToken);
        var whole = File.ReadAllBytes(Path);
        var names = new List<string>();
        foreach (var (kind, offset, length) in Sections(whole))
        {
            var name = ((SnapshotSection)kind).ToString().ToLowerInvariant();
            names.Add(name);
            if (length == 0)
                continue;
            foreach (var at in new[] { offset, offset + (length / 2), offset + length - 1 })
                Refused(whole, bytes => bytes[at] ^= 0x10, name);
        }
        Assert.Equal(["ids", "subjects", "scales", "bodies", "float16", "basis", "sketches", "outliers", "erased"], names);
        foreach (var at in new[] { 5, 8, 12, 20, 50, 60, 66, 72, 80, 100, 3000, 4095 })
            Refused(whole, bytes => bytes[at] ^= 0x10, "header");
        Refused(whole, bytes => bytes[0] ^= 1, "header");
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_refused()
    {
        IndexSnapshot.Save(Fill(1200, sketches: true), Path, 1, cancellationToken: TestContext.Current.CancellationToken);
        var whole = File.ReadAllBytes(Path);
        var boundaries = Sections(whole).SelectMany(s => new[] { s.Offset, s.Offset + 1, s.Offset + s.Length - 1 })
            .Where(at => at < Sections(whole).Max(s => s.Offset + s.Length))
            .Concat([0L, 1, 100, 4095, 4096]);
        foreach (var length in boundaries.Distinct())
        {
            File.WriteAllBytes(Path, whole[..(int)length]);
            var thrown = Assert.Throws<SnapshotException>(() => IndexSnapshot.Open(Path, Oracle.Model, Dimension));
            Assert.NotNull(thrown.Section);
            Assert.Contains("delete it", thrown.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_newer_version_another_model_and_another_dimension_are_refused_politely()
    {
        IndexSnapshot.Save(Fill(100, sketches: false), Path, 1, cancellationToken: TestContext.Current.CancellationToken);
        Assert.IsType<ModelMismatchException>(
            Assert.Throws<SnapshotException>(() => IndexSnapshot.Open(Path, Oracle.OtherModel, Dimension)).InnerException);
        Assert.Contains(
            "128 dimensions",
            Assert.Throws<SnapshotException>(() => IndexSnapshot.Open(Path, Oracle.Model, 256)).Message, StringComparison.Ordinal);
        var bytes = File.ReadAllBytes(Path);
        bytes[4] = 9;
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4092), TemplateFormat.Crc32C(bytes.AsSpan(0, 4092)));
        File.WriteAllBytes(Path, bytes);
        Assert.Contains(
            "version 9",
            Assert.Throws<SnapshotException>(() => IndexSnapshot.Open(Path, Oracle.Model, Dimension)).Message, StringComparison.Ordinal);
        File.Delete(Path);
        Assert.Throws<FileNotFoundException>(() => IndexSnapshot.Open(Path, Oracle.Model, Dimension));
    }

    [Fact]
    public void A_cancelled_saving_leaves_the_former_snapshot()
    {
        IndexSnapshot.Save(Fill(100, sketches: false), Path, 1, cancellationToken: TestContext.Current.CancellationToken);
        Assert.ThrowsAny<OperationCanceledException>(
            () => IndexSnapshot.Save(Fill(1200, sketches: false), Path, 2, cancellationToken: new CancellationToken(canceled: true)));
        var (opened, stamp) = IndexSnapshot.Open(Path, Oracle.Model, Dimension);
        Assert.Equal((1, 100), (stamp, opened.Count));
        Assert.False(File.Exists(Path + ".tmp"));
    }

    [Fact]
    public async Task Snapshots_saved_while_writers_work_hold_whole_templates_only()
    {
        var index = Fill(600, sketches: true);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var writing = Task.Run(() =>
        {
            var random = new Random(1);
            while (!stop.IsCancellationRequested)
            {
                var id = random.Next(300, 1200);
                if (!index.Remove(id))
                    index.Add(id, id, Gallery[id]);
            }
        });
        for (var round = 0; round < 12; round++)
        {
            IndexSnapshot.Save(index, Path, round, cancellationToken: TestContext.Current.CancellationToken);
            var (opened, _) = IndexSnapshot.Open(Path, Oracle.Model, Dimension);
            var present = Enumerable.Range(0, 1200).Where(id => opened.Contains(id)).ToArray();
            Assert.Equal(opened.Count, present.Length);
            Assert.Equal(Enumerable.Range(0, 300), present[..300]);
            foreach (var id in present)
                Assert.Contains(opened.Search(Gallery[id], 3).Hits, hit => hit.Id == id && hit.Score == 1f);
        }
        await stop.CancelAsync();
        await writing;
    }

    [Fact]
    public async Task A_process_killed_while_it_saves_leaves_a_whole_snapshot()
    {
        IndexSnapshot.Save(Fill(1200, sketches: true), Path, 0, cancellationToken: TestContext.Current.CancellationToken);
        var random = new Random(5);
        long last = 0;
        for (var round = 0; round < 4; round++)
        {
            var start = new ProcessStartInfo(
                Environment.ProcessPath is { } path && System.IO.Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                ArgumentList =
                {
                    typeof(IndexSnapshotTests).Assembly.Location, "-noLogo", "-explicit", "only", "-method",
                    $"{typeof(IndexSnapshotTests).FullName}.{nameof(Saves_for_ever_until_it_is_killed)}",
                },
                Environment = { ["MATCHENGINE_SAVE_FOR_EVER"] = Path },
            };
            using var child = Process.Start(start)!;
            try
            {
                // Once it has saved a first time, it is killed at any moment of the saving.
                for (var i = 0; i < 6000 && !child.HasExited && IndexSnapshot.Open(Path, Oracle.Model, Dimension).Stamp == last; i++)
                    await Task.Delay(20, TestContext.Current.CancellationToken);
                await Task.Delay(random.Next(1, 60), TestContext.Current.CancellationToken);
            }
            finally
            {
                child.Kill();
                await child.WaitForExitAsync(CancellationToken.None);
            }
            var (opened, stamp) = IndexSnapshot.Open(Path, Oracle.Model, Dimension);
            Assert.True(stamp > last, $"the child saved nothing: stamp {stamp} after {last}");
            last = stamp;
            Assert.Equal(1200, opened.Count);
            Assert.Equal(Fill(1200, sketches: false).Search(Gallery[9]).Hits, opened.Search(Gallery[9]).Hits);
        }
        // What it left half written is in nobody's way.
        IndexSnapshot.Save(Fill(10, sketches: false), Path, 1, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(10, IndexSnapshot.Open(Path, Oracle.Model, Dimension).Index.Count);
    }

    [Fact(Explicit = true)]
    public void Saves_for_ever_until_it_is_killed()
    {
        var path = Environment.GetEnvironmentVariable("MATCHENGINE_SAVE_FOR_EVER");
        Assert.SkipWhen(path is null, "is the victim of another test");
        var (index, stamp) = IndexSnapshot.Open(path!, Oracle.Model, Dimension);
        while (true)
            IndexSnapshot.Save(index, path!, ++stamp, cancellationToken: TestContext.Current.CancellationToken);
    }

    private static ExactIndex Fill(int count, bool sketches)
    {
        var index = new ExactIndex(Oracle.Model, Dimension, new ExactIndexOptions { TrainInBackground = false });
        for (var i = 0; i < count; i++)
            index.Add(i, i / 2, Gallery[i]);
        if (sketches)
            index.TrainSketches();
        return index;
    }

    private static IEnumerable<(int Kind, long Offset, long Length)> Sections(byte[] file)
    {
        // From the documented format, not from the code.
        for (var i = 0; i < BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(12)); i++)
        {
            var entry = file.AsMemory(72 + (24 * i)).Span;
            yield return (BinaryPrimitives.ReadInt32LittleEndian(entry), BinaryPrimitives.ReadInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadInt64LittleEndian(entry[16..]));
        }
    }

    private void Refused(byte[] whole, Action<byte[]> change, string section)
    {
        var bytes = (byte[])whole.Clone();
        change(bytes);
        File.WriteAllBytes(Path, bytes);
        var thrown = Assert.Throws<SnapshotException>(() => IndexSnapshot.Open(Path, Oracle.Model, Dimension));
        Assert.Equal(section, thrown.Section);
        Assert.Contains(Path, thrown.Message, StringComparison.Ordinal);
    }
}
