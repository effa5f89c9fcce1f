using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Fakes;

public class FakeServiceTests
{
    [Fact]
    public async Task Another_photo_of_an_enrolled_person_finds_that_person_first()
    {
        await using var target = new FakeTarget();
        for (var person = 0; person < 20; person++)
            await target.EnrolAsync(new EnrolmentQuery($"p{person}", FakeFace.Input(person)), CallTerms.Usual, CancellationToken.None);
        for (var person = 0; person < 20; person++)
        {
            var found = await target.SearchAsync(new SearchQuery(FakeFace.Input(person, 1)), CallTerms.Usual, CancellationToken.None);
            Assert.True(found.Answered(out var answer));
            Assert.Equal(($"p{person}", 1), (answer.Candidates[0].Subject, answer.Candidates[0].Rank));
            Assert.True(answer.Candidates[0].Score > 0.9);
        }
    }

    [Fact]
    public async Task A_refusal_is_an_outcome_with_its_kind()
    {
        await using var target = new FakeTarget();
        var refused = await target.SearchAsync(
            new SearchQuery(FakeFace.Input(1)) { Purpose = null }, CallTerms.Usual, CancellationToken.None);
        Assert.False(refused.Answered(out _));
        Assert.Equal(FailureKind.PurposeMissing, refused.Failure!.Kind);
    }
}
