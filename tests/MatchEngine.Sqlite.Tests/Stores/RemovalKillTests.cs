using System.Text;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Tests.Fakes;

namespace MatchEngine.Sqlite.Tests.Stores;

/// <summary>
/// Processes that remove subjects are killed (SIGKILL): who was removed is gone, from every search and every file,
/// and who was not is whole.
/// </summary>
public class RemovalKillTests
{
    [Fact]
    public async Task Killed_removals_leave_whole_subjects_or_nothing() => await KillAndCheckAsync(kills: 4, subjects: 60, seed: 1);

    [Fact(Explicit = true)]
    public async Task A_hundred_killed_removals_leave_whole_subjects_or_nothing() =>
        await KillAndCheckAsync(kills: 100, subjects: 300, seed: 2);

    private static async Task KillAndCheckAsync(int kills, int subjects, int seed)
    {
        using var test = new TestGallery();
        var ids = Enumerable.Range(0, subjects).Select(i => $"S{i:0000}").ToList();
        await test.Gallery.EnrolAsync(
            test.Extractor,
            new ListSource(ids.SelectMany((id, i) => new[] { Item(id, i, 1), Item(id, i, 2) })), NoAudit.Next,
            new EnrolmentOptions { KeepImages = true });
        test.Gallery.Dispose();
        var random = new Random(seed);
        var removed = new HashSet<string>();
        var looked = new HashSet<string>();
        for (var kill = 0; kill < kills; kill++)
        {
            using (var worker = WorkerProcess.Start(RemovalWorker.Verb, test.Data, TestGallery.Name))
            {
                Assert.Equal("open", worker.StandardOutput.ReadLine());
                for (var wanted = random.Next(0, 6); wanted > 0 && worker.StandardOutput.ReadLine() is { } id && id != "end"; wanted--)
                    removed.Add(id);
                Thread.Sleep(random.Next(8));
                worker.Kill();
                // Ids are of one length: a line that was cut short is told from one that was acknowledged.
                removed.UnionWith(worker.StandardOutput.ReadToEnd().Split('\n').Where(line => line.Length == 5));
                worker.WaitForExit();
            }

            // Opening finishes what was begun.
            using var gallery = test.Catalog.Open(TestGallery.Name);
            var left = gallery.Subjects().ToDictionary(subject => subject.Id);
            Assert.Empty(removed.Intersect(left.Keys));
            Assert.All(left.Values, subject => Assert.Equal(2, subject.Encounters.Count));
            Assert.All(left.Values.SelectMany(subject => subject.Encounters), encounter => Assert.NotNull(gallery.ReadFace(encounter.Id)));
            var found = gallery.Search(
                test.Extractor, FakeImage.Of(new FakeFace(1)), new SearchOptions { ListLength = subjects }).Candidates
                .Select(candidate => candidate.SubjectId);
            Assert.Equal(left.Keys.Order(), found.Order());
            AssertNowhere(removed.Except(looked));
            looked.UnionWith(removed);
        }
        AssertNowhere(removed);
        Assert.NotEmpty(removed);
        Assert.Equal("ok", GalleryDump.IntegrityCheck(test.Data, TestGallery.Name));

        void AssertNowhere(IEnumerable<string> ids)
        {
            // Read once for all of them.
            var files = Directory.GetFiles(test.Data, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes).ToList();
            foreach (var id in ids)
                Assert.All(files, file => Assert.True(file.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"secret of {id}")) < 0, id));
        }

        static EnrolmentItem Item(string id, int identity, int variation) =>
            TestGallery.Item(
                id, FakeImage.Picture($"secret of {id} {variation}", new FakeFace(identity, variation)), ("note", $"secret of {id}"));
    }
}
