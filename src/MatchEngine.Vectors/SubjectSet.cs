using System.Collections.Frozen;

namespace MatchEngine.Vectors;

/// <summary>
/// Which subjects a search may list: <see cref="Only"/> some, or all but some (<see cref="AllBut"/>). Data that never changes and does
/// nothing but answer, so that it may be read by any number of threads and sent to another process: its <see cref="Members"/> and
/// <see cref="IsExclusion"/> are all there is to it.
/// </summary>
/// <remarks>
/// A search asks of each row that might come into its list, some hundred to some thousand times in all. Members that lie close together
/// are kept as a bitmap, one bit for each number between the smallest and the largest: all of 40 million take 5 MB and answer in a
/// nanosecond. Others, single ones above all, are kept as a frozen hash set: about 20 bytes a member, some nanoseconds. The bitmap is
/// chosen when it is no larger than 16 bytes a member.
/// </remarks>
public sealed class SubjectSet
{
    private const long BitsPerMember = 128;

    private readonly ulong[]? _bits;
    private readonly long _first;
    private readonly FrozenSet<long>? _hashed;

    private SubjectSet(IEnumerable<long> subjects, bool exclusion)
    {
        ArgumentNullException.ThrowIfNull(subjects);
        IsExclusion = exclusion;
        long[] members = [.. subjects];
        long least = long.MaxValue, most = long.MinValue;
        foreach (var member in members)
            (least, most) = (Math.Min(least, member), Math.Max(most, member));
        // As Int128, because two numbers may lie farther apart than a long can tell.
        if (members.Length > 1 && (Int128)most - least < Math.Min(members.Length * BitsPerMember, Array.MaxLength * 64L))
        {
            _first = least;
            _bits = new ulong[((most - least) >> 6) + 1];
            foreach (var member in members)
                _bits[(member - least) >> 6] |= 1UL << (int)((member - least) & 63);
            Count = _bits.Sum(word => System.Numerics.BitOperations.PopCount(word));
        }
        else
        {
            _hashed = members.ToFrozenSet();
            Count = _hashed.Count;
        }
    }

    /// <summary>Whether the members are those who may not be listed, rather than those who may.</summary>
    public bool IsExclusion { get; }

    /// <summary>The number of members.</summary>
    public int Count { get; }

    /// <summary>The members, each once, in no particular order.</summary>
    public IEnumerable<long> Members => _hashed ?? InBits();

    /// <summary>Lists nobody but these subjects.</summary>
    public static SubjectSet Only(params IEnumerable<long> subjects) => new(subjects, exclusion: false);

    /// <summary>Lists everybody but these subjects.</summary>
    public static SubjectSet AllBut(params IEnumerable<long> subjects) => new(subjects, exclusion: true);

    /// <summary>Whether a subject may be listed.</summary>
    public bool Admits(long subject) => Contains(subject) != IsExclusion;

    private bool Contains(long subject)
    {
        if (_bits is not { } bits)
            return _hashed!.Contains(subject);
        // Numbers below the first wrap around to the largest there are.
        var at = (ulong)subject - (ulong)_first;
        return at >> 6 < (ulong)bits.LongLength && (bits[at >> 6] >> (int)(at & 63) & 1) != 0;
    }

    private IEnumerable<long> InBits()
    {
        for (var word = 0; word < _bits!.Length; word++)
        {
            for (var bits = _bits[word]; bits != 0; bits &= bits - 1)
                yield return _first + ((long)word << 6) + System.Numerics.BitOperations.TrailingZeroCount(bits);
        }
    }
}
