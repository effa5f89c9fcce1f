using System.Globalization;
using MatchEngine.Faces;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Tests.Fakes;

namespace MatchEngine.Sqlite.Tests.Stores;

/// <summary>
/// A process that enrols is killed (SIGKILL), started again, killed again …: what stands at the end is the gallery of an undisturbed run,
/// byte for byte.
/// </summary>
public class EnrolmentKillTests
{
    private const int Photos = 400;

    [Fact]
    public void Killed_enrolments_and_a_last_run_end_with_the_gallery_of_an_undisturbed_run() => KillAndCompare(kills: 5, seed: 1);

    [Fact(Explicit = true)]
    public void A_hundred_kills_end_with_the_gallery_of_an_undisturbed_run()
    {
        for (var round = 0; round < 10; round++)
            KillAndCompare(kills: 10, seed: 100 + round);
    }

    [Fact]
    public async Task Two_processes_that_enrol_the_same_photos_at_once_lose_and_double_nothing()
    {
        using var folder = new TemporaryFolder();
        var metadata = WritePhotos(folder);
        using var first = EnrolmentWorker.Start(folder.Sub("data"), "g", metadata, 1);
        using var second = EnrolmentWorker.Start(folder.Sub("data"), "g", metadata, 1);
        var ends = await Task.WhenAll(EndAsync(first), EndAsync(second));

        using var undisturbed = new TemporaryFolder();
        using var alone = EnrolmentWorker.Start(undisturbed, "g", metadata, 0);
        var expected = await EndAsync(alone);

        // Enrolled by the one is a duplicate for the other; failures are everybody's.
        Assert.Equal(expected[1], ends[0][1] + ends[1][1]);
        Assert.All(ends, end => Assert.Equal(expected[3], end[3]));
        Assert.All(ends, end => Assert.Equal(expected[0] + expected[2] + expected[3], end[0] + end[2] + end[3]));
        Assert.Equal("ok", GalleryDump.IntegrityCheck(folder.Sub("data"), "g"));
        Assert.Equal(GalleryDump.Of(undisturbed, "g"), GalleryDump.Of(folder.Sub("data"), "g"));

        static async Task<long[]> EndAsync(System.Diagnostics.Process process)
        {
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
            var end = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Split(' ');
            Assert.Equal("end", end[0]);
            return [.. end.Skip(1).Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
        }
    }

    private static void KillAndCompare(int kills, int seed)
    {
        using var folder = new TemporaryFolder();
        var metadata = WritePhotos(folder);
        var random = new Random(seed);
        var killedInTheMiddle = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            using var worker = EnrolmentWorker.Start(folder.Sub("killed"), "g", metadata, 4);
            // The first dies while it starts, at any stage of making the gallery; the others after some more commits and a moment.
            var lines = 0;
            var wanted = kill == 0 ? 0 : random.Next(1, 3);
            while (lines < wanted && worker.StandardOutput.ReadLine() is not null)
                lines++;
            Thread.Sleep(random.Next(kill == 0 ? 200 : 120));
            worker.Kill();
            worker.WaitForExit();
            if (worker.ExitCode != 0)
                killedInTheMiddle++;
        }
        // One or two may have been quick enough to finish; a test in which nobody was killed would prove nothing.
        Assert.True(killedInTheMiddle > kills / 2, $"only {killedInTheMiddle} of {kills} were killed in the middle");

        Finish(folder.Sub("killed"), metadata);
        Finish(folder.Sub("undisturbed"), metadata);

        Assert.Equal("ok", GalleryDump.IntegrityCheck(folder.Sub("killed"), "g"));
        Assert.Equal(GalleryDump.Of(folder.Sub("undisturbed"), "g"), GalleryDump.Of(folder.Sub("killed"), "g"));
    }

    private static void Finish(string data, string metadata)
    {
        using var worker = EnrolmentWorker.Start(data, "g", metadata, 0);
        var output = worker.StandardOutput.ReadToEnd();
        worker.WaitForExit();
        Assert.Equal(0, worker.ExitCode);
        Assert.Contains("end ", output, StringComparison.Ordinal);
    }

    /// <summary>
    /// Photos of everything that matters to the order: several encounters a subject, group photos, duplicates, failures, biographics that
    /// disagree.
    /// </summary>
    private static string WritePhotos(TemporaryFolder folder)
    {
        var rows = new List<string> { "image,subject,sex,age,source_url" };
        for (var i = 0; i < Photos; i++)
        {
            var identity = i % 70;
            var bytes = (i % 11) switch
            {
                3 => FakeImage.Failing(AcquisitionFailure.NoFace),
                5 => FakeImage.Salted($"{i}", new FakeFace(1000 + i, 0, 80), new FakeFace(2000 + i, 0, 120), new FakeFace(3000 + i, 0, 60)),
                // The same bytes for the same subject again, further on.
                7 => FakeImage.Salted("again", new FakeFace(identity)),
                _ => FakeImage.Salted($"{i}", new FakeFace(identity, i)),
            };
            folder.Write($"photos/{i:000}.jpg", bytes);
            rows.Add($"{i:000}.jpg,S{identity},{(i % 2 == 0 ? "F" : "M")},{i},https://example.org/{i}");
        }
        rows.Insert(50, "a bad line");
        return folder.Write("photos/metadata.csv", string.Join('\n', rows));
    }
}
