using MatchEngine.Galleries.Duplicates;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Rates.Tails;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Tests.Duplicates;

public class DuplicateSearchTests
{
    [Theory]
    [InlineData(-1f)]
    [InlineData(0.1f)]
    [InlineData(0.9f)]
    [InlineData(1f)]
    public async Task Pairs_within_a_gallery_are_those_of_comparing_everybody_with_everybody(float floor)
    {
        using var test = new TestGallery();
        // Forty subjects of twenty-five people, with one to three photos each; 40 pairs of lists are longer than a first list is.
        var photos = People(40, 25, salt: 0);
        await test.EnrolAsync([.. photos.Select(photo => TestGallery.Item(photo.Subject, Image(photo)))]);

        var pairs = new DuplicateSearch(test.Gallery).Find(floor).SelectMany(page => page.Pairs).ToList();

        var expected = new List<(string, string, float)>();
        var subjects = photos.ToLookup(photo => photo.Subject);
        foreach (var first in subjects)
        {
            foreach (var second in subjects.Where(second => string.CompareOrdinal(first.Key, second.Key) < 0))
            {
                var score = first.Max(a => second.Max(b => Score(test.Extractor, a, b)));
                if (score >= floor)
                    expected.Add((first.Key, second.Key, score));
            }
        }
        Assert.Equal(floor == -1 ? 40 * 39 / 2 : floor == 1 ? 0 : expected.Count, pairs.Count);
        Assert.Equal(expected.Order(), pairs.Select(Named).Order());
        // The encounters are those that have the score.
        Assert.All(pairs, pair => Assert.Equal(
            pair.Score,
            Score(test.Extractor, Photo(photos, pair.First.Encounter), Photo(photos, pair.Second.Encounter))));
    }

    [Fact]
    public async Task Pairs_between_two_galleries_are_those_of_comparing_each_with_each_the_same_ids_too()
    {
        using var test = new TestGallery();
        using var other = test.Catalog.Create("other", test.Extractor.Model, NoAudit.Record);
        var (here, there) = (People(12, 12, salt: 0), People(20, 15, salt: 500));
        await test.EnrolAsync([.. here.Select(photo => TestGallery.Item(photo.Subject, Image(photo)))]);
        await other.EnrolAsync(
            test.Extractor, new ListSource([.. there.Select(photo => TestGallery.Item(photo.Subject, Image(photo)))]), NoAudit.Next);

        var pairs = new DuplicateSearch(test.Gallery, other).Find(0.5f).SelectMany(page => page.Pairs).ToList();

        Assert.Equal(
            (from a in here
             from b in there
             group Score(test.Extractor, a, b) by (a.Subject, b.Subject) into scores
             where scores.Max() >= 0.5f
             select (scores.Key.Item1, scores.Key.Item2, scores.Max())).Order(),
            pairs.Select(Named).Order());
        Assert.NotEmpty(pairs);
        Assert.All(pairs, pair => Assert.Equal((TestGallery.Name, "other"), (pair.First.Gallery, pair.Second.Gallery)));
    }

    [Fact]
    public async Task A_search_goes_on_behind_any_page()
    {
        using var test = new TestGallery();
        var photos = People(400, 300, salt: 0);
        await test.EnrolAsync([.. photos.Select(photo => TestGallery.Item(photo.Subject, Image(photo)))]);
        var search = new DuplicateSearch(test.Gallery);
        var whole = search.Find(0.9f).ToList();
        Assert.True(whole.Count > 1);
        Assert.Equal(400, whole.Sum(page => page.Subjects));
        Assert.Equal(photos.Count, whole.Sum(page => page.Templates));

        var resumed = search.Find(0.9f, whole[0].Through).SelectMany(page => page.Pairs);

        Assert.Equal(whole.Skip(1).SelectMany(page => page.Pairs).Select(Named), resumed.Select(Named));
        Assert.Empty(search.Find(0.9f, whole[^1].Through));
    }

    [Fact]
    public async Task A_search_can_be_cancelled_and_a_floor_is_a_score()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("a", FakeImage.Of(new FakeFace(1)));
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        var search = new DuplicateSearch(test.Gallery);
        Assert.Throws<OperationCanceledException>(() => search.Find(0, cancellationToken: source.Token).Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => search.Find(1.5f));
        Assert.Throws<ArgumentOutOfRangeException>(() => search.Find(float.NaN));
    }

    [Fact]
    public void Galleries_of_different_models_have_no_pairs_and_an_empty_one_none_either()
    {
        using var test = new TestGallery();
        using var other = test.Catalog.Create("other", new FakeExtractor("another").Model, NoAudit.Record);
        Assert.Throws<ModelMismatchException>(() => new DuplicateSearch(test.Gallery, other));
        var search = new DuplicateSearch(test.Gallery);
        Assert.Empty(search.Find(-1));
        Assert.Equal(UnsaidReason.TooFewComparisons, search.StrangersAbove(0.5f).Reason);
        Assert.Equal(UnsaidReason.TooFewComparisons, Assert.Throws<UnsaidFloorException>(() => search.FloorForStrangers(1)).Reason);
    }

    [Fact]
    public async Task As_many_strangers_reach_a_floor_as_were_expected()
    {
        using var test = new TestGallery();
        // Everybody is somebody else: what pairs there are, there are by chance.
        await test.EnrolAsync([.. Enumerable.Range(0, 600).Select(i => TestGallery.Item($"S{i:000}", FakeImage.Of(new FakeFace(i, i))))]);
        var search = new DuplicateSearch(test.Gallery);

        var floor = search.FloorForStrangers(200);

        var said = search.StrangersAbove(floor);
        Assert.InRange(said.Value!.Value, 100, 201);
        Assert.Equal(600L * 599 / 2, said.Comparisons);
        var counted = search.Find(floor).Sum(page => page.Pairs.Count);
        Assert.InRange(counted, said.Low!.Value, said.High!.Value);
        Assert.InRange(counted, 100, 400);
        // Three hundred searches tell of three tenths of a pair, and not of less.
        Assert.Contains("0.3 is the least", Assert.Throws<UnsaidFloorException>(() => search.FloorForStrangers(0.2)).Message,
            StringComparison.Ordinal);
    }

    private static List<Photographed> People(int subjects, int people, int salt) =>
    [
        .. from subject in Enumerable.Range(0, subjects)
           from photo in Enumerable.Range(0, 1 + subject % 3)
           select new Photographed($"S{subject:000}", subject % people, salt + 3 * subject + photo),
    ];

    private static byte[] Image(Photographed photo) => FakeImage.Of(new FakeFace(photo.Identity, photo.Variation));

    private static Photographed Photo(List<Photographed> photos, Encounter encounter) => photos.Single(
        photo => photo.Subject == encounter.SubjectId
            && Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Image(photo))) == encounter.ImageSha256);

    private static float Score(FakeExtractor extractor, Photographed a, Photographed b)
    {
        var digest = ModelDigest.Parse(extractor.Model.Digest);
        return Cosine.Of(
            Template.FromEmbedding(FakeExtractor.Embedding(a.Identity, a.Variation), digest),
            Template.FromEmbedding(FakeExtractor.Embedding(b.Identity, b.Variation), digest));
    }

    private static (string, string, float) Named(DuplicatePair pair) =>
        (pair.First.Encounter.SubjectId, pair.Second.Encounter.SubjectId, pair.Score);

    private sealed record Photographed(string Subject, int Identity, int Variation);
}
