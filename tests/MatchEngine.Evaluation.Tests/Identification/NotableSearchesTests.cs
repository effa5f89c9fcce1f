using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Tests.Identification;

public class NotableSearchesTests
{
    [Fact]
    public void The_lowest_mates_and_the_highest_strangers_are_named_with_their_photos_and_refused_probes_are_not()
    {
        var images = new DataSet("d", ["a1", "a2", "b1", "b2", "c1", "d1"], ["a", "a", "b", "b", "c", "d"]);
        Search Mated(int photo, int subject, int mate, double? score, int? rank, bool failed = false) => new()
        {
            Probe = images.Images[photo], Photo = photo, Subject = subject, IsMated = true, MatePhoto = mate, MateScore = score,
            MateRank = rank, HasFailed = failed,
            Candidates = [new SearchCandidate("b", 0.5, false, 2), new SearchCandidate("a", score ?? -1, true, 0)],
        };
        var notable = NotableSearches.Of(new SearchSet(2,
        [
            Mated(1, 0, 0, 0.3, 2), Mated(3, 1, 2, null, null), Mated(0, 0, -1, 0.9, 1), Mated(2, 1, 2, null, null, failed: true),
            new Search
            {
                Probe = "c1",
                    Photo = 4, Subject = 2, IsMated = false, HighestNonMate = 0.4, Candidates = [new SearchCandidate("a", 0.4, false, 0)],
            },
            new Search
            {
                Probe = "d1",
                    Photo = 5, Subject = 3, IsMated = false, HighestNonMate = 0.7, Candidates = [new SearchCandidate("b", 0.7, false, 2)],
            },
        ]) { Images = images });
        Assert.Equal(["b2", "a2", "a1"], notable.LowestMates.Select(s => s.Probe));
        Assert.Equal(
            new NotableSearch("a2", "a", "a1", 2, 0.3, "b", "b1", 0.5), notable.LowestMates[1]);
        Assert.Equal(
            [new NotableSearch("d1", "d", null, null, 0.7, "b", "b1", 0.7), new NotableSearch("c1", "c", null, null, 0.4, "a", "a1", 0.4)],
            notable.HighestNonMates);
    }

    [Fact]
    public void A_log_without_metadata_names_what_it_knows()
    {
        var notable = NotableSearches.Of(new SearchSet(1,
            [new Search { Probe = "q", IsMated = false, HighestNonMate = 0.2, Candidates = [new SearchCandidate("t", 0.2, false)] }]));
        Assert.Equal(new NotableSearch("q", null, null, null, 0.2, "t", null, 0.2), Assert.Single(notable.HighestNonMates));
    }
}
