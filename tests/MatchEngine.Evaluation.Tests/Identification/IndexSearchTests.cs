using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Tests.CrossComparison;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Exact;

namespace MatchEngine.Evaluation.Tests.Identification;

public class IndexSearchTests
{
    private static readonly InputFaults Strict = new(strict: true);
    private static readonly IdentificationPlan Plan = new() { NonMatedShare = 0.25, EnrolledPerSubject = 2 };
    private static readonly ModelDigest Model = ModelDigest.FromBytes(new byte[32]);

    [Fact]
    public void An_exact_index_finds_what_an_exhaustive_search_finds_up_to_the_rounding_of_its_templates()
    {
        var (embeddings, images) = SyntheticFaces.Make(200, _ => 4, 64, 81, noise: (_, _) => 0.9);
        var exhaustive = GallerySearch.Run(embeddings, images, Plan, Strict)[^1];
        var set = IndexSearch.Run(new ExactIndex(Model, 64), embeddings, images, Plan, Strict, 20);
        Assert.Equal(exhaustive.Searches.Select(s => (s.Probe, s.IsMated)), set.Searches.Select(s => (s.Probe, s.IsMated)));
        Assert.Equal((150, 300, 20), (set.GallerySize, set.EnrolledPhotos, set.ListLength));
        foreach (var (ours, theirs) in set.Searches.Zip(exhaustive.Searches))
        {
            Assert.Equal(theirs.HighestNonMate, ours.HighestNonMate, 0.02);
            if (theirs.MateRank is { } rank and < 15)
                Assert.InRange(ours.MateRank!.Value, Math.Max(1, rank - 4), rank + 4);
        }
        var cost = IndexCost.Of(exhaustive, set, 1, null, new BootstrapPlan { Replicates = 200 });
        Assert.InRange(Math.Abs(cost.Difference), 0, 0.02);
    }

    [Fact]
    public void An_index_that_does_not_list_some_subjects_costs_their_searches()
    {
        var (embeddings, images) = SyntheticFaces.Make(120, _ => 3, 64, 82);
        var exact = IndexSearch.Run(new ExactIndex(Model, 64), embeddings, images, Plan, Strict);
        var lossy = IndexSearch.Run(new Lossy(new ExactIndex(Model, 64)), embeddings, images, Plan, Strict);
        var lost = exact.Searches.Count(s => s is { IsMated: true, MateRank: 1 } && s.Subject % 5 == 0);
        Assert.True(lost > 5);
        Assert.Equal(lost, IndexCost.Of(exact, lossy, 1, null, new BootstrapPlan { Replicates = 100 }).LostByIndex);
    }

    [Fact]
    public void An_index_that_holds_templates_already_is_refused()
    {
        var (embeddings, images) = SyntheticFaces.Make(10, _ => 2, 64, 83);
        var index = new ExactIndex(Model, 64);
        index.Add(1, 1, Template.FromEmbedding(embeddings.Values(0), Model));
        Assert.Throws<ArgumentException>(() => IndexSearch.Run(index, embeddings, images, Plan, Strict));
    }

    /// <summary>Never lists every fifth subject.</summary>
    private sealed class Lossy(ExactIndex inner) : IVectorIndex
    {
        private static readonly SubjectSet Most = SubjectSet.AllBut(Enumerable.Range(0, 1000).Select(i => 5L * i));

        public ModelDigest Model => inner.Model;

        public int Dimension => inner.Dimension;

        public int Count => inner.Count;

        public void Add(long id, long subject, Template template) => inner.Add(id, subject, template);

        public bool Remove(long id) => inner.Remove(id);

        public bool Contains(long id) => inner.Contains(id);

        public IndexAnswer Search(
            Template probe, int listLength = 20, float floor = -1, SubjectSet? filter = null, TallyRequest? tally = null,
            CancellationToken cancellationToken = default) =>
            inner.Search(probe, listLength, floor, Most, tally, cancellationToken);

        public IReadOnlyList<IndexAnswer> SearchBatch(
            IReadOnlyList<Template> probes, int listLength = 20, float floor = -1, SubjectSet? filter = null, TallyRequest? tally = null,
            CancellationToken cancellationToken = default) =>
            inner.SearchBatch(probes, listLength, floor, Most, tally, cancellationToken);
    }
}
