using System.Runtime.CompilerServices;

namespace MatchEngine.Vectors.Exact;

/// <summary>
/// Where the templates of a few subjects lie, so that a search among them need not look at anybody else: for each segment the rows that a
/// <see cref="SubjectSet"/> admits, rising. Kept as long as the set is, and brought up to date by each search with it: a segment's rows
/// never change, they only become more.
/// </summary>
/// <remarks>
/// Erased rows stay among the selected ones, as they stay in their segment until it is merged; every stage of a scan looks at the marks.
/// </remarks>
/// <param name="set">Who is admitted.</param>
internal sealed unsafe class SelectedRows(SubjectSet set)
{
    private readonly Lock _updating = new();
    private readonly ConditionalWeakTable<Segment, Part> _parts = [];
    private long _changes = -1;
    private long _subjects;

    /// <summary>The rows of each segment that may be listed.</summary>
    /// <param name="segments">The segments.</param>
    public int[][] Of(Segment[] segments)
    {
        var rows = new int[segments.Length][];
        lock (_updating)
        {
            for (var s = 0; s < segments.Length; s++)
                rows[s] = _parts.GetOrCreateValue(segments[s]).UpTo(segments[s], set);
        }
        return rows;
    }

    /// <summary>
    /// How many of the set's members have templates; counted anew when the index has changed since. For the writer's lock alone.
    /// </summary>
    /// <param name="subjects">Who has templates.</param>
    /// <param name="changes">How often the index was changed.</param>
    public long Members(SubjectCounts subjects, long changes)
    {
        if (_changes != changes)
            (_subjects, _changes) = (set.Members.Count(subjects.Contains), changes);
        return _subjects;
    }

    private sealed class Part
    {
        private int[] _rows = [];
        private int _looked;

        public int[] UpTo(Segment segment, SubjectSet set)
        {
            var published = segment.Published;
            if (published == _looked)
                return _rows;
            var more = new List<int>();
            for (var row = _looked; row < published; row++)
            {
                if (set.Admits(segment.Subjects[row]))
                    more.Add(row);
            }
            GC.KeepAlive(segment);
            _looked = published;
            // Who reads the former array still may.
            return _rows = more.Count == 0 ? _rows : [.. _rows, .. more];
        }
    }
}
