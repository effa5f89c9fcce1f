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
        var rows = asked.Max(column => column.Column.Rows);
        for (var row = 0; row < rows; row++)
        {
            var admitted = true;
            foreach (var (column, values) in asked)
                admitted &= values[column.Of(row)];
            if (admitted)
                yield return row;
        }
    }

    private static void Last<TKey, TValue>(OrderedDictionary<TKey, TValue> held, TKey key, TValue value)
        where TKey : notnull
    {
        held.Remove(key);
        held.Add(key, value);
    }

    /// <summary>One key's values. Row ids are the store's, which rise from 1 and never come back.</summary>
    private sealed class Column
    {
        private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
        private readonly List<(string? Value, int Subjects)> _values = [(null, 0)];
        private readonly Stack<int> _free = [];
        private int[] _rows = [];

        public int Rows => _rows.Length;

        /// <summary>The number of a row's value; 0 for none.</summary>
        public int Of(int row) => row < _rows.Length ? _rows[row] : 0;

        public void Set(long row, string? value)
        {
            if (row >= _rows.Length)
            {
                if (value is null)
                    return;
                Array.Resize(ref _rows, (int)Math.Min(Array.MaxLength, Math.Max(row + 1, 2L * _rows.Length)));
            }
            var before = _rows[row];
            var number = value is null ? 0 : NumberOf(value);
            if (number == before)
                return;
            _rows[row] = number;
            if (number != 0)
                _values[number] = _values[number] with { Subjects = _values[number].Subjects + 1 };
            if (before == 0)
                return;
            var (text, subjects) = _values[before];
            _values[before] = (text, subjects - 1);
            if (subjects > 1)
                return;
            _numbers.Remove(text!);
            _values[before] = (null, 0);
            _free.Push(before);
        }

        /// <summary>For each number whether its value meets all conditions.</summary>
        public bool[] Admitted(IEnumerable<FilterCondition> conditions) =>
            [.. _values.Select(known => known.Value is not null && conditions.All(condition => condition.Admits(known.Value)))];

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
