using MatchEngine.Galleries.Indexing;
using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Rates.Tails;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Exact;
using Beta = MathNet.Numerics.Distributions.Beta;

namespace MatchEngine.Galleries.Tests.Indexing;

public class PooledTailsTests
{
    private static readonly ModelDigest Model = ModelDigest.Parse(new string('a', 64));

    [Fact]
    public void With_its_own_people_a_gallery_of_150_says_what_300_would_be_needed_for()
    {
        // Cosines of independent directions in 64 dimensions are known: (1 + cos)/2 follows Beta(31.5, 31.5).
        var (index, feed) = People(150);
        var prior = new PooledTails(feed).Of(index, 150, 150, CancellationToken.None);
        const double Floor = 0.35;
        var truth = 150 * (1 - Beta.CDF(31.5, 31.5, (1 + Floor) / 2));
        var sum = 0.0;
        for (var probe = 0; probe < 60; probe++)
        {
            var template = Template.FromEmbedding(FakeExtractor.Embedding(5000 + probe, 0), Model);
            var summary = SubjectTally.Summary(index.Search(template, tally: SubjectTally.Request(20)).Tally!, 1);
            Assert.Equal(UnsaidReason.TooFewComparisons, TailFit.Of(summary, "150 people").Reason);
            sum += TailFit.Of(summary, "150 people", prior).Above(Floor).Value!.Value;
        }
        Assert.NotNull(prior!.LogScale);
        Assert.InRange(sum / 60 / truth, 0.6, 1.6);
        Assert.All(feed.Given, template => Assert.Throws<ObjectDisposedException>(() => template.Body.Length));
    }

    [Theory]
    [InlineData(99)]
    [InlineData(300)]
    public void A_gallery_that_is_too_small_or_needs_no_help_has_no_pool(int subjects)
    {
        var (index, feed) = People(subjects);
        Assert.Null(new PooledTails(feed).Of(index, subjects, subjects, CancellationToken.None));
        Assert.Equal(0, feed.Reads);
    }

    [Fact]
    public void A_pool_is_made_once_and_anew_after_a_change()
    {
        var (index, feed) = People(120);
        var tails = new PooledTails(feed);
        var first = tails.Of(index, 120, 120, CancellationToken.None);
        Assert.Equal(first, tails.Of(index, 120, 120, CancellationToken.None));
        Assert.Equal(1, feed.Reads);
        feed.Add(index, 120);
        Assert.NotEqual(first, tails.Of(index, 121, 121, CancellationToken.None));
        Assert.Equal(2, feed.Reads);
    }

    private static (ExactIndex Index, PeopleFeed Feed) People(int count)
    {
        var (index, feed) = (new ExactIndex(Model, FakeExtractor.Dimension), new PeopleFeed());
        for (var person = 0; person < count; person++)
            feed.Add(index, person);
        return (index, feed);
    }

    private sealed class PeopleFeed : IChangeFeed
    {
        private readonly List<int> _people = [];

        public int Reads { get; private set; }

        public List<Template> Given { get; } = [];

        public string Identity => "people";

        public string? SnapshotFile => null;

        public void Add(ExactIndex index, int person)
        {
            // Two photos each, of which the second is not searched.
            _people.Add(person);
            index.Add(2 * person, person, Of(person, 0));
            index.Add((2 * person) + 1, person, Of(person, 1));
        }

        public long Version() => _people.Count;

        public (long Change, long Templates) Extent() => (_people.Count, 2 * _people.Count);

        public long ReadChanges(long after, Action<StoredTemplate> added, Action<long> removed, CancellationToken cancellationToken)
        {
            Reads++;
            foreach (var person in _people)
            {
                for (var photo = 0; photo < 2; photo++)
                {
                    Given.Add(Of(person, photo));
                    added(new StoredTemplate((2 * person) + photo, person, Given[^1]));
                }
            }
            return _people.Count;
        }

        public long ReadSubjects(
            long after, Action<long, IReadOnlyDictionary<string, string>> present, Action<long> removed,
            CancellationToken cancellationToken) => throw new NotSupportedException("nobody asks for biographics");

        public IReadOnlyList<long> RemovedAfter(long change) => [];

        public IReadOnlyDictionary<long, FoundEncounter> FindRows(IReadOnlyCollection<long> rows) =>
            new Dictionary<long, FoundEncounter>();

        private static Template Of(int person, int photo) => Template.FromEmbedding(FakeExtractor.Embedding(person, photo), Model);
    }
}
