namespace MatchEngine;

/// <summary>What happens to files on their way: damaged copies of whole ones, drawn from a seeded generator.</summary>
internal static class Mutants
{
    /// <summary>A few single bits, anywhere, are the other way.</summary>
    public static byte[] BitsFlipped(byte[] whole, Random random)
    {
        var mutant = (byte[])whole.Clone();
        for (var n = random.Next(1, 6); n > 0; n--)
            mutant[random.Next(mutant.Length)] ^= (byte)(1 << random.Next(8));
        return mutant;
    }

    /// <summary>Fewer than <paramref name="most"/> bytes of a part, where sizes and counts live, have any value.</summary>
    public static byte[] BytesDrawn(byte[] whole, int most, int from, int to, Random random)
    {
        var mutant = (byte[])whole.Clone();
        for (var n = random.Next(1, most); n > 0; n--)
            mutant[random.Next(from, Math.Min(to, mutant.Length))] = (byte)random.Next(256);
        return mutant;
    }

    /// <summary>Four bytes say the most or the least that they can.</summary>
    public static byte[] Extreme(byte[] whole, Random random)
    {
        var mutant = (byte[])whole.Clone();
        mutant.AsSpan(random.Next(mutant.Length - 4), 4).Fill(random.Next(2) == 0 ? (byte)0xFF : (byte)0);
        return mutant;
    }

    /// <summary>The end is cut off, or a piece is taken out of the middle.</summary>
    public static byte[] Cut(byte[] whole, Random random)
    {
        var from = random.Next(whole.Length);
        return random.Next(2) == 0
            ? whole[..from]
            : [.. whole[..from], .. whole[Math.Min(whole.Length, from + random.Next(1, 300))..]];
    }
}
