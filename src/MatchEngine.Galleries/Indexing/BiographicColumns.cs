using MatchEngine.Galleries.Filters;
using MatchEngine.Galleries.Stores;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Indexing;

/// <summary>
/// The biographics of a gallery by which it was searched, a column a key, in memory: sealed values have no index on the disk that would not
/// tell what they are. Made when a filter first asks for a key; follows the store as the index does.
/// </summary>
/// <remarks>
/// A column numbers the different values and holds one number a subject, 4 bytes; a filter is asked once for each different value. What it
/// gives is kept, as the same object, until a subject comes, goes or is corrected, for the index keeps what it looked up for it. A value
/// whose last subject is gone is forgotten with it.
/// </remarks>
/// <param name="feed">Gives the subjects.</param>
internal sealed class BiographicColumns(IChangeFeed feed)
{
    /// <summary>As many keys are held; the one that was asked for the longest time ago goes.</summary>
    internal const int MostColumns = 16;

    private const int MostSets = 16;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, Column> _columns = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<BiographicFilter, SubjectSet> _sets = [];
    private long _version = -1;
    private long _change;

    /// <summary>The subjects that meet a filter, of all that were committed before this call.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="cancellationToken">Ends the reading; the next call begins it anew.</param>
    /// <exception cref="Errors.StoreException">The store cannot be read, or its key is not given.</exception>
    public SubjectSet Of(BiographicFilter filter, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Follow(cancellationToken);
            if (filter.Keys.Any(key => !_columns.ContainsKey(key)))
                Load(filter.Keys, cancellationToken);
            foreach (var key in filter.Keys)
                Last(_columns, key, _columns[key]);
            if (!_sets.TryGetValue(filter, out var set))
                set = SubjectSet.Only(Rows(filter));
            Last(_sets, filter, set);
            if (_sets.Count > MostSets)
                _sets.RemoveAt(0);
            return set;
        }
    }

    /// <summary>Forgets what was removed or corrected.</summary>
    public void Follow()
    {
        lock (_gate)
            Follow(CancellationToken.None);
    }

    private void Follow(CancellationToken cancellationToken)
    {
        if (_columns.Count == 0)
            return;
        // Asked for before the rows are read: a commit in between is looked for twice rather than not at all.
        var version = feed.Version();
        if (version == _version)
            return;
        var before = _change;
        _change = Read(_change, [.. _columns], cancellationToken);
        _version = version;
        if (_change != before)
            _sets.Clear();
    }

    private void Load(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        var version = feed.Version();
        // All anew, so that they are of one moment.
        string[] wanted = [.. _columns.Keys.Union(keys, StringComparer.Ordinal)];
        var columns = wanted.TakeLast(MostColumns).Select(key => KeyValuePair.Create(key, new Column())).ToArray();
        _columns.Clear();
        _sets.Clear();
        _change = Read(0, columns, cancellationToken);
        _version = version;
        foreach (var (key, column) in columns)
            _columns[key] = column;
    }

    private long Read(long after, KeyValuePair<string, Column>[] columns, CancellationToken cancellationToken)
    {
        try
        {
            return feed.ReadSubjects(
                after,
                (row, biographics) =>
                {
                    foreach (var (key, column) in columns)
                        column.Set(row, biographics.GetValueOrDefault(key));
                },
                row =>
                {
                    foreach (var (_, column) in columns)
                        column.Set(row, null);
                },
                cancellationToken);
        }
        catch
        {
            // Half a catch-up cannot be told from a whole one.
            _columns.Clear();
            _sets.Clear();
            throw;
        }
    }

    private IEnumerable<long> Rows(BiographicFilter filter)
    {
        var asked = filter.Conditions.GroupBy(condition => condition.Key, StringComparer.Ordinal)
            .Select(conditions => (Column: _columns[conditions.Key], Admitted: _columns[conditions.Key].Admitted(conditions))).ToArray();
        foreach (var (first, numbers) in asked[0].Column.Pages)
        {
            for (var at = 0; at < numbers.Length; at++)
            {
                if (asked[0].Admitted[numbers[at]] && Array.TrueForAll(asked, own => own.Admitted[own.Column.Of(first + at)]))
                    yield return first + at;
            }
        }
    }

    private static void Last<TKey, TValue>(OrderedDictionary<TKey, TValue> held, TKey key, TValue value)
        where TKey : notnull
    {
        held.Remove(key);
        held.Add(key, value);
    }

    /// <summary>
    /// One key's values. Row ids are the store's, one after the other: a page holds 256 of them. Numbers without any order, as an archive
    /// from elsewhere may have them, would cost a page each.
    /// </summary>
    private sealed class Column
    {
        private const int PageBits = 8;

        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly List<(string? Value, int Subjects)> _values = [(null, 0)];
        private readonly Stack<int> _free = [];
        private readonly Dictionary<long, int[]> _pages = [];

        /// <summary>The numbers of the values of rows that follow each other, with the first of these rows; 0: no value.</summary>
        public IEnumerable<(long First, int[] Numbers)> Pages => _pages.Select(page => (page.Key << PageBits, page.Value));

        /// <summary>The number of a row's value; 0 for none.</summary>
        public int Of(long row) => _pages.TryGetValue(row >> PageBits, out var page) ? page[At(row)] : 0;

        public void Set(long row, string? value)
        {
            var before = Of(row);
            var number = value is null ? 0 : NumberOf(value);
            if (number == before)
                return;
            if (!_pages.TryGetValue(row >> PageBits, out var page))
                page = _pages[row >> PageBits] = new int[1 << PageBits];
            page[At(row)] = number;
            if (number != 0)
                _values[number] = _values[number] with { Subjects = _values[number].Subjects + 1 };
            if (before != 0)
                Forget(before);
        }

        /// <summary>For each number whether its value meets all conditions.</summary>
        public bool[] Admitted(IEnumerable<FilterCondition> conditions) =>
            [.. _values.Select(known => known.Value is not null && conditions.All(condition => condition.Admits(known.Value)))];

        private static int At(long row) => (int)(row & ((1 << PageBits) - 1));

        private void Forget(int number)
        {
            var (value, subjects) = _values[number];
            _values[number] = (value, subjects - 1);
            if (subjects > 1)
                return;
            _numbers.Remove(value!);
            _values[number] = (null, 0);
            _free.Push(number);
        }

        private int NumberOf(string value)
        {
            if (_numbers.TryGetValue(value, out var number))
                return number;
            if (_free.TryPop(out number))
            {
                _values[number] = (value, 0);
            }
            else
            {
                number = _values.Count;
                _values.Add((value, 0));
            }
            return _numbers[value] = number;
        }
    }
}
