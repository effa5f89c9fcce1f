using FsCheck.Fluent;
using MatchEngine.Faces;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite;
using MatchEngine.Tests;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Tests.Search;

public class GallerySearchTests
{
    [Fact]
    public async Task A_search_of_several_galleries_is_what_comparing_with_every_encounter_gives()
    {
        using var test = new Galleries("a", "b", "c");
        var digest = ModelDigest.Parse(test.Extractor.Model.Digest);
        // The same subjects in all galleries, with other photos; one photo is in two of them.
        var enrolled = Enumerable.Range(0, 150).Select(i =>
            (Gallery: test.Scopes[i % 3].Gallery.Name, Subject: $"S{i / 3 % 20}", Identity: i / 3 % 20, Variation: i < 4 ? 1 : i)).ToList();
        foreach (var group in enrolled.GroupBy(e => e.Gallery))
            await test.EnrolAsync(
                group.Key, [.. group.Select(e => TestGallery.Item(e.Subject, FakeImage.Of(new FakeFace(e.Identity, e.Variation))))]);

        Prop.ForAll(
            Gen.Choose(0, 24).Zip(Gen.Choose(1, 70)).Zip(Gen.Choose(-5, 9)).Zip(Gen.Choose(0, 6)).ToArbitrary(),
            input => IsTheSame(input.Item1.Item1.Item1, input.Item1.Item1.Item2, input.Item1.Item2, input.Item2)).CheckSame();
        // The minimums demand more than the list has places for, and another gallery's candidate stands above a demanded one.
        Assert.True(IsTheSame(21, 13, -4, 5));

        bool IsTheSame(int identity, int length, int tenths, int minimum)
        {
            float? floor = tenths < -2 ? null : tenths / 10f;
            var min = Math.Min(minimum, length);
            var probe = Template.FromEmbedding(FakeExtractor.Embedding(identity, 9_999), digest);
            var all = enrolled
                .GroupBy(e => (e.Gallery, e.Subject))
                .Select(group => (group.Key.Gallery, group.Key.Subject, Score: group.Max(
                    e => Cosine.Of(probe, Template.FromEmbedding(FakeExtractor.Embedding(e.Identity, e.Variation), digest)))))
                .OrderByDescending(row => row.Score)
                .ToList();
            // Of each gallery, which holds 20 subjects, those that reach the floor, and as many as the minimum demands.
            var reaching = all.GroupBy(row => row.Gallery).ToDictionary(
                rows => rows.Key, rows => rows.Take(length).Count(row => floor is null || row.Score >= floor));
            var parts = all.GroupBy(row => row.Gallery).OrderBy(rows => rows.Key, StringComparer.Ordinal).SelectMany(
                rows => rows.Take(length).Take(Math.Max(reaching[rows.Key], min)).Select((row, place) => (row, Demanded: place < min)))
                .OrderByDescending(row => row.row.Score).ToList();
            // What a minimum demands comes on top of the best ones.
            var expected = parts.Where((row, place) => row.Demanded || place < length).Select(row => row.row).ToList();

            var list = test.Search(
                FakeImage.Of(new FakeFace(identity, 9_999)),
                new SearchOptions { ListLength = length, Floor = floor, MinCandidates = min });
            var byTemplate = GallerySearch.Search(
                test.Scopes, probe, test.Extractor.Model,
                new SearchOptions { ListLength = length, Floor = floor, MinCandidates = min });

            return list.Candidates.Select(c => (c.Gallery, c.SubjectId, c.Score)).SequenceEqual(expected)
                && list.Candidates.Select(c => c.Rank).SequenceEqual(Enumerable.Range(1, expected.Count))
                && byTemplate.Candidates.Select(c => (c.Gallery, c.SubjectId, c.Score)).SequenceEqual(expected)
                && list.FloorGaveWay == reaching.Values.Any(count => count < min)
                && list.GallerySize == 150;
        }
    }

    [Fact]
    public async Task The_list_says_what_was_searched_and_how()
    {
        using var test = new Galleries("b", "a");
        await test.EnrolAsync("a", TestGallery.Item("x", FakeImage.Of(new FakeFace(1))));

        var list = test.Search(FakeImage.Of(new FakeFace(1)));

        Assert.Equal(["b", "a"], list.Galleries);
        Assert.Equal(("b, a", "exact", 1L), (list.Gallery, list.Path, list.GallerySize));
        Assert.Equal("a", list.Candidates.Single().Gallery);
        Assert.Null(GallerySearch.Search(
            test.Scopes,
            Template.FromEmbedding(FakeExtractor.Embedding(1, 0), test.Scopes[0].Gallery.Model.Digest), test.Extractor.Model).Probe);
    }

    [Fact]
    public async Task A_list_that_would_point_at_one_person_is_withheld()
    {
        using var test = new Galleries("a");
        await test.EnrolAsync("a", TestGallery.Item("x", FakeImage.Of(new FakeFace(1))));

        var list = test.Search(FakeImage.Of(new FakeFace(1)), new SearchOptions { MinCandidates = 2 });
        Assert.Empty(list.Candidates);
        Assert.Equal((1, 2, false), (list.Withheld, list.MinCandidates, list.FloorGaveWay));

        await test.EnrolAsync("a", TestGallery.Item("y", FakeImage.Of(new FakeFace(2))));
        list = test.Search(FakeImage.Of(new FakeFace(1)), new SearchOptions { MinCandidates = 2, Floor = 0.9f });
        Assert.Equal(["x", "y"], list.Candidates.Select(candidate => candidate.SubjectId));
        Assert.Equal((0, true), (list.Withheld, list.FloorGaveWay));
    }

    [Fact]
    public async Task All_faces_of_a_photo_are_searched_in_one_pass_and_give_what_each_gives_by_itself()
    {
        using var test = new Galleries("a", "b");
        await test.EnrolAsync(
            "a", [.. Enumerable.Range(0, 30).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i % 20, i))))]);
        await test.EnrolAsync("b", [.. Enumerable.Range(0, 9).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i, 77))))]);
        var group = FakeImage.Of([.. Enumerable.Range(0, 5).Select(i => new FakeFace(3 * i, 5_000, 100 - i, 10 * i))]);
        var alone = Enumerable.Range(1, 5).SelectMany(
            number => test.Search(group, new SearchOptions { ListLength = 7, Face = FaceChoice.Nth(number) }).Candidates).ToList();
        var calls = test.Extractor.Calls;
        test.Extractor.GivenOut.Clear();

        var list = test.Search(group, new SearchOptions { ListLength = 7, Face = FaceChoice.All });

        Assert.Equal(calls + 1, test.Extractor.Calls);
        Assert.Equal(5, test.Extractor.GivenOut.Count);
        Assert.All(test.Extractor.GivenOut, embedding => Assert.All(embedding, x => Assert.Equal(0, x)));
        Assert.Equal([1, 2, 3, 4, 5], list.Faces.Select(face => face.Number));
        Assert.Equal(
            alone.OrderByDescending(c => c.Score).DistinctBy(c => (c.Gallery, c.SubjectId)).Take(7)
                .Select(c => (c.Gallery, c.SubjectId, c.Score, c.Face)),
            list.Candidates.Select(c => (c.Gallery, c.SubjectId, c.Score, c.Face)));
    }

    [Fact]
    public async Task Many_probes_in_one_pass_have_the_lists_that_each_has_by_itself()
    {
        using var test = new Galleries("a", "b");
        await test.EnrolAsync(
            "a", [.. Enumerable.Range(0, 40).Select(i => TestGallery.Item($"S{i / 2}", FakeImage.Of(new FakeFace(i / 2, i))))]);
        await test.EnrolAsync("b", [.. Enumerable.Range(0, 9).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i, 77))))]);
        var home = test.Scopes[0].Gallery;
        var encounters = home.Subjects().SelectMany(subject => subject.Encounters).Select(encounter => encounter.Id).ToList();
        var group = FakeImage.Of([.. Enumerable.Range(0, 3).Select(i => new FakeFace(3 * i, 5_000, 100 - i, 10 * i))]);
        foreach (var options in (SearchOptions[])
        [
            new() { ListLength = 5, Face = FaceChoice.All }, new() { ListLength = 50, Floor = 0.1f, Face = FaceChoice.All },
            new() { ListLength = 4, Floor = 0.9f, MinCandidates = 3, Face = FaceChoice.All },
            new() { ListLength = 3, Face = FaceChoice.All, IncludeOwnSubject = true },
        ])
        {
            var probes = encounters.Select(id => BatchedProbe.Find(home, id, options.IncludeOwnSubject)!)
                .Append(BatchedProbe.Of(Probe.Of(test.Extractor, group, options.Face, null))).ToList();
            var lists = GallerySearch.SearchBatch(test.Scopes, probes, test.Extractor.Model, options);
            var alone = encounters.Select(id => GallerySearch.SearchByEncounter(test.Scopes, home, id, test.Extractor.Model, options)!)
                .Append(test.Search(group, options)).ToList();
            Assert.Equal(alone.Count, lists.Count);
            foreach (var (one, many) in alone.Zip(lists))
            {
                Assert.Equal(Rows(one), Rows(many.List!));
                Assert.Equal(
                    (one.ProbeEncounterId, one.FloorGaveWay, one.Withheld, one.GallerySize),
                    (many.List!.ProbeEncounterId, many.List.FloorGaveWay, many.List.Withheld, many.List.GallerySize));
            }
            foreach (var probe in probes)
                probe.Dispose();
            Assert.All(
                probes.SelectMany(probe => probe.Probe.Templates),
                template => Assert.Throws<ObjectDisposedException>(() => template.Body.Length));
        }
        Assert.Null(BatchedProbe.Find(home, "none", includeOwnSubject: false));

        static IEnumerable<object> Rows(CandidateList list) =>
            list.Candidates.Select(row => (object)(row.Rank, row.Gallery, row.SubjectId, row.Score, row.Encounter.Id, row.Face));
    }

    [Fact]
    public async Task A_poor_face_of_several_is_left_out_and_a_photo_of_poor_faces_only_is_refused()
    {
        using var test = new Galleries("a");
        await test.EnrolAsync("a", [.. Enumerable.Range(0, 3).Select(i => TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i))))]);
        FakeFace[] people = [new(0, 1, 90), new(1, 1, 60), new(2, 1, 30)];
        var options = new SearchOptions { Floor = 0.8f, Face = FaceChoice.All };

        var list = test.Search(FakeImage.Salted("\nquality 90 5 70", people), options);
        Assert.Equal([false, true, false], list.Faces.Select(face => face.Refusal is not null));
        Assert.Equal(5, list.Faces[1].Quality!.Overall, 1e-6);
        Assert.Equal(["S0", "S2"], list.Candidates.Select(candidate => candidate.SubjectId).Order());
        Assert.Contains("face 2", Assert.Single(list.Notices), StringComparison.Ordinal);

        var refused = Assert.Throws<AcquisitionException>(() => test.Search(FakeImage.Salted("\nquality 9 5", people), options));
        Assert.Equal((AcquisitionFailure.LowQuality, 9.0), (refused.Reason, Math.Round(refused.Quality!.Overall, 6)));
        // The choice says whether several faces are refused, not their quality.
        Assert.Equal(
            AcquisitionFailure.MultipleFaces,
            Assert.Throws<AcquisitionException>(
                () => test.Search(FakeImage.Salted("\nquality 90 5 70", people))).Reason);
    }

    [Fact]
    public async Task A_gallery_with_a_rule_of_its_own_is_listed_by_it()
    {
        using var test = new Galleries("plain", "two");
        await test.EnrolAsync("plain", TestGallery.Item("x", FakeImage.Of(new FakeFace(1))));
        GalleryScope[] scopes = [test.Scopes[0], test.Scopes[1] with { Rule = new ListRule { MinCandidates = 2, Floor = 0.9f } }];

        // The other gallery is empty: its rule withholds nobody of this one.
        var list = GallerySearch.Search(scopes, test.Extractor, FakeImage.Of(new FakeFace(1)), new SearchOptions { Floor = 0.5f });
        Assert.Equal(("x", 0), (Assert.Single(list.Candidates).SubjectId, list.Withheld));

        // One subject there does not show, two do, one of them below that gallery's floor.
        await test.EnrolAsync("two", TestGallery.Item("x", FakeImage.Of(new FakeFace(1, 3))));
        list = GallerySearch.Search(scopes, test.Extractor, FakeImage.Of(new FakeFace(1)), new SearchOptions { Floor = 0.5f });
        Assert.Equal(("plain", 1), (Assert.Single(list.Candidates).Gallery, list.Withheld));
        await test.EnrolAsync("two", TestGallery.Item("y", FakeImage.Of(new FakeFace(2))));
        list = GallerySearch.Search(scopes, test.Extractor, FakeImage.Of(new FakeFace(1)), new SearchOptions { Floor = 0.5f });
        Assert.Equal([("plain", "x"), ("two", "x"), ("two", "y")], list.Candidates.Select(c => (c.Gallery, c.SubjectId)));
        Assert.Equal([false, true], list.Searched.Select(gallery => gallery.FloorGaveWay));
        Assert.Throws<ArgumentException>(() => GallerySearch.Search(
            [scopes[0] with { Rule = new ListRule { ListLength = 2, MinCandidates = 3 } }], test.Extractor, FakeImage.Of(new FakeFace(1))));
    }

    [Fact]
    public async Task Each_gallery_shows_the_biographics_that_its_owner_permits()
    {
        using var test = new Galleries("a", "b");
        foreach (var gallery in new[] { "a", "b" })
            await test.EnrolAsync(gallery, TestGallery.Item("x", FakeImage.Of(new FakeFace(1)), ("name", "N"), ("sex", "F")));
        GalleryScope[] scopes =
            [test.Scopes[0] with { Fields = BiographicFields.Only("sex") }, test.Scopes[1] with { Fields = BiographicFields.None }];

        var list = GallerySearch.Search(scopes, test.Extractor, FakeImage.Of(new FakeFace(1)));

        Assert.Equal([new("sex", "F")], list.Candidates[0].Biographics);
        Assert.Equal([new("sex", "F")], list.Candidates[0].Encounter.Metadata);
        Assert.Empty(list.Candidates[1].Biographics);
        Assert.Empty(list.Candidates[1].Encounter.Metadata);
    }

    [Fact]
    public async Task An_enrolled_encounter_finds_others_and_its_own_subject_only_when_asked()
    {
        using var test = new Galleries("a", "b");
        await test.EnrolAsync(
            "a", TestGallery.Item("x", FakeImage.Of(new FakeFace(1))), TestGallery.Item("x", FakeImage.Of(new FakeFace(1, 2))),
            TestGallery.Item("y", FakeImage.Of(new FakeFace(2))));
        await test.EnrolAsync("b", TestGallery.Item("x", FakeImage.Of(new FakeFace(1, 3))));
        var home = test.Scopes[0].Gallery;
        var encounter = home.FindSubject("x")!.Encounters[0];

        var list = GallerySearch.SearchByEncounter(test.Scopes, home, encounter.Id, test.Extractor.Model)!;
        var own = GallerySearch.SearchByEncounter(
            test.Scopes, home, encounter.Id, test.Extractor.Model, new SearchOptions { IncludeOwnSubject = true })!;

        Assert.Equal([("b", "x"), ("a", "y")], list.Candidates.Select(candidate => (candidate.Gallery, candidate.SubjectId)));
        Assert.Equal(encounter.Id, list.ProbeEncounterId);
        Assert.Equal(encounter.Box, list.Probe!.Box);
        Assert.Equal([("a", "x"), ("b", "x"), ("a", "y")], own.Candidates.Select(candidate => (candidate.Gallery, candidate.SubjectId)));
        Assert.Equal(1, own.Candidates[0].Score, 1e-6);
        Assert.Null(GallerySearch.SearchByEncounter(test.Scopes, home, "none", test.Extractor.Model));
    }

    [Fact]
    public void What_cannot_be_searched_together_is_refused()
    {
        using var test = new Galleries("a", "b");
        using var other = SqliteDataFolder.Open(test.Folder).Create("other", new FakeExtractor("other").Model, NoAudit.Record);
        var probe = FakeImage.Of(new FakeFace(1));

        Assert.Throws<ModelMismatchException>(
            () => GallerySearch.Search([.. test.Scopes, new GalleryScope(other, BiographicFields.All)], test.Extractor, probe));
        Assert.Throws<ArgumentException>(() => GallerySearch.Search([], test.Extractor, probe));
        Assert.Throws<ArgumentException>(() => GallerySearch.Search([test.Scopes[0], test.Scopes[0]], test.Extractor, probe));
        Assert.Throws<ArgumentException>(() => test.Search(probe, new SearchOptions { ListLength = 2, MinCandidates = 3 }));
        Assert.Throws<ModelMismatchException>(() => GallerySearch.Search(
            test.Scopes, Template.FromEmbedding(FakeExtractor.Embedding(1, 0), other.Model.Digest), test.Extractor.Model));
        Assert.Equal(0, test.Extractor.Calls);
    }

    private sealed class Galleries : IDisposable
    {
        public Galleries(params string[] names)
        {
            var catalog = SqliteDataFolder.Open(Folder);
            Scopes = [.. names.Select(
                name => new GalleryScope(catalog.Create(name, Extractor.Model, NoAudit.Record), BiographicFields.All))];
        }

        public TemporaryFolder Folder { get; } = new();

        public FakeExtractor Extractor { get; } = new();

        public IReadOnlyList<GalleryScope> Scopes { get; }

        public Task<EnrolmentReport> EnrolAsync(string gallery, params EnrolmentEntry[] entries) =>
            Scopes.Single(scope => scope.Gallery.Name == gallery).Gallery.EnrolAsync(Extractor, new ListSource(entries), NoAudit.Next);

        public CandidateList Search(byte[] probe, SearchOptions? options = null) => GallerySearch.Search(Scopes, Extractor, probe, options);

        public void Dispose()
        {
            foreach (var scope in Scopes)
                scope.Gallery.Dispose();
            Folder.Dispose();
        }
    }
}
