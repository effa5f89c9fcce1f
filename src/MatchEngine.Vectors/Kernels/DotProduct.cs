namespace MatchEngine.Vectors.Kernels;

/// <summary>The dot product of two template bodies.</summary>
internal static class DotProduct
{
    public static int Of(ReadOnlySpan<sbyte> a, ReadOnlySpan<sbyte> b)
    {
        var sum = 0;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
