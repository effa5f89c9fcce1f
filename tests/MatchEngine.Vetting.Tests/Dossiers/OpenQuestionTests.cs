using MatchEngine.Vetting.Dossiers;
using MatchEngine.Vetting.Runs;

namespace MatchEngine.Vetting.Tests.Dossiers;

public sealed class OpenQuestionTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Answers_of_a_file_stand_at_their_questions_and_the_others_are_not_examined()
    {
        File.WriteAllText(_file, """{"operators": {"answer": "two days, each year", "by": "C. Trainer", "on": "2026-10-01"}}""");
        var questions = OpenQuestion.Answered(_file);
        Assert.Equal(OpenQuestion.All.Select(q => q.Id), questions.Select(q => q.Id));
        var answered = Assert.Single(questions, q => q.Answer is not null);
        Assert.Equal(("operators", "two days, each year", "C. Trainer", new DateOnly(2026, 10, 1)), (
            answered.Id, answered.Answer, answered.By, answered.On!.Value));
        Assert.Equal(OpenQuestion.All, OpenQuestion.Answered(null));
    }

    [Theory]
    [InlineData("""{"what": {"answer": "a", "by": "b", "on": "2026-10-01"}}""", "'what' is not asked")]
    [InlineData("""{"terms": {"answer": "a", "on": "2026-10-01"}}""", "lacks \"by\"")]
    [InlineData("""{"terms": {"answer": " ", "by": "b", "on": "2026-10-01"}}""", "lacks \"answer\"")]
    [InlineData("""{"terms": {"answer": "a", "by": "b", "on": "1.10.2026"}}""", "an answer is")]
    [InlineData("""{"terms": 1}""", "an answer is")]
    [InlineData("[]", "no JSON object")]
    [InlineData("{", "an answer is")]
    public void An_answer_has_who_gave_it_and_when_to_what_is_asked(string content, string said)
    {
        File.WriteAllText(_file, content);
        Assert.Contains(said, Assert.Throws<VettingException>(() => OpenQuestion.Answered(_file)).Message, StringComparison.Ordinal);
    }
}
