
namespace MatchEngine.Galleries.Tests;

public class SubjectIdTests
{
    [Theory]
    [InlineData("S-0001")]
    [InlineData("Zoë Ångström/2")]
    [InlineData("李")]
    [InlineData("...")]
    [InlineData("a%2Fb?c#d \\\"<'&;=+~")]
    public void Any_text_on_one_line_is_an_id(string id) => Assert.Null(SubjectId.Problem(id));

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData("  ", "empty")]
    [InlineData("a\nb", "control character")]
    [InlineData("a\0", "control character")]
    [InlineData(".", "folder")]
    [InlineData("..", "folder")]
    public void Emptiness_and_control_characters_are_problems(string? id, string problem) =>
        Assert.Contains(problem, SubjectId.Problem(id), StringComparison.Ordinal);

    [Fact]
    public void Half_a_character_is_a_problem() =>
        Assert.Contains("Unicode", SubjectId.Problem("a" + (char)0xD800), StringComparison.Ordinal);

    [Fact]
    public void The_limit_is_256_characters()
    {
        Assert.Null(SubjectId.Problem(new string('x', 256)));
        Assert.Contains("257", SubjectId.Problem(new string('x', 257)), StringComparison.Ordinal);
    }
}
