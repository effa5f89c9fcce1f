using MatchEngine.Rates.Summaries;

namespace MatchEngine.Rates.Tests.Summaries;

public sealed class BestSubjectTests
{
    [Fact]
    public void A_higher_score_stands_before_a_lower_one_and_ties_are_broken_by_what_was_counted()
    {
        BestSubject[] subjects = [new(0.3f), new(0.5f, 0.4f), new(0.5f, 0.45f), new(0.9f)];
        Array.Sort(subjects);
        Assert.Equal([new(0.9f), new(0.5f, 0.45f), new(0.5f, 0.4f), new(0.3f)], subjects);
        Assert.True(subjects[0] < subjects[1] && subjects[1] >= subjects[0]);
    }
}
