using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Tests.Enrolment;

public class EnrolmentTests
{
    [Fact]
    public async Task Enrolling_twice_adds_nothing_and_extracts_nothing_the_second_time()
    {
        using var test = new TestGallery();
        EnrolmentEntry[] entries = [TestGallery.Item("anna", FakeImage.Of(new FakeFace(1)), ("sex", "F")), TestGallery.Item(
            "bert", FakeImage.Of(new FakeFace(2)))];

        var first = await test.EnrolAsync(entries);
        var dump = test.Dump();
        var calls = test.Extractor.Calls;
        var second = await test.EnrolAsync(entries);

        Assert.Equal((2, 2, 0, 0), Counts(first));
        Assert.Equal((0, 0, 2, 0), Counts(second));
        Assert.Equal(dump, test.Dump());
        Assert.Equal(calls, test.Extractor.Calls);
    }

    [Fact]
    public async Task The_same_photo_twice_in_one_run_is_enrolled_once()
    {
        using var test = new TestGallery();
        var photo = FakeImage.Of(new FakeFace(1));

        var report = await test.EnrolAsync([.. Enumerable.Range(0, 50).Select(_ => TestGallery.Item("anna", photo))]);

        Assert.Equal((1, 1, 49, 0), Counts(report));
        Assert.Single(test.Gallery.FindSubject("anna")!.Encounters);
    }

    [Fact]
    public async Task The_same_photo_under_another_subject_is_enrolled_with_a_warning()
    {
        using var test = new TestGallery();
        var photo = FakeImage.Of(new FakeFace(1));

        var report = await test.EnrolAsync(TestGallery.Item("anna", photo), TestGallery.Item("bert", photo));

        Assert.Equal((2, 2, 0, 0), Counts(report));
        var warning = Assert.Single(report.Warnings);
        Assert.Equal(("memory:bert", EnrolmentWarning.SamePhotoOtherSubject), (warning.File, warning.Reason));
        Assert.Contains("'anna'", warning.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AcquisitionFailure.NoFace, "no_face")]
    [InlineData(AcquisitionFailure.Undecodable, "undecodable")]
    [InlineData(AcquisitionFailure.TooManyPixels, "too_many_pixels")]
    public async Task Every_file_that_was_not_enrolled_is_listed_with_its_reason(AcquisitionFailure failure, string code)
    {
        using var test = new TestGallery();

        var report = await test.EnrolAsync(
            TestGallery.Item("anna", FakeImage.Of(new FakeFace(1))), TestGallery.Item("bert", FakeImage.Failing(failure)));

        Assert.Equal((1, 1, 0, 1), Counts(report));
        Assert.Equal(new EnrolmentFailure("memory:bert", null, code, "the image says so"), Assert.Single(report.Failures));
        Assert.Null(test.Gallery.FindSubject("bert"));
    }

    [Fact]
    public async Task Files_that_cannot_be_read_or_are_too_large_or_belong_to_nobody_are_failures_too()
    {
        using var test = new TestGallery();
        using var folder = new TemporaryFolder();
        var large = folder.Write("large.jpg", new byte[1000]);

        var report = await test.Gallery.EnrolAsync(
            test.Extractor,
            new ListSource(
            [
                new EnrolmentItem { Image = folder.Sub("none.jpg"), Subject = "a" },
                new EnrolmentItem { Image = large, Subject = "b" },
                TestGallery.Item("c", new byte[1000]),
                TestGallery.Item("line\nbreak", FakeImage.Of(new FakeFace(1))),
                TestGallery.Item("d", FakeImage.Of(new FakeFace(1), new FakeFace(2))),
                TestGallery.Item("e", [1, 2, 3]),
                new RejectedEntry(new EnrolmentFailure("metadata.csv", 7, EnrolmentFailure.BadRow, "bad")),
            ]), NoAudit.Next,
            new EnrolmentOptions { Limits = new ImageLimits(MaxBytes: 999) });

        Assert.Equal(
            ["unreadable", "too_large", "too_large", "bad_subject", "multiple_faces", "unsupported_format", "bad_row"],
            report.Failures.Select(failure => failure.Reason));
        Assert.Equal((0, 0, 0, 7), Counts(report));
    }

    [Fact]
    public async Task Failures_are_not_remembered_so_that_a_second_run_tries_again()
    {
        using var test = new TestGallery();
        using var folder = new TemporaryFolder();
        var item = new EnrolmentItem { Image = folder.Sub("late.jpg"), Subject = "anna" };

        Assert.Equal(1, (await test.EnrolAsync(item)).Failed);
        folder.Write("late.jpg", FakeImage.Of(new FakeFace(1)));

        Assert.Equal((1, 1, 0, 0), Counts(await test.EnrolAsync(item)));
    }

    [Fact]
    public async Task Each_face_of_a_group_photo_becomes_an_encounter_with_its_box_of_a_subject_of_its_own()
    {
        using var test = new TestGallery();
        var each = new EnrolmentOptions { Faces = EnrolmentFaces.Each };
        EnrolmentEntry[] entries =
        [
            TestGallery.Item(
                "party", FakeImage.Of(new FakeFace(1, 0, 50, 5), new FakeFace(2, 0, 90, 6)),
                ("place", "Oslo")) with { GroupName = "g/party" },
            TestGallery.Item("anna", FakeImage.Of(new FakeFace(3)), ("sex", "F")),
        ];

        var report = await test.Gallery.EnrolAsync(test.Extractor, new ListSource(entries), NoAudit.Next, each);

        Assert.Equal((2, 3, 0, 0), Counts(report));
        Assert.Equal(["anna", "g/party#1", "g/party#2"], test.Gallery.Subjects().Select(subject => subject.Id));
        var largest = test.Gallery.FindSubject("g/party#1")!;
        Assert.Equal(new BoundingBox(6, 20.5f, 90, 90), largest.Encounters.Single().Box);
        Assert.Equal((1, 2), (largest.Encounters.Single().Face, largest.Encounters.Single().FacesFound));
        // Nobody knows whom of them the row describes.
        Assert.Empty(largest.Biographics);
        Assert.Equal([new("place", "Oslo")], largest.Encounters.Single().Metadata);
        Assert.Equal([new("sex", "F")], test.Gallery.FindSubject("anna")!.Biographics);

        var dump = test.Dump();
        Assert.Equal((0, 0, 2, 0), Counts(await test.Gallery.EnrolAsync(test.Extractor, new ListSource(entries), NoAudit.Next, each)));
        Assert.Equal(dump, test.Dump());
    }

    [Fact]
    public async Task A_group_photo_of_which_a_face_was_removed_is_completed()
    {
        using var test = new TestGallery();
        var each = new EnrolmentOptions { Faces = EnrolmentFaces.Each };
        var source = new ListSource(
            [TestGallery.Item("party", FakeImage.Of(new FakeFace(1, 0, 50), new FakeFace(2, 0, 90))) with { GroupName = "party" }]);
        await test.Gallery.EnrolAsync(test.Extractor, source, NoAudit.Next, each);
        Assert.True(test.Gallery.RemoveSubject("party#2", NoAudit.Record));

        Assert.Equal((1, 1, 0, 0), Counts(await test.Gallery.EnrolAsync(test.Extractor, source, NoAudit.Next, each)));
        Assert.Equal(["party#1", "party#2"], test.Gallery.Subjects().Select(subject => subject.Id));
    }

    [Fact]
    public async Task The_largest_face_of_a_group_photo_can_stand_for_the_subject()
    {
        using var test = new TestGallery();
        var photo = FakeImage.Of(new FakeFace(1, 0, 50), new FakeFace(2, 0, 90));

        var report = await test.Gallery.EnrolAsync(
            test.Extractor, new ListSource([TestGallery.Item("anna", photo)]), NoAudit.Next,
            new EnrolmentOptions { Faces = EnrolmentFaces.Largest });

        Assert.Equal((1, 1, 0, 0), Counts(report));
        Assert.Equal(1, test.Search(FakeImage.Of(new FakeFace(2))).Candidates.Single().Score, 0.001);
    }

    [Fact]
    public async Task The_central_face_can_stand_for_the_subject_and_is_a_duplicate_the_second_time()
    {
        using var test = new TestGallery();
        var source = new ListSource([TestGallery.Item("anna", FakeImage.Of(new FakeFace(1, 0, 50, 300), new FakeFace(2, 0, 90, 0)))]);
        var central = new EnrolmentOptions { Faces = EnrolmentFaces.Central };

        Assert.Equal((1, 1, 0, 0), Counts(await test.Gallery.EnrolAsync(test.Extractor, source, NoAudit.Next, central)));
        Assert.Equal((0, 0, 1, 0), Counts(await test.Gallery.EnrolAsync(test.Extractor, source, NoAudit.Next, central)));

        Assert.Equal(1, test.Search(FakeImage.Of(new FakeFace(1))).Candidates.Single().Score, 0.001);
        Assert.Equal(2, test.Gallery.FindSubject("anna")!.Encounters.Single().Face);
    }

    [Fact]
    public async Task The_first_value_of_a_biographic_is_kept_and_each_encounter_keeps_its_own()
    {
        using var test = new TestGallery();

        await test.EnrolAsync(
            TestGallery.Item("anna", FakeImage.Of(new FakeFace(1, 1)), ("sex", "F"), ("age", "30")),
            TestGallery.Item("anna", FakeImage.Of(new FakeFace(1, 2)), ("age", "41"), ("eyes", "blue")));

        var anna = test.Gallery.FindSubject("anna")!;
        Assert.Equal([new("sex", "F"), new("age", "30"), new("eyes", "blue")], anna.Biographics);
        Assert.Equal([new("age", "41"), new("eyes", "blue")], anna.Encounters[1].Metadata);
    }

    [Fact]
    public async Task A_duplicate_adds_biographics_that_were_missing_and_changes_none()
    {
        using var test = new TestGallery();
        var photo = FakeImage.Of(new FakeFace(1));
        await test.EnrolAsync("anna", photo, ("sex", "F"));

        var report = await test.EnrolAsync("anna", photo, ("sex", "M"), ("eyes", "blue"));

        Assert.Equal((0, 0, 1, 0), Counts(report));
        Assert.Equal([new("sex", "F"), new("eyes", "blue")], test.Gallery.FindSubject("anna")!.Biographics);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task The_gallery_does_not_depend_on_workers_and_their_timing(int workers)
    {
        var expected = await DumpAsync(1, static _ => { });
        var random = new Random(workers);

        Assert.Equal(expected, await DumpAsync(workers, _ =>
        {
            int milliseconds;
            lock (random)
                milliseconds = random.Next(4);
            Thread.Sleep(milliseconds);
        }));

        static async Task<string> DumpAsync(int workers, Action<string> before)
        {
            using var test = new TestGallery(new FakeExtractor { Before = before });
            var entries = Enumerable.Range(0, 300).Select(i => TestGallery.Item(
                $"S{i % 40}", FakeImage.Of(new FakeFace(i % 40, i % 120)), ("row", $"{i}")) with { Image = $"memory:{i}" });
            await test.Gallery.EnrolAsync(
                test.Extractor, new ListSource(entries), NoAudit.Next, new EnrolmentOptions { Workers = workers });
            return test.Dump();
        }
    }

    [Fact]
    public async Task Cancelling_keeps_what_was_committed_and_a_second_run_completes_it()
    {
        using var cancellation = new CancellationTokenSource();
        var images = 0;
        using var test = new TestGallery(new FakeExtractor
        {
            Before = _ =>
            {
                if (Interlocked.Increment(ref images) == 150)
                    cancellation.Cancel();
            },
        });
        var source = new ListSource(Enumerable.Range(0, 400).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i)))));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            test.Gallery.EnrolAsync(
                test.Extractor, source, NoAudit.Next, new EnrolmentOptions { Workers = 2 }, cancellationToken: cancellation.Token));
        var kept = test.Gallery.Summarize().Encounters;
        var report = await test.Gallery.EnrolAsync(test.Extractor, source, NoAudit.Next);

        Assert.InRange(kept, 1, 200);
        Assert.Equal((400 - kept, 400 - kept, kept, 0), Counts(report));
        using var undisturbed = new TestGallery();
        await undisturbed.Gallery.EnrolAsync(undisturbed.Extractor, source, NoAudit.Next);
        Assert.Equal(undisturbed.Dump(), test.Dump());
    }

    [Fact]
    public async Task No_worker_is_left_when_an_enrolment_has_ended_in_an_error()
    {
        var running = 0;
        var extractor = new FakeExtractor
        {
            Before = text =>
            {
                Interlocked.Increment(ref running);
                Thread.Sleep(2);
                Interlocked.Decrement(ref running);
                if (text.Contains("salt boom", StringComparison.Ordinal))
                    throw new InvalidOperationException("session lost");
            },
        };
        using var test = new TestGallery(extractor);
        var entries = Enumerable.Range(0, 200).Select(
            i => TestGallery.Item($"S{i}", FakeImage.Salted(i == 70 ? "boom" : "", new FakeFace(i))));

        var error = await Assert.ThrowsAsync<EnrolmentException>(
            () => test.Gallery.EnrolAsync(extractor, new ListSource(entries), NoAudit.Next, new EnrolmentOptions { Workers = 4 }));

        Assert.Equal(0, running);
        Assert.Equal("memory:S70", error.File);
        Assert.IsType<InvalidOperationException>(error.InnerException);
        // All before it, in the order of the source, and nothing behind it.
        Assert.Equal(
            Enumerable.Range(0, 70).Select(i => $"S{i}").Order(StringComparer.Ordinal),
            test.Gallery.Subjects().Select(subject => subject.Id));
    }

    [Fact]
    public async Task A_source_that_breaks_in_the_middle_says_so_after_what_came_before_is_stored()
    {
        using var test = new TestGallery();

        var error = await Assert.ThrowsAsync<MetadataException>(
            () => test.Gallery.EnrolAsync(test.Extractor, new ListSource(Broken()), NoAudit.Next));

        Assert.Equal("x.csv", error.File);
        Assert.Equal(3, test.Gallery.Summarize().Encounters);

        static IEnumerable<EnrolmentEntry> Broken()
        {
            for (var i = 0; i < 3; i++)
                yield return TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i)));
            throw new MetadataException("x.csv", "the disk went away");
        }
    }

    [Fact]
    public async Task Progress_counts_what_is_committed_and_ends_with_everything()
    {
        using var test = new TestGallery();
        var seen = new Recorder<EnrolmentProgress>();

        await test.Gallery.EnrolAsync(
            test.Extractor,
            new ListSource(
                Enumerable.Range(0, 200).Select(i => TestGallery.Item($"S{i}", i % 10 == 0 ? [] : FakeImage.Of(new FakeFace(i % 150))))),
                    NoAudit.Next,
            progress: seen);

        Assert.True(seen.Values.Count >= 3);
        Assert.Equal(seen.Values.Select(value => value.Done).Order(), seen.Values.Select(value => value.Done));
        Assert.Equal(
            (180, 0, 20, 200), (seen.Values[^1].Enrolled, seen.Values[^1].Duplicates, seen.Values[^1].Failed, seen.Values[^1].Done));
    }

    [Fact]
    public async Task However_long_the_source_only_a_bounded_part_of_it_is_read_ahead()
    {
        var given = 0;
        using var release = new ManualResetEventSlim();
        using var test = new TestGallery(
            new FakeExtractor { Before = text => { if (text.Contains("face 0 ", StringComparison.Ordinal)) release.Wait(); } });

        var enrolment = test.Gallery.EnrolAsync(
            test.Extractor, new ListSource(Endless().Take(5_000)), NoAudit.Next, new EnrolmentOptions { Workers = 2 });
        // The first photo holds everything up: the source must come to rest.
        int before;
        do
        {
            before = Volatile.Read(ref given);
            await Task.Delay(100);
        }
        while (before != Volatile.Read(ref given));
        release.Set();
        var report = await enrolment;

        Assert.InRange(before, 3, 300);
        Assert.Equal(5_000, report.Enrolled);

        IEnumerable<EnrolmentEntry> Endless()
        {
            for (var i = 0; ; i++)
            {
                Interlocked.Increment(ref given);
                yield return TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i)));
            }
        }
    }

    [Fact]
    public async Task Embeddings_are_cleared_once_they_are_templates()
    {
        using var test = new TestGallery();

        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));

        Assert.All(Assert.Single(test.Extractor.GivenOut), x => Assert.Equal(0, x));
    }

    private static (long Enrolled, long Encounters, long Duplicates, long Failed) Counts(EnrolmentReport report) =>
        (report.Enrolled, report.Encounters, report.Duplicates, report.Failed);

    private sealed class Recorder<T> : IProgress<T>
    {
        public List<T> Values { get; } = [];

        public void Report(T value) => Values.Add(value);
    }

    [Fact]
    public async Task An_enrolment_tells_the_ids_that_it_made()
    {
        using var test = new TestGallery();
        var report = await test.EnrolAsync(
            TestGallery.Item("a", FakeImage.Of(new FakeFace(1))), TestGallery.Item("b", FakeImage.Of(new FakeFace(2))),
            TestGallery.Item("a", FakeImage.Of(new FakeFace(1))), TestGallery.Item("c", FakeImage.Failing(AcquisitionFailure.NoFace)));
        Assert.Equal(
            new[] { "a", "b" }.Select(subject => Assert.Single(test.Gallery.FindSubject(subject)!.Encounters).Id), report.Made);
        Assert.Empty((await test.EnrolAsync(TestGallery.Item("a", FakeImage.Of(new FakeFace(1))))).Made);
    }

    [Fact]
    public void One_photo_is_enrolled_by_one_call_that_tells_its_encounters_new_or_not()
    {
        using var test = new TestGallery();
        var photo = TestGallery.Item("anna", FakeImage.Of(new FakeFace(1)), ("name", "N"));

        var first = test.Gallery.Enrol(test.Extractor, photo, NoAudit.Next);
        var encounter = Assert.Single(test.Gallery.FindSubject("anna")!.Encounters);
        Assert.Equal([encounter.Id], first.Encounters);
        Assert.Equal([encounter.Id], first.New);
        Assert.Null(first.Failure);
        Assert.Empty(first.Warnings);

        // The same again is found by its bytes, without another look at the pixels.
        var again = test.Gallery.Enrol(test.Extractor, photo, NoAudit.Next);
        Assert.Equal(1, test.Extractor.Calls);
        Assert.Equal([encounter.Id], again.Encounters);
        Assert.Empty(again.New);

        // Under another subject it is another encounter, with a warning.
        var other = test.Gallery.Enrol(test.Extractor, photo with { Subject = "bert" }, NoAudit.Next);
        Assert.Equal(test.Gallery.FindSubject("bert")!.Encounters.Select(found => found.Id), other.New);
        Assert.Equal(EnrolmentWarning.SamePhotoOtherSubject, Assert.Single(other.Warnings).Reason);

        var group = test.Gallery.Enrol(
            test.Extractor,
            TestGallery.Item("group", FakeImage.Of(new FakeFace(3, 0, 90), new FakeFace(4, 0, 60))) with { GroupName = "group" },
            NoAudit.Next,
            new EnrolmentOptions { Faces = EnrolmentFaces.Each });
        Assert.Equal(
            new[] { "group#1", "group#2" }.Select(subject => Assert.Single(test.Gallery.FindSubject(subject)!.Encounters).Id),
            group.Encounters);
    }

    [Fact]
    public void One_photo_that_gives_nothing_says_why()
    {
        using var test = new TestGallery();
        var failed = test.Gallery.Enrol(
            test.Extractor, TestGallery.Item("anna", FakeImage.Failing(AcquisitionFailure.NoFace)), NoAudit.Next);
        Assert.Equal(("no_face", "memory:anna"), (failed.Failure!.Reason, failed.Failure.File));
        Assert.Empty(failed.Encounters);
        Assert.Null(test.Gallery.FindSubject("anna"));
        Assert.Equal(
            EnrolmentFailure.BadSubject,
            test.Gallery.Enrol(test.Extractor, TestGallery.Item("", FakeImage.Of(new FakeFace(1))), NoAudit.Next).Failure!.Reason);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(
            () => test.Gallery.Enrol(
                test.Extractor, TestGallery.Item("anna", FakeImage.Of(new FakeFace(1))), NoAudit.Next, null, stop.Token));
        Assert.Throws<ModelMismatchException>(
            () => test.Gallery.Enrol(new FakeExtractor("other"), TestGallery.Item("anna", FakeImage.Of(new FakeFace(1))), NoAudit.Next));
    }
}
