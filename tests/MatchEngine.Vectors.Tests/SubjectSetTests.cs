namespace MatchEngine.Vectors.Tests;

public class SubjectSetTests
{
    [Fact]
    public void It_holds_what_a_hash_set_holds()
    {
        var random = new Random(1);
        var (set, expected) = (new SubjectSet([5, 5, 1_000_000]), new HashSet<long> { 5, 1_000_000 });
        for (var i = 0; i < 20_000; i++)
        {
            var subject = random.Next(3000);
            if (random.Next(2) == 0)
            {
                set.Add(subject);
                expected.Add(subject);
            }
            else
            {
                set.Remove(subject);
                expected.Remove(subject);
            }
        }
        for (var subject = -70L; subject < 4000; subject++)
            Assert.Equal(expected.Contains(subject), set.Contains(subject));
        Assert.Equal(
            (true, false, false, false),
            (set.Contains(1_000_000), set.Contains(1_000_001), set.Contains(long.MaxValue), set.Contains(long.MinValue)));
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SubjectSet([-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SubjectSet([]).Add(1L << 36));
    }
}
