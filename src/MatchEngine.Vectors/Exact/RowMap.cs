using System.Numerics;

namespace MatchEngine.Vectors.Exact;

/// <summary>Finds the row of a template id, in five to eight bytes a template. For the writer alone.</summary>
/// <remarks>
/// Open addressing with linear probing over numbers of rows; the ids themselves stay where the rows are and are asked for through
/// <paramref name="idOf"/>. A dictionary of ids would take 40 bytes a template, a fifteenth of all that the index holds. Removal shifts
/// back what follows (Knuth, The Art of Computer Programming 3, 6.4, algorithm R), so that no gaps gather.
/// </remarks>
/// <param name="idOf">The id of a row number.</param>
internal sealed class RowMap(Func<uint, long> idOf)
{
    private const uint Empty = uint.MaxValue;

    private uint[] _slots = NewSlots(16);
    private int _count;

    /// <summary>The number of rows in the map.</summary>
    public int Count => _count;

    /// <summary>The memory that it takes.</summary>
    public long Bytes => 4L * _slots.Length;

    /// <summary>Makes room for a number of rows at once. For a map without rows.</summary>
    public void Reserve(int rows) => _slots = NewSlots(checked((int)(16 + (rows * 4L / 3))));

    /// <summary>Finds the row of an id.</summary>
    public bool TryGet(long id, out uint row)
    {
        var slot = Find(id);
        row = slot < 0 ? Empty : _slots[slot];
        return slot >= 0;
    }

    /// <summary>Adds the row of an id that is not in the map. Rows go up to 2³² − 2.</summary>
    public void Add(long id, uint row)
    {
        if ((_count + 1) * 5L > _slots.Length * 4L)
            Grow();
        Place(id, row);
        _count++;
    }

    /// <summary>Gives an id in the map another row.</summary>
    public void Move(long id, uint row) => _slots[Find(id)] = row;

    /// <summary>Removes an id and tells its row; false when it is not in the map.</summary>
    public bool Remove(long id, out uint row)
    {
        var gap = Find(id);
        if (gap < 0)
        {
            row = Empty;
            return false;
        }
        row = _slots[gap];
        for (var slot = Next(gap); _slots[slot] != Empty; slot = Next(slot))
        {
            // What stands behind the gap may fill it unless its home lies between the two.
            var home = Home(idOf(_slots[slot]));
            if (gap <= slot ? home <= gap || home > slot : home <= gap && home > slot)
            {
                _slots[gap] = _slots[slot];
                gap = slot;
            }
        }
        _slots[gap] = Empty;
        _count--;
        return true;
    }

    private int Find(long id)
    {
        for (var slot = Home(id); _slots[slot] != Empty; slot = Next(slot))
        {
            if (idOf(_slots[slot]) == id)
                return slot;
        }
        return -1;
    }

    private void Place(long id, uint row)
    {
        var slot = Home(id);
        while (_slots[slot] != Empty)
            slot = Next(slot);
        _slots[slot] = row;
    }

    private void Grow()
    {
        var old = _slots;
        _slots = NewSlots(checked((int)Math.Max(old.Length + 16L, old.Length * 3L / 2)));
        foreach (var row in old)
        {
            if (row != Empty)
                Place(idOf(row), row);
        }
    }

    private int Next(int slot) => slot + 1 == _slots.Length ? 0 : slot + 1;

    // The multiplier of Fibonacci hashing, and a fold so that the high bits depend on all; then the range is scaled,
    // as its length is no power of two.
    private int Home(long id)
    {
        var hash = (ulong)id * 0x9E3779B97F4A7C15;
        hash = (hash ^ BitOperations.RotateRight(hash, 32)) * 0xD6E8FEB86659FD93;
        return (int)Math.BigMul(hash, (ulong)_slots.Length, out _);
    }

    private static uint[] NewSlots(int length)
    {
        var slots = new uint[length];
        Array.Fill(slots, Empty);
        return slots;
    }
}
