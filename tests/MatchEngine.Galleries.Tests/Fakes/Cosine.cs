using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Tests.Fakes;

/// <summary>
/// The score of two templates as a gallery lists it, computed apart: from the float16 copies, every sum of which is exact in double.
/// </summary>
internal static class Cosine
{
    public static float Of(Template a, Template b)
    {
        double dot = 0, squares = 0, others = 0;
        for (var i = 0; i < a.Dimension; i++)
        {
            var (x, y) = ((double)a.Float16[i], (double)b.Float16[i]);
            (dot, squares, others) = (dot + (x * y), squares + (x * x), others + (y * y));
        }
        return (float)(dot / Math.Sqrt(squares * others));
    }
}
