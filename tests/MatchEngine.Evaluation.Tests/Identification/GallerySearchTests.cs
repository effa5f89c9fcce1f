using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Intervals;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Tests.CrossComparison;

namespace MatchEngine.Evaluation.Tests.Identification;

public class GallerySearchTests
{
    private static readonly InputFaults Strict = new(strict: true);

    [Fact]
    public void Ranks_scores_and_lists_agree_with_a_plain_search_at_every_gallery_size()
    {
        var (embeddings, images) = SyntheticFaces.Make(150, s => 1 + s % 4, 32, 21);
        var plan = new IdentificationPlan { GallerySizes = [10, 40, 5000], NonMatedShare = 0.3, EnrolledPerSubject = 2, Seed = 4 };
        var sets = GallerySearch.Run(embeddings, images, plan, Strict);
        Assert.Equal([10, 40, 105], sets.Select(s => s.GallerySize));
        var cast = SearchCast.Of(embeddings, images, plan, Strict);
        foreach (var set in sets)
        {
            var gallery = cast.Enrolled.Take(set.GallerySize).ToDictionary(
                s => s, s => cast.GalleryPhotos[cast.FirstPhotoOf[cast.PlaceOf[s]]..cast.FirstPhotoOf[cast.PlaceOf[s] + 1]]);
            Assert.Equal(gallery.Values.Sum(p => p.Length), set.EnrolledPhotos);
            foreach (var search in set.Searches)
            {
                var scores = gallery.ToDictionary(
                    g => g.Key, g => g.Value.Max(photo => ScoreKernel.Dot(embeddings.Values(search.Photo), embeddings.Values(photo))));
                Assert.Equal(search.IsMated, scores.ContainsKey(search.Subject));
                Assert.Equal(scores.Where(s => s.Key != search.Subject).Max(s => s.Value), search.HighestNonMate);
                if (search.IsMated)
                {
                    Assert.Equal(scores[search.Subject], search.MateScore);
                    Assert.Equal(1 + scores.Count(s => s.Key != search.Subject && s.Value >= scores[search.Subject]), search.MateRank);
                }
                if (set == sets[^1])
                {
                    Assert.Equal(50, search.Candidates.Count);
                    Assert.Equal(scores.Values.OrderDescending().Take(50).Select(s => (double)s), search.Candidates.Select(c => c.Score));
                    Assert.All(search.Candidates, c => Assert.Equal(c.Id == images.Subjects[search.Subject], c.IsMate));
                }
            }
        }
        Assert.Equal(sets[0].NonMated.Select(s => s.Probe), sets[2].NonMated.Select(s => s.Probe));
    }

    [Fact]
    public void Nobody_is_both_enrolled_and_left_out_and_no_photo_is_both_enrolled_and_searched_with()
    {
        var (embeddings, images) = SyntheticFaces.Make(100, s => 1 + s % 3, 16, 22);
        var plan = new IdentificationPlan { NonMatedShare = 0.4 };
        var cast = SearchCast.Of(embeddings, images, plan, Strict);
        Assert.Equal(60, cast.Enrolled.Length);
        Assert.Empty(cast.GalleryPhotos.Intersect(cast.Probes.Select(p => p.Photo)));
        Assert.All(cast.Probes, p => Assert.Equal(cast.Enrolled.Contains(images.SubjectOf[p.Photo]), p.IsMated));
        Assert.Equal(images.Images.Count, cast.GalleryPhotos.Length + cast.Probes.Count);
    }

    [Fact]
    public void Filters_choose_gallery_and_probes_as_for_neutral_and_smiling_photos()
    {
        var (embeddings, images) = SyntheticFaces.Make(
            40, _ => 2, 16, 23,
            new Dictionary<string, Func<int, int, string>> { ["expression"] = (_, p) => p == 0 ? "neutral" : "smiling" });
        var plan = new IdentificationPlan
        {
            Gallery = new Dictionary<string, IReadOnlyList<string>> { ["expression"] = ["neutral"] },
            Probes = new Dictionary<string, IReadOnlyList<string>> { ["expression"] = ["smiling"] },
            NonMatedShare = 0.25,
        };
        var cast = SearchCast.Of(embeddings, images, plan, Strict);
        Assert.Equal(30, cast.Enrolled.Length);
        Assert.All(cast.GalleryPhotos, photo => Assert.Equal("neutral", images.Column("expression")[photo]));
        Assert.Equal(40, cast.Probes.Count);
        Assert.All(cast.Probes, p => Assert.Equal("smiling", images.Column("expression")[p.Photo]));
        Assert.Equal(10, cast.Probes.Count(p => !p.IsMated));
    }

    [Fact]
    public void A_probe_without_template_and_a_subject_that_could_not_be_enrolled_are_misses()
    {
        var (embeddings, images) = SyntheticFaces.Make(20, _ => 3, 16, 24);
        var plan = new IdentificationPlan { NonMatedShare = 0.25, GallerySizes = [5] };
        var first = SearchCast.Of(embeddings, images, plan, Strict);
        var (lostProbe, lostEnrolment) = (first.Probes.First(p => p.IsMated).Photo, first.GalleryPhotos[^1]);
        var some = new EmbeddingSet(16);
        for (var i = 0; i < embeddings.Count; i++)
        {
            if (i == lostProbe || i == lostEnrolment)
                some.AddFailure(embeddings.Images[i], "no face");
            else
                some.Add(embeddings.Images[i], embeddings.Values(i));
        }
        var whole = GallerySearch.Run(some, images, plan, Strict)[^1];
        Assert.Equal(1, whole.FailedEnrolments);
        Assert.Equal(14, whole.GallerySize);
        Assert.True(whole.Searches.Single(s => s.Photo == lostProbe) is { IsMated: true, HasFailed: true });
        var orphans = whole.Searches.Where(s => s.Subject == images.SubjectOf[lostEnrolment]).ToArray();
        Assert.Equal(2, orphans.Length);
        Assert.All(orphans, s => Assert.True(s.IsMated && s.IsMiss(1000, double.NegativeInfinity)));
    }

    [Fact]
    public void The_order_of_the_metadata_changes_nothing()
    {
        var (embeddings, images) = SyntheticFaces.Make(60, s => 1 + s % 3, 16, 25);
        var order = Enumerable.Range(0, embeddings.Count).ToArray();
        new RandomStream(3, 0).Shuffle<int>(order);
        var other = new DataSet(
            "synthetic", [.. order.Select(i => images.Images[i])], [.. order.Select(i => images.Subjects[images.SubjectOf[i]])]);
        var plan = new IdentificationPlan { GallerySizes = [10] };
        static IEnumerable<(string, bool, int?, double?, double)> Facts(IReadOnlyList<SearchSet> sets) =>
            sets.SelectMany(s => s.Searches).Select(s => (s.Probe, s.IsMated, s.MateRank, s.MateScore, s.HighestNonMate));
        Assert.Equal(Facts(GallerySearch.Run(embeddings, images, plan, Strict)), Facts(GallerySearch.Run(embeddings, other, plan, Strict)));
    }

    [Fact]
    public void A_probe_that_is_the_same_file_as_an_enrolled_photo_is_left_out()
    {
        var (embeddings, images) = SyntheticFaces.Make(10, _ => 2, 16, 26);
        var same = new EmbeddingSet(16);
        for (var i = 0; i < embeddings.Count; i++)
            same.Add(embeddings.Images[i], embeddings.Values(i), $"d{i / 2}");
        var set = GallerySearch.Run(same, images, new IdentificationPlan { NonMatedShare = 0.5 }, Strict)[^1];
        Assert.Equal(5, set.LeftOut["probe identical to an enrolled photo"]);
        Assert.Empty(set.Mated);
    }

    [Fact]
    public void Searching_can_be_cancelled_and_an_empty_gallery_is_refused()
    {
        var (embeddings, images) = SyntheticFaces.Make(10, _ => 2, 16, 27);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => GallerySearch.Run(embeddings, images, new IdentificationPlan(), Strict, null, cancelled.Token));
        var none = new IdentificationPlan { Gallery = new Dictionary<string, IReadOnlyList<string>> { ["subject"] = ["nobody"] } };
        Assert.Contains(
            "can be enrolled", Assert.Throws<EvaluationException>(() => GallerySearch.Run(embeddings, images, none, Strict)).Message,
            StringComparison.Ordinal);
    }
}
