using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Subjects;

namespace MatchEngine.Evaluation.Tests.Subjects;

public class SubjectErrorsTests
{
    [Fact]
    public void Errors_are_given_to_the_subjects_that_take_part_in_them()
    {
        var images = new DataSet("s", ["a1", "a2", "b1", "c1"], ["a", "a", "b", "c"]);
        var (mated, impostors) = (new PairList(), new PairList());
        mated.Add(0, 1, 0.3);
        impostors.Add(0, 2, 0.8);
        impostors.Add(1, 2, 0.2);
        impostors.Add(2, 3, 0.6);
        var errors = SubjectErrors.Of(new Comparisons(images, mated, impostors), 0.5);
        Assert.Equal(
            [new SubjectErrors("a", 1, 1, 0.3, 1, 0.8), new SubjectErrors("b", 0, 0, null, 2, 0.8), new SubjectErrors(
                "c", 0, 0, null, 1, 0.6)],
            errors);
    }

    [Fact]
    public void The_share_behind_half_of_the_errors()
    {
        Assert.Equal(0.25, SubjectErrors.ShareBehindHalf([5, 1, 1, 1])!.Value);
        Assert.Equal(0.5, SubjectErrors.ShareBehindHalf([1, 1, 1, 1])!.Value);
        Assert.Null(SubjectErrors.ShareBehindHalf([0, 0]));
    }
}
