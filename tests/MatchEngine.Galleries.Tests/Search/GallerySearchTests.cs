using FsCheck;
using FsCheck.Fluent;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite;
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
            input =>
            {
                var (((identity, length), tenths), minimum) = input;
                float? floor = tenths < -2 ? null : tenths / 10f;
                var min = Math.Min(minimum, length);
                var probe = Template.FromEmbedding(FakeExtractor.Embedding(identity, 9_999), digest);
                var all = enrolled
                    .GroupBy(e => (e.Gallery, e.Subject))
                    .Select(group => (group.Key.Gallery, group.Key.Subject, Score: group.Max(
                        e => Cosine.Of(probe, Template.FromEmbedding(FakeExtractor.Embedding(e.Identity, e.Variation), digest)))))
                    .OrderByDescending(row => row.Score)
                    .Take(length)
                    .ToList();
                var reaching = all.Count(row => floor is null || row.Score >= floor);
                var expected = all.Take(Math.Max(reaching, min)).ToList();

                var list = test.Search(
                    FakeImage.Of(new FakeFace(identity, 9_999)),
                    new SearchOptions { ListLength = length, Floor = floor, MinCandidates = min });
                var byTemplate = GallerySearch.Search(
                    test.Scopes, probe, test.Extractor.Model,
                    new SearchOptions { ListLength = length, Floor = floor, MinCandidates = min });

                return list.Candidates.Select(c => (c.Gallery, c.SubjectId, c.Score)).SequenceEqual(expected)
                    && list.Candidates.Select(c => c.Rank).SequenceEqual(Enumerable.Range(1, expected.Count))
                    && byTemplate.Candidates.Select(c => (c.Gallery, c.SubjectId, c.Score)).SequenceEqual(expected)
                    && list.FloorGaveWay == reaching < min
                    && list.GallerySize == 150;
            }).QuickCheckThrowOnFailure();
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
