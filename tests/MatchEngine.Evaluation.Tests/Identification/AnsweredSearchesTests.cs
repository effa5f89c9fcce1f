using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Tests.Identification;

public class AnsweredSearchesTests
{
    private static readonly DataSet Images = new(
        "set", ["a1", "a2", "b1", "b2", "c1", "d1"], ["a", "a", "b", "b", "c", "d"]);

    private static Search Only(AnsweredSearch search, int? listLength = null, params AnsweredEnrolment[] enrolments) =>
        Assert.Single(AnsweredSearches.ToSet(
            Images, enrolments.Length > 0 ? enrolments : [new(0, "A", null), new(2, "B", null), new(4, "C", null)], [search], listLength)
            .Searches);

    [Fact]
    public void The_mate_stands_last_among_equal_scores_and_others_as_they_were_enrolled_whatever_order_they_came_in()
    {
        AnsweredCandidate[] list = [new("A", 0.5), new("C", 0.5), new("B", 0.5)];
        foreach (var order in new[] { new[] { 0, 1, 2 }, [1, 2, 0], [2, 0, 1] })
        {
            var search = Only(new AnsweredSearch("a2", 1, null, [.. order.Select(i => list[i])]));
            Assert.Equal((3, 0.5, 0.5), (search.MateRank!.Value, search.MateScore!.Value, search.HighestNonMate));
            Assert.Equal(["B", "C", "A"], search.Candidates.Select(c => c.Id));
            Assert.Equal([2, 4, 0], search.Candidates.Select(c => c.Photo));
        }
    }

    [Fact]
    public void A_subject_has_one_row_and_two_whom_nobody_enrolled_have_two()
    {
        var search = Only(
            new AnsweredSearch("a2", 1, null, [new("B", 0.9), new("B2", 0.8), new("x", 0.7), new("y", 0.6), new("x", 0.1), new("A", 0.5)]),
            null, new(0, "A", null), new(2, "B", null), new(3, "B2", null));
        Assert.Equal(["B", "x", "y", "A"], search.Candidates.Select(c => c.Id));
        Assert.Equal(4, search.MateRank);
    }

    [Fact]
    public void Who_could_not_be_enrolled_is_searched_for_in_vain_and_not_a_stranger()
    {
        var set = AnsweredSearches.ToSet(
            Images, [new(0, "A", null), new(2, "", "no_face")],
            [new("b2", 3, null, [new("A", 0.4)]), new("d1", 5, "no_face", [])], 50);
        Assert.Equal((1, 1, 1), (set.GallerySize, set.FailedEnrolments, set.EnrolledPhotos));
        Assert.True(set.Searches[0].IsMated);
        Assert.Null(set.Searches[0].MateRank);
        Assert.False(set.Searches[1].IsMated);
        Assert.True(set.Searches[1].HasFailed);
        Assert.Equal([0, 2, 3, 5], set.Tried);
        Assert.Equal([new("b1", "no_face"), new AcquisitionFault("d1", "no_face")], set.AcquisitionFaults);
        Assert.Equal(50, set.ListLength);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_score_that_is_no_number_is_refused(double score) =>
        Assert.Throws<ArgumentException>(() => Only(new AnsweredSearch("a2", 1, null, [new("B", score)])));
}
