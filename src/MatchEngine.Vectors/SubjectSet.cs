namespace MatchEngine.Vectors;

/// <summary>
/// A set of subjects, one bit each, as a filter of searches: <c>index.Search(probe, filter: set.Contains)</c>.
/// A set of all of 40 million takes 5 MB.
/// </summary>
/// <remarks>
/// Searches may read it while another thread adds to it or removes from it: each sees a subject before or after the change.
/// </remarks>
public sealed class SubjectSet
{
    private const long Most = 1L << 36;

    private readonly Lock _writing = new();
    private ulong[] _words = [];

    /// <summary>A set of some subjects.</summary>
    /// <param name="subjects">Numbers of subjects, 0 … 2³⁶ − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of that range.</exception>
    public SubjectSet(IEnumerable<long> subjects)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        foreach (var subject in subjects)
            Add(subject);
    }

    /// <summary>Whether a subject is in the set. Numbers out of range are not.</summary>
    public bool Contains(long subject)
    {
        var words = Volatile.Read(ref _words);
        return (ulong)subject >> 6 < (ulong)words.LongLength && (Volatile.Read(ref words[subject >> 6]) >> (int)(subject & 63) & 1) != 0;
    }

    /// <summary>Adds a subject.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 0 or 2³⁶ or more.</exception>
    public void Add(long subject)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(subject);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(subject, Most);
        lock (_writing)
        {
            if (subject >> 6 >= _words.LongLength)
            {
                var longer = new ulong[Math.Max((subject >> 6) + 1, Math.Min(2 * _words.LongLength, Most >> 6))];
                _words.CopyTo(longer, 0);
                Volatile.Write(ref _words, longer);
            }
            Volatile.Write(ref _words[subject >> 6], _words[subject >> 6] | (1UL << (int)(subject & 63)));
        }
    }

    /// <summary>Removes a subject; nothing happens when it is not in the set.</summary>
    public void Remove(long subject)
    {
        lock (_writing)
        {
            if (Contains(subject))
                Volatile.Write(ref _words[subject >> 6], _words[subject >> 6] & ~(1UL << (int)(subject & 63)));
        }
    }
}
