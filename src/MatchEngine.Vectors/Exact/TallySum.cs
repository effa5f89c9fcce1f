namespace MatchEngine.Vectors.Exact;

/// <summary>
/// Makes one probe's tally of the rows that all threads of a scan have come by. Between scans nothing of a probe is in it.
/// </summary>
internal sealed class TallySum
{
    private const int SmallestTable = 1024;

    // One entry a subject, open addressing; as its best row stands in the table, so does its score.
    private (long Subject, float Score)[] _subjects = [];
    private bool[] _taken = [];
    private int _held;

    /// <summary>Counts.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="parts">The rows of each thread.</param>
    /// <param name="segments">The segments, for the rows' subjects.</param>
    /// <param name="subjects">How many subjects were compared.</param>
    /// <param name="several">Whether a subject may have several templates.</param>
    /// <param name="hits">The list, for the final scores of the best.</param>
    /// <param name="excessVariance">See <see cref="ScoreTally.ExcessVariance"/>.</param>
    public unsafe ScoreTally Of(
        TallyRequest request, ReadOnlySpan<TallyRows> parts, Segment[] segments, long subjects, bool several,
        IReadOnlyList<IndexHit> hits, double excessVariance)
    {
        var edges = request.Edges;
        var from = First(request, parts);
        var least = from == 0 ? float.NegativeInfinity : edges[from];
        var counts = new long[edges.Count];
        Span<Entry> best = stackalloc Entry[2 * ScoreTally.BestKept];
        var kept = 0;
        foreach (var part in parts)
        {
            foreach (var (score, segment, row) in part.Rows)
            {
                if (score < least)
                    continue;
                if (several)
                {
                    Keep(segments[segment].Subjects[row], score);
                    continue;
                }
                counts[edges.CellOf(score)]++;
                if (kept < best.Length || score >= best[^1].Score)
                    Offer(best, ref kept, new Entry(segments[segment].Subjects[row], score));
            }
        }
        for (var slot = 0; several && slot < _taken.Length; slot++)
        {
            if (!_taken[slot])
                continue;
            var (subject, score) = _subjects[slot];
            counts[edges.CellOf(score)]++;
            if (kept < best.Length || score >= best[^1].Score)
                Offer(best, ref kept, new Entry(subject, score));
        }
        Empty();
        var tally = new ScoreTally(subjects, from, counts, Final(best[..kept], hits), excessVariance);
        // Whoever was added while the scan ran counts for both.
        return tally.Counted <= subjects ? tally : tally with { Subjects = tally.Counted };
    }

    /// <summary>Overwrites what came from probes.</summary>
    public void Clear() => Empty();

    /// <summary>
    /// The edge from which on all threads have all rows, whichever thread scanned which: where one may have raised its score, the last edge
    /// that half as many rows reach as it then kept.
    /// </summary>
    private static int First(TallyRequest request, ReadOnlySpan<TallyRows> parts)
    {
        var from = float.NegativeInfinity;
        long rows = 0;
        foreach (var part in parts)
        {
            from = Math.Max(from, part.From);
            rows += part.Rows.Length;
        }
        if (rows < TallyRows.Kept(request))
            return float.IsNegativeInfinity(from) ? 0 : request.Edges.CellOf(from);
        Span<long> cells = stackalloc long[request.Edges.Count];
        foreach (var part in parts)
        {
            foreach (var row in part.Rows)
                cells[request.Edges.CellOf(row.Score)]++;
        }
        return TallyRows.LastReachedBy(TallyRows.Kept(request) / 2, cells);
    }

    private static TalliedSubject[] Final(ReadOnlySpan<Entry> best, IReadOnlyList<IndexHit> hits)
    {
        var final = new TalliedSubject[best.Length];
        for (var i = 0; i < best.Length; i++)
        {
            var score = best[i].Score;
            foreach (var hit in hits)
            {
                if (hit.Subject == best[i].Subject)
                {
                    score = hit.Score;
                    break;
                }
            }
            final[i] = new TalliedSubject(score, best[i].Score);
        }
        Array.Sort(final, static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : b.CountedAt.CompareTo(a.CountedAt));
        return final.Length <= ScoreTally.BestKept ? final : final[..ScoreTally.BestKept];
    }

    private static void Offer(Span<Entry> best, ref int kept, Entry entry)
    {
        if (kept == best.Length && !entry.IsBefore(best[^1]))
            return;
        var place = kept < best.Length ? kept++ : kept - 1;
        for (; place > 0 && entry.IsBefore(best[place - 1]); place--)
            best[place] = best[place - 1];
        best[place] = entry;
    }

    private void Keep(long subject, float score)
    {
        if (2 * (_held + 1) > _taken.Length)
            Grow();
        var slot = Find(subject);
        if (_taken[slot])
        {
            _subjects[slot].Score = Math.Max(_subjects[slot].Score, score);
            return;
        }
        (_taken[slot], _subjects[slot]) = (true, (subject, score));
        _held++;
    }

    // Fibonacci hashing (Knuth, TAOCP 3, 6.4): subjects' numbers are often consecutive.
    private int Find(long subject)
    {
        var mask = _taken.Length - 1;
        var slot = (int)((ulong)subject * 0x9E3779B97F4A7C15UL >> 32) & mask;
        while (_taken[slot] && _subjects[slot].Subject != subject)
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        var (taken, subjects) = (_taken, _subjects);
        var size = Math.Max(SmallestTable, 2 * taken.Length);
        (_taken, _subjects) = (new bool[size], new (long, float)[size]);
        for (var old = 0; old < taken.Length; old++)
        {
            if (!taken[old])
                continue;
            var slot = Find(subjects[old].Subject);
            (_taken[slot], _subjects[slot]) = (true, subjects[old]);
        }
        Array.Clear(subjects);
    }

    private void Empty()
    {
        if (_held == 0)
            return;
        Array.Clear(_subjects);
        Array.Clear(_taken);
        _held = 0;
    }

    private readonly record struct Entry(long Subject, float Score)
    {
        public bool IsBefore(Entry other) => Score > other.Score || (Score == other.Score && Subject < other.Subject);
    }
}
