using System.Globalization;
using MatchEngine.Galleries.Filters;
using MatchEngine.Galleries.Indexing;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Galleries.Tests.Indexing;

/// <summary>Columns over a feed of subjects that come, are corrected and go, against going through them one by one.</summary>
public class BiographicColumnsTests
{
    private static readonly BiographicFilter[] Filters =
        [.. new string[][] { ["a=1"], ["a!=1"], ["a>=5", "b=x"], ["b=y"], ["c<3"] }.Select(filter => BiographicFilter.Parse(filter)!)];

    [Fact]
    public void Who_meets_a_filter_is_who_meets_it_whatever_the_numbers_of_the_rows_are()
    {
        var random = new Random(3);
        var feed = new SubjectFeed();
        var columns = new BiographicColumns(feed);
        for (var step = 0; step < 400; step++)
        {
            // Rows of ours follow each other; an archive from elsewhere may number them up to the end.
            var row = random.Next(3) == 0 ? random.NextInt64(1, long.MaxValue) : random.Next(1, 600);
            if (feed.People.Count > 50 && random.Next(3) == 0)
                feed.Remove(feed.People.Keys.ElementAt(random.Next(feed.People.Count)));
            else
                feed.Set(row, Enumerable.Range(0, 3).Where(_ => random.Next(4) > 0).ToDictionary(
                    key => "abc"[key].ToString(),
                    key => key == 1 ? random.Next(2) == 0 ? "x" : "y" : random.Next(10).ToString(CultureInfo.InvariantCulture)));
            var filter = Filters[random.Next(Filters.Length)];
            var set = columns.Of(filter, CancellationToken.None);
            Assert.Equal(
                feed.People.Where(person => filter.Admits(person.Value)).Select(person => person.Key).Order(), set.Members.Order());
            Assert.Same(set, columns.Of(filter, CancellationToken.None));
        }
    }

    [Fact]
    public void Only_what_changed_is_read_again_and_of_more_keys_than_are_held_the_oldest_goes()
    {
        var feed = new SubjectFeed();
        feed.Set(1, Enumerable.Range(0, 40).ToDictionary(key => $"k{key}", _ => "1"));
        feed.Set(2, new Dictionary<string, string> { ["k0"] = "1" });
        var columns = new BiographicColumns(feed);
        foreach (var key in Enumerable.Range(0, 40))
            Assert.Equal(key == 0 ? 2 : 1, columns.Of(BiographicFilter.Parse([$"k{key}=1"])!, CancellationToken.None).Count);
        var read = feed.Given;
        Assert.Equal(1, columns.Of(BiographicFilter.Parse(["k39=1"])!, CancellationToken.None).Count);
        Assert.Equal(read, feed.Given);
        feed.Set(3, new Dictionary<string, string> { ["k39"] = "1" });
        Assert.Equal(2, columns.Of(BiographicFilter.Parse(["k39=1"])!, CancellationToken.None).Count);
        Assert.Equal(read + 1, feed.Given);
        // Gone long ago, and read anew with all others.
        Assert.Equal(2, columns.Of(BiographicFilter.Parse(["k0=1"])!, CancellationToken.None).Count);
        Assert.Equal(read + 1 + 3, feed.Given);
    }

    [Fact]
    public void Half_a_reading_is_no_reading()
    {
        var feed = new SubjectFeed();
        feed.Set(1, new Dictionary<string, string> { ["a"] = "1" });
        var columns = new BiographicColumns(feed);
        feed.Fails = true;
        Assert.Throws<IOException>(() => columns.Of(Filters[0], CancellationToken.None));
        feed.Fails = false;
        Assert.Equal(1, columns.Of(Filters[0], CancellationToken.None).Count);
        feed.Set(2, new Dictionary<string, string> { ["a"] = "1" });
        feed.Fails = true;
        Assert.Throws<IOException>(() => columns.Of(Filters[0], CancellationToken.None));
        feed.Fails = false;
        Assert.Equal(2, columns.Of(Filters[0], CancellationToken.None).Count);
    }

    private sealed class SubjectFeed : IChangeFeed
    {
        private readonly SortedDictionary<long, long> _changes = [];
        private readonly Dictionary<long, long> _removed = [];
        private long _change;

        public SortedDictionary<long, IReadOnlyDictionary<string, string>> People { get; } = [];

        public int Given { get; private set; }

        public bool Fails { get; set; }

        public string Identity => "subjects";

        public string? SnapshotFile => null;

        public void Set(long row, IReadOnlyDictionary<string, string> biographics)
        {
            if (_removed.ContainsKey(row))
                return; // Row ids never come back.
            (People[row], _changes[row]) = (biographics, ++_change);
        }

        public void Remove(long row)
        {
            People.Remove(row);
            _changes.Remove(row);
            _removed[row] = ++_change;
        }

        public long Version() => _change;

        public long ReadSubjects(
            long after, Action<long, IReadOnlyDictionary<string, string>> present, Action<long> removed,
            CancellationToken cancellationToken)
        {
            foreach (var (row, change) in _changes.Where(row => row.Value > after))
            {
                Given++;
                present(row, People[row]);
                if (Fails)
                    throw new IOException("in the middle");
            }
            foreach (var (row, _) in _removed.Where(row => row.Value > after))
                removed(row);
            return _change;
        }

        public (long Change, long Templates) Extent() => throw new NotSupportedException();

        public long ReadChanges(long after, Action<StoredTemplate> added, Action<long> removed, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public IReadOnlyList<long> RemovedAfter(long change) => throw new NotSupportedException();

        public IReadOnlyDictionary<long, FoundEncounter> FindRows(IReadOnlyCollection<long> rows) => throw new NotSupportedException();
    }
}
