using System.Runtime.CompilerServices;

namespace MatchEngine.Rates.Summaries;

/// <summary>
/// Collects the scores of one probe face while a scan runs, and makes a <see cref="ScoreSummary"/> of them. A subject with several
/// templates
/// is counted once, at the best of them. Not safe for threads: a scan gives one to each worker and pours them together, for a subject's
/// templates may lie in the parts of several.
/// </summary>
/// <remarks>
/// <para>An index holds templates, each with its subject's number. What a worker must remember of a subject is its best score, and only of
/// those that reached <c>from</c>: a table with open addressing, which grows with the tail and not with the gallery. A gallery known to
/// hold
/// one template a subject spares the table by <see cref="AddOnly"/>.</para>
/// <para>Scores below <c>from</c> are refused by one comparison that is nearly always the same, so a scan that knows where the probe's
/// tail begins (from its first few thousand rows) pays little for the rest.</para>
/// </remarks>
public sealed class SubjectScores
{
    private const int SmallestTable = 256;

    private readonly float _floor;
    private readonly int _from;
    private readonly long[] _counts = new long[ScoreGrid.Cells];
    private readonly BestSubject[] _only = new BestSubject[ScoreSummary.BestKept];
    private int _onlyCount;
    private long[] _subjects = [];
    private float[] _scores = [];
    private bool[] _taken = [];
    private int _held;

    /// <summary>Begins.</summary>
    /// <param name="from">The score from which on subjects are counted; it is lowered to the grid. −1 counts all of them.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="from"/> is not a number.</exception>
    public SubjectScores(float from = -1)
    {
        _from = ScoreGrid.CellOf(from);
        // The first cell also takes what rounding puts below −1.
        _floor = _from == 0 ? float.NegativeInfinity : (float)ScoreGrid.ScoreAt(_from);
    }

    /// <summary>Adds the score of a template whose subject has no other. Do not mix with <see cref="Add"/> for the same subject.</summary>
    /// <param name="score">The score.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddOnly(float score)
    {
        if (score >= _floor)
            Count(score);
    }

    /// <summary>Adds the score of one of a subject's templates; the best of them counts.</summary>
    /// <param name="subject">The subject's number in the index.</param>
    /// <param name="score">The score.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long subject, float score)
    {
        if (score >= _floor)
            Keep(subject, score);
    }

    /// <summary>Adds all that another one collected, with the same <c>from</c>.</summary>
    /// <param name="other">Of the same probe face; of other templates, perhaps of the same subjects.</param>
    /// <exception cref="ArgumentException">The other one counts from another score.</exception>
    public void AddAll(SubjectScores other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other._from != _from)
            throw new ArgumentException("the parts of one scan count from the same score", nameof(other));
        for (var cell = _from; cell < _counts.Length; cell++)
            _counts[cell] += other._counts[cell];
        foreach (var best in other._only.AsSpan(0, other._onlyCount))
            Offer(_only, ref _onlyCount, best);
        for (var slot = 0; slot < other._taken.Length; slot++)
        {
            if (other._taken[slot])
                Keep(other._subjects[slot], other._scores[slot]);
        }
    }

    /// <summary>The summary of what was added.</summary>
    /// <param name="subjects">How many subjects were compared, those below <c>from</c> included; an index knows the number.</param>
    /// <param name="possibleMates">How many of them can be the probe's own person.</param>
    /// <exception cref="ArgumentException">More subjects were added than were compared.</exception>
    public ScoreSummary ToSummary(long subjects, int possibleMates = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(possibleMates);
        long[] counts = [.. _counts];
        var best = _only.AsSpan().ToArray();
        var kept = _onlyCount;
        for (var slot = 0; slot < _taken.Length; slot++)
        {
            if (!_taken[slot])
                continue;
            counts[ScoreGrid.CellOf(_scores[slot])]++;
            Offer(best, ref kept, new BestSubject(_scores[slot]));
        }
        if (counts.Sum() > subjects)
            throw new ArgumentException($"{counts.Sum()} subjects were added, and {subjects} compared", nameof(subjects));
        return new ScoreSummary(subjects, possibleMates, _from, counts, best[..kept], 0);
    }

    /// <summary>Overwrites all that was collected.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        Array.Clear(_only);
        Array.Clear(_subjects);
        Array.Clear(_scores);
        Array.Clear(_taken);
        (_onlyCount, _held) = (0, 0);
    }

    private static void Offer(BestSubject[] best, ref int count, BestSubject subject)
    {
        if (count == best.Length && subject >= best[^1])
            return;
        var place = count == best.Length ? count - 1 : count++;
        for (; place > 0 && subject < best[place - 1]; place--)
            best[place] = best[place - 1];
        best[place] = subject;
    }

    private void Count(float score)
    {
        _counts[ScoreGrid.CellOf(score)]++;
        Offer(_only, ref _onlyCount, new BestSubject(score));
    }

    private void Keep(long subject, float score)
    {
        if (float.IsNaN(score))
            throw new ArgumentOutOfRangeException(nameof(score), "a score is a number");
        if (2 * (_held + 1) > _taken.Length)
            Grow();
        var slot = Find(subject);
        if (_taken[slot])
        {
            _scores[slot] = Math.Max(_scores[slot], score);
            return;
        }
        (_taken[slot], _subjects[slot], _scores[slot]) = (true, subject, score);
        _held++;
    }

    // Fibonacci hashing (Knuth, TAOCP 3, 6.4): subjects' numbers are often consecutive.
    private int Find(long subject)
    {
        var mask = _taken.Length - 1;
        var slot = (int)((ulong)subject * 0x9E3779B97F4A7C15UL >> 32) & mask;
        while (_taken[slot] && _subjects[slot] != subject)
            slot = (slot + 1) & mask;
        return slot;
    }

    private void Grow()
    {
        var (taken, subjects, scores) = (_taken, _subjects, _scores);
        var size = Math.Max(SmallestTable, 2 * taken.Length);
        (_taken, _subjects, _scores) = (new bool[size], new long[size], new float[size]);
        for (var old = 0; old < taken.Length; old++)
        {
            if (!taken[old])
                continue;
            var slot = Find(subjects[old]);
            (_taken[slot], _subjects[slot], _scores[slot]) = (true, subjects[old], scores[old]);
        }
        // What is left behind holds scores of the probe.
        Array.Clear(scores);
    }
}
