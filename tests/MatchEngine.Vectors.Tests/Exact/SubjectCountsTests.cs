using MatchEngine.Vectors.Exact;

namespace MatchEngine.Vectors.Tests.Exact;

public class SubjectCountsTests
{
    [Theory]
    [InlineData(40, 1)]
    [InlineData(5000, 1)]
    [InlineData(300, 12_345_678_901)]
    public void Counts_are_those_of_a_dictionary(int subjects, long step)
    {
        var random = new Random(subjects);
        var counts = new SubjectCounts();
        var expected = new Dictionary<long, int>();
        // The first subjects get far more templates than a byte counts; numbers below 0 are numbers too.
        for (var i = 0; i < 40_000; i++)
        {
            var subject = (Math.Min(random.Next(subjects), random.Next(subjects)) - 5) * step;
            if (random.Next(5) < 3 || !expected.TryGetValue(subject, out var has))
            {
                counts.Add(subject);
                expected[subject] = expected.GetValueOrDefault(subject) + 1;
                continue;
            }
            counts.Remove(subject);
            if (has == 1)
                expected.Remove(subject);
            else
                expected[subject] = has - 1;
        }
        Assert.Equal(expected.Count, counts.Subjects);
        for (var i = -10; i < subjects; i++)
            Assert.Equal(expected.ContainsKey(i * step), counts.Contains(i * step));
        foreach (var (subject, has) in expected)
        {
            for (var i = 0; i < has; i++)
            {
                Assert.True(counts.Contains(subject));
                counts.Remove(subject);
            }
        }
        Assert.Equal(0, counts.Subjects);
    }
}
