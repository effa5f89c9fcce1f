namespace MatchEngine.Vectors.Tests;

/// <summary>Answers by definition, slowly, from nothing but the templates' public content.</summary>
internal static class Oracle
{
    public static readonly ModelDigest Model = ModelDigest.Parse(new string('a', 64));
    public static readonly ModelDigest OtherModel = ModelDigest.Parse(new string('b', 64));

    /// <summary>The cosine of the two quantised vectors in double precision.</summary>
    public static double Cosine(Template a, Template b)
    {
        double dot = 0, aa = 0, bb = 0;
        for (var i = 0; i < a.Dimension; i++)
        {
            dot += (double)a.Body[i] * b.Body[i];
            aa += (double)a.Body[i] * a.Body[i];
            bb += (double)b.Body[i] * b.Body[i];
        }
        return dot / Math.Sqrt(aa * bb);
    }

    /// <summary>The score by its documented formula: the integer dot product times both scales, in single precision.</summary>
    public static float Score(Template a, Template b)
    {
        var dot = 0;
        for (var i = 0; i < a.Dimension; i++)
            dot += a.Body[i] * b.Body[i];
        return Math.Max(-1f, Math.Min(1f, dot * (a.Scale * b.Scale)));
    }

    /// <summary>The list by its definition: group by subject, the best of each, in rank order.</summary>
    public static IndexHit[] Search(
        IEnumerable<(long Id, long Subject, Template Template)> gallery, Template probe, int listLength, float floor = -1f,
        Func<long, bool>? filter = null) =>
    [
        .. gallery
            .Where(row => filter is null || filter(row.Subject))
            .Select(row => new IndexHit(row.Id, row.Subject, Score(probe, row.Template)))
            .Where(hit => hit.Score >= floor)
            .GroupBy(hit => hit.Subject)
            .Select(hits => hits.OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id).First())
            .OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id)
            .Take(listLength)
    ];

    /// <summary>The subjects from 0 to below a number that a predicate lets pass.</summary>
    public static SubjectSet Only(int subjects, Func<long, bool> permits) =>
        SubjectSet.Only(Enumerable.Range(0, subjects).Select(subject => (long)subject).Where(permits));

    /// <summary>A template of uniform noise.</summary>
    public static Template Random(Random random, int dimension, ModelDigest? model = null)
    {
        var x = new float[dimension];
        for (var i = 0; i < x.Length; i++)
            x[i] = (float)((2 * random.NextDouble()) - 1);
        return Template.FromEmbedding(x, model ?? Model, keepFloat16: false);
    }
}
