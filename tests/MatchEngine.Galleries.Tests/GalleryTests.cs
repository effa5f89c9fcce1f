using System.Globalization;
using FsCheck.Fluent;
using MatchEngine.Faces;
using MatchEngine.Faces.Geometry;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Rates.Tails;
using MatchEngine.Sqlite;
using MatchEngine.Tests;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Tests;

public class GalleryTests
{
    [Fact]
    public async Task A_mate_is_ranked_first_with_the_encounter_that_scored()
    {
        using var test = new TestGallery();
        await test.EnrolAsync(
        [
            .. Enumerable.Range(0, 30).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i, 1)), ("sex", "F"))),
            TestGallery.Item("S7", FakeImage.Of(new FakeFace(7, 2, 55, 99)), ("age", "44")) with
            {
                Image = "second photo",
                SourceUrl = "https://example.org/7",
            },
        ]);

        var list = test.Search(FakeImage.Of(new FakeFace(7, 2, 60, 3)));

        Assert.Equal(20, list.Candidates.Count);
        Assert.Equal(Enumerable.Range(1, 20), list.Candidates.Select(candidate => candidate.Rank));
        var first = list.Candidates[0];
        Assert.Equal("S7", first.SubjectId);
        Assert.Equal(1, first.Score, 0.001);
        Assert.Equal(
            ("second photo", "https://example.org/7", new BoundingBox(99, 20.5f, 55, 55)),
            (first.Encounter.Image, first.Encounter.SourceUrl, first.Encounter.Box));
        Assert.Equal([new("sex", "F"), new("age", "44")], first.Biographics);
        Assert.Equal([new("age", "44")], first.Encounter.Metadata);
        Assert.Equal(
            ("test", "fake", "exact", 31L, 20, null), (list.Gallery, list.Model, list.Path, list.GallerySize, list.ListLength, list.Floor));
        Assert.Equal(new ProbeFace(new BoundingBox(3, 20.5f, 60, 60), 0.75f, 1, 640, 480), list.Probe);
        Assert.Equal(TimeSpan.FromMilliseconds(2), list.Elapsed.Detect);
        Assert.True(list.Elapsed.Total >= list.Elapsed.Search);
        Assert.Equal(7, list.SearchId.Version);
        Assert.Same(Disclaimer.Current, list.Disclaimer);
    }

    [Fact]
    public async Task The_list_is_what_comparing_with_every_encounter_gives()
    {
        using var test = new TestGallery();
        var enrolled = Enumerable.Range(0, 200).Select(i => (Subject: $"S{i % 60}", Identity: i % 60, Variation: i)).ToList();
        await test.EnrolAsync([.. enrolled.Select(e => TestGallery.Item(e.Subject, FakeImage.Of(new FakeFace(e.Identity, e.Variation))))]);
        var digest = ModelDigest.Parse(test.Extractor.Model.Digest);

        Prop.ForAll(
            Gen.Choose(0, 79).Zip(Gen.Choose(1, 70)).Zip(Gen.Choose(-5, 9)).ToArbitrary(),
            input =>
            {
                var ((identity, length), tenths) = input;
                float? floor = tenths < -2 ? null : tenths / 10f;
                var probe = Template.FromEmbedding(FakeExtractor.Embedding(identity, 9_999), digest);
                var expected = enrolled
                    .GroupBy(e => e.Subject)
                    .Select(group => (Subject: group.Key, Score: group.Max(
                        e => Cosine.Of(probe, Template.FromEmbedding(FakeExtractor.Embedding(e.Identity, e.Variation), digest)))))
                    .Where(row => floor is null || row.Score >= floor)
                    .OrderByDescending(row => row.Score)
                    .Take(length)
                    .ToList();

                var list = test.Search(
                    FakeImage.Of(new FakeFace(identity, 9_999)), new SearchOptions { ListLength = length, Floor = floor });

                return list.Candidates.Select(candidate => (candidate.SubjectId, candidate.Score)).SequenceEqual(expected);
            }).CheckSame();
    }

    [Fact]
    public async Task Scores_come_with_the_rate_of_the_calibration_or_a_bound()
    {
        using var test = new TestGallery(new FakeExtractor(calibrations: FakeCalibrations.Set));
        await test.EnrolAsync([.. Enumerable.Range(0, 40).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i))))]);

        var list = test.Search(FakeImage.Of(new FakeFace(3)), new SearchOptions { ListLength = 40, Floor = 0.4f });

        Assert.Null(list.Candidates[0].Fmr!.RandomPairs.Value);
        Assert.Equal(2.996e-6, list.Candidates[0].Fmr!.RandomPairs.Below!.Value, 1e-9);
        Assert.Equal(7.754e-4, list.Candidates[0].Fmr!.WorstGroup!.Below!.Value, 1e-9);
        Assert.Null(list.Candidates[0].Fmr!.Group);
        Assert.Equal(["test set/random-pairs", "test set/worst-group/F, a"], list.Populations.Select(population => population.Id));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(1, 4)]
    public async Task Strangers_are_subjects_however_many_templates_and_faces_there_are(int templates, int faces)
    {
        // Cosines of independent directions in 64 dimensions are known: (1 + cos)/2 follows Beta(31.5, 31.5). A subject's templates have
        // cosines of 0.93 with each other, and so count for little more than one.
        const int Subjects = 400;
        using var test = new TestGallery();
        await test.EnrolAsync([.. Enumerable.Range(0, Subjects * templates).Select(
            i => TestGallery.Item($"S{i % Subjects}", FakeImage.Of(new FakeFace(100 + (i % Subjects), i / Subjects))))]);
        var probe = FakeImage.Of([.. Enumerable.Range(0, faces).Select(i => new FakeFace(9000 + i, 0, 90 - (10 * i), 60 * i))]);

        var said = test.Search(probe, new SearchOptions { Floor = 0.3f, Face = FaceChoice.All }).StrangersExpected;

        var truth = faces * Subjects * (1 - MathNet.Numerics.Distributions.Beta.CDF(31.5, 31.5, 0.65));
        Assert.Equal((faces * (long)Subjects, "the 400 subjects of gallery 'test'"), (said.Comparisons, said.Population));
        Assert.InRange(said.Value!.Value, truth / 2, truth * 2);
        Assert.True(said.Low < truth && said.High > truth, $"{said.Low} … {said.High}, and {truth} is true");
        // The one who is searched with an enrolled photo is left out and is no possible mate.
        var encounter = test.Gallery.FindSubject("S7")!.Encounters[0].Id;
        var own = GallerySearch.SearchByEncounter(
            [new GalleryScope(test.Gallery, BiographicFields.All)], test.Gallery, encounter, test.Extractor.Model, new SearchOptions())!;
        Assert.Equal(Subjects - 1, own.StrangersExpected.Comparisons);
    }

    [Fact]
    public async Task A_floor_is_chosen_for_the_probe_or_refused_where_the_gallery_is_small()
    {
        using var test = new TestGallery();
        var probe = FakeImage.Of(new FakeFace(9000));
        await test.EnrolAsync([.. Enumerable.Range(0, 99).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i))))]);
        Assert.Equal(
            UnsaidReason.TooFewComparisons,
            Assert.Throws<UnsaidFloorException>(() => test.Search(probe, new SearchOptions { FloorStrangers = 3 })).Reason);
        // With a hundred people their own tails help; with three hundred the probe's own is enough.
        await test.EnrolAsync(TestGallery.Item("S99", FakeImage.Of(new FakeFace(99))));
        Assert.InRange(test.Search(probe, new SearchOptions { FloorStrangers = 3 }).StrangersExpected.Value!.Value, 2.8, 3);
        await test.EnrolAsync([.. Enumerable.Range(100, 200).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i))))]);

        var list = test.Search(probe, new SearchOptions { FloorStrangers = 3 });

        Assert.InRange(list.StrangersExpected.Value!.Value, 2.9, 3);
        Assert.InRange(list.Floor!.Value, 0.2f, 0.36f);
        Assert.All(list.Candidates, candidate => Assert.True(candidate.Score >= list.Floor));
        Assert.Equal(0.5f, test.Search(probe, new SearchOptions { FloorStrangers = 3, Floor = 0.5f }).Floor);
    }

    [Fact]
    public void An_empty_gallery_gives_an_empty_list()
    {
        using var test = new TestGallery();

        var list = test.Search(FakeImage.Of(new FakeFace(1)));

        Assert.Empty(list.Candidates);
        Assert.Equal(0, list.GallerySize);
    }

    [Fact]
    public async Task A_probe_with_several_faces_is_refused_unless_one_is_chosen()
    {
        using var test = new TestGallery();
        await test.EnrolAsync([.. Enumerable.Range(1, 3).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i))))]);
        var probe = FakeImage.Of(new FakeFace(1, 0, 50), new FakeFace(2, 0, 150), new FakeFace(3, 0, 100));

        var refused = Assert.Throws<AcquisitionException>(() => test.Search(probe));

        Assert.Equal(AcquisitionFailure.MultipleFaces, refused.Reason);
        Assert.Equal(3, refused.Faces.Count);
        Assert.Equal("S2", First(FaceChoice.Largest));
        Assert.Equal("S3", First(FaceChoice.Nth(2)));
        Assert.Equal("S1", First(FaceChoice.Nth(3)));
        Assert.Equal(AcquisitionFailure.NoSuchFace, Assert.Throws<AcquisitionException>(() => First(FaceChoice.Nth(4))).Reason);
        Assert.Equal(
            ["S1", "S2", "S3"],
            test.Search(probe, new SearchOptions { Face = FaceChoice.All, Floor = 0.9f }).Candidates.Select(c => c.SubjectId).Order());

        string First(FaceChoice choice) => test.Search(probe, new SearchOptions { Face = choice }).Candidates[0].SubjectId;
    }

    [Fact]
    public async Task A_probe_without_a_template_says_why()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));

        Assert.Equal(AcquisitionFailure.NoFace, Assert.Throws<AcquisitionException>(() => test.Search(FakeImage.Of())).Reason);
        Assert.Equal(AcquisitionFailure.UnsupportedFormat, Assert.Throws<AcquisitionException>(() => test.Search([1, 2])).Reason);
    }

    [Fact]
    public async Task A_removed_subject_is_on_no_list_and_its_data_are_in_no_file()
    {
        using var test = new TestGallery();
        await test.EnrolAsync([.. Enumerable.Range(0, 300).Select(
            i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i)), ("name", $"Secret Person {i:000}")))]);
        Assert.Equal("S123", test.Search(FakeImage.Of(new FakeFace(123))).Candidates[0].SubjectId);
        var body = Template.FromEmbedding(FakeExtractor.Embedding(123, 0), test.Gallery.Model.Digest).Body
            .ToArray().Select(b => (byte)b).ToArray();
        Assert.True(FolderBytes.Contain(test.Data, body));
        Assert.True(FolderBytes.Contain(test.Data, "Secret Person 123"u8));

        Assert.True(test.Gallery.RemoveSubject("S123", NoAudit.Record));

        var list = test.Search(FakeImage.Of(new FakeFace(123)), new SearchOptions { ListLength = 1000 });
        Assert.Equal(299, list.Candidates.Count);
        Assert.DoesNotContain(list.Candidates, candidate => candidate.SubjectId == "S123");
        Assert.Null(test.Gallery.FindSubject("S123"));
        Assert.False(test.Gallery.RemoveSubject("S123", NoAudit.Record));
        Assert.False(FolderBytes.Contain(test.Data, body));
        Assert.False(FolderBytes.Contain(test.Data, "Secret Person 123"u8));
        Assert.False(FolderBytes.Contain(test.Data, "memory:S123"u8));
        Assert.True(FolderBytes.Contain(test.Data, "Secret Person 124"u8));
    }

    [Fact]
    public async Task An_encounter_is_removed_alone_and_the_last_one_takes_the_subject_with_it()
    {
        using var test = new TestGallery();
        await test.EnrolAsync(
            TestGallery.Item("anna", FakeImage.Of(new FakeFace(1)), ("sex", "F")),
            TestGallery.Item("anna", FakeImage.Of(new FakeFace(2))),
            TestGallery.Item("bert", FakeImage.Of(new FakeFace(3))));
        var encounters = test.Gallery.FindSubject("anna")!.Encounters;

        Assert.True(test.Gallery.RemoveEncounter(encounters[0].Id, NoAudit.Record));

        Assert.True(test.Search(FakeImage.Of(new FakeFace(1))).Candidates.Single(candidate => candidate.SubjectId == "anna").Score < 0.9);
        Assert.Null(test.Gallery.FindEncounter(encounters[0].Id));
        Assert.Equal(encounters[1].Id, test.Gallery.FindEncounter(encounters[1].Id)!.Id);
        Assert.Equal(encounters[1].Id, test.Gallery.FindSubject("anna")!.Encounters.Single().Id);
        Assert.True(test.Gallery.RemoveEncounter(encounters[1].Id, NoAudit.Record));
        Assert.Null(test.Gallery.FindSubject("anna"));
        Assert.False(test.Gallery.RemoveEncounter(encounters[1].Id, NoAudit.Record));
        Assert.Equal(["bert"], test.Gallery.Subjects().Select(subject => subject.Id));
    }

    [Fact]
    public async Task What_is_removed_can_be_enrolled_again_with_the_same_encounter_id()
    {
        using var test = new TestGallery();
        var photo = FakeImage.Of(new FakeFace(1));
        await test.EnrolAsync("anna", photo);
        var id = test.Gallery.FindSubject("anna")!.Encounters.Single().Id;
        test.Gallery.RemoveSubject("anna", NoAudit.Record);

        Assert.Equal(1, (await test.EnrolAsync("anna", photo)).Enrolled);

        Assert.Equal(id, test.Search(photo).Candidates.Single().Encounter.Id);
    }

    [Fact]
    public async Task An_open_gallery_follows_what_others_write_before_each_search()
    {
        using var test = new TestGallery();
        using var other = SqliteDataFolder.Open(test.Data).Open(TestGallery.Name);
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));
        Assert.Equal(["anna"], Found());

        await other.EnrolAsync(test.Extractor, new ListSource([TestGallery.Item("bert", FakeImage.Of(new FakeFace(2)))]), NoAudit.Next);
        Assert.Equal(["anna", "bert"], Found());

        other.RemoveSubject("anna", NoAudit.Record);
        Assert.Equal(["bert"], Found());

        await other.EnrolAsync(test.Extractor, new ListSource([TestGallery.Item("anna", FakeImage.Of(new FakeFace(1)))]), NoAudit.Next);
        other.RemoveSubject("bert", NoAudit.Record);
        Assert.Equal(["anna"], Found());

        IEnumerable<string> Found() =>
            test.Search(FakeImage.Of(new FakeFace(5))).Candidates.Select(candidate => candidate.SubjectId).Order();
    }

    [Fact]
    public async Task Searches_run_while_subjects_come_and_go_and_every_list_is_whole()
    {
        using var test = new TestGallery();
        await test.EnrolAsync([.. Enumerable.Range(0, 50).Select(i => TestGallery.Item($"stays{i}", FakeImage.Of(new FakeFace(i))))]);
        using var stop = new CancellationTokenSource();
        var searching = Enumerable.Range(0, 3).Select(searcher => Task.Run(() =>
        {
            var searches = 0;
            for (; !stop.IsCancellationRequested || searches == 0; searches++)
            {
                var list = test.Search(FakeImage.Of(new FakeFace(searches % 50)), new SearchOptions { ListLength = 200 });
                Assert.Equal($"stays{searches % 50}", list.Candidates[0].SubjectId);
                Assert.Equal(50, list.Candidates.Count(candidate => candidate.SubjectId.StartsWith("stays", StringComparison.Ordinal)));
                Assert.Equal(list.Candidates.Count, list.Candidates.Select(candidate => candidate.SubjectId).Distinct().Count());
            }
        })).ToList();

        for (var round = 0; round < 10; round++)
        {
            await test.EnrolAsync(
                [.. Enumerable.Range(0, 20).Select(i => TestGallery.Item($"goes{i}", FakeImage.Of(new FakeFace(1000 + i))))]);
            for (var i = 0; i < 20; i += 4)
                Assert.True(test.Gallery.RemoveSubject($"goes{i}", NoAudit.Record));
        }
        await stop.CancelAsync();
        await Task.WhenAll(searching);

        Assert.Equal(65, test.Gallery.Summarize().Subjects);
    }

    [Fact]
    public async Task Subjects_are_given_page_by_page_in_the_order_of_their_ids()
    {
        using var test = new TestGallery();
        await test.EnrolAsync(
            [.. Enumerable.Range(0, 1200).Select(i => TestGallery.Item($"S{(i * 7919) % 1200:0000}", FakeImage.Of(new FakeFace(i))))]);

        var ids = test.Gallery.Subjects().Select(subject => subject.Id).ToList();

        Assert.Equal(Enumerable.Range(0, 1200).Select(i => i.ToString("'S'0000", CultureInfo.InvariantCulture)), ids);
        Assert.Equal(["S1198", "S1199"], test.Gallery.Subjects("S1197").Select(subject => subject.Id));
    }

    [Fact]
    public async Task The_summary_counts_subjects_encounters_and_templates()
    {
        using var test = new TestGallery();
        await test.EnrolAsync(
            TestGallery.Item("anna", FakeImage.Of(new FakeFace(1))), TestGallery.Item("anna", FakeImage.Of(new FakeFace(2))),
            TestGallery.Item("bert", FakeImage.Of(new FakeFace(3))));

        var summary = test.Gallery.Summarize();

        Assert.Equal((2, 3, 3), (summary.Subjects, summary.Encounters, summary.Templates));
        Assert.Equal(3, test.Gallery.Load());
        Assert.Equal(
            Directory.GetFiles(Path.Combine(test.Data, "galleries", "test")).Sum(file => new FileInfo(file).Length), summary.Bytes);
    }

    [Fact]
    public async Task Nothing_of_a_probe_is_left_in_the_data_folder_or_in_memory_of_ours()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));
        test.Extractor.GivenOut.Clear();
        var before = GalleryDump.Of(test.Data, TestGallery.Name);
        var probe = FakeImage.Salted("a probe that nobody may keep", new FakeFace(77));

        test.Search(probe);

        Assert.All(Assert.Single(test.Extractor.GivenOut), x => Assert.Equal(0, x));
        Assert.False(FolderBytes.Contain(test.Data, "a probe that nobody may keep"u8));
        Assert.False(FolderBytes.Contain(test.Data, [
            .. Template.FromEmbedding(FakeExtractor.Embedding(77, 0), test.Gallery.Model.Digest).Body.ToArray().Select(b => (byte)b)]));
        Assert.Equal(before, GalleryDump.Of(test.Data, TestGallery.Name));
    }

    [Fact]
    public async Task Enrolling_and_searching_write_nothing_outside_the_galleries_own_folder()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));
        test.Search(FakeImage.Of(new FakeFace(1)));
        test.Gallery.Dispose();

        Assert.Equal(
            [Path.Combine(test.Data, "galleries", "test", "gallery.db")], Directory.GetFiles(test.Data, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_search_can_be_cancelled_and_the_next_one_works()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)));

        Assert.ThrowsAny<OperationCanceledException>(
            () => test.Gallery.Search(test.Extractor, FakeImage.Of(new FakeFace(1)), null, new CancellationToken(canceled: true)));

        Assert.Single(test.Search(FakeImage.Of(new FakeFace(1))).Candidates);
    }
}
