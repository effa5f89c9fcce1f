using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Tests.CrossComparison;

namespace MatchEngine.Evaluation.Tests.Inputs;

public sealed class SearchReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly InputFaults _faults = new(strict: false);

    public void Dispose() => _folder.Dispose();

    private static DataSet People() =>
        new("people", ["a1.jpg", "a2.jpg", "b1.jpg", "c1.jpg", "d1.jpg", "d2.jpg"], ["a", "a", "b", "c", "d", "d"]);

    private EnrolmentRow[] Gallery()
    {
        var log = _folder.Write(
            "enrol.log",
            "id image templateSizeBytes returnCode isLeftEyeAssigned isRightEyeAssigned xleft yleft xright yright\nt1 a1.jpg 512 0 1 1 1 2 "
                + "3 4\nt2 b1.jpg 512 0 1 1 1 2 3 4\nt4 d1.jpg 0 2 0 0 0 0 0 0\n");
        return [.. SearchReader.ReadEnrolment(log, _faults)];
    }

    [Fact]
    public void A_search_log_with_unassigned_candidates_is_read()
    {
        // An unassigned candidate has an empty template id: two spaces in a row.
        var log = _folder.Write("search.log", """
            searchId candidateRank searchRetCode isAssigned templateId score
            a2.jpg 0 0 1 t2 0.7
            a2.jpg 1 0 1 t1 0.6
            a2.jpg 2 0 0  -1
            c1.jpg 0 0 1 t2 0.3
            c1.jpg 1 0 0  -1
            c1.jpg 2 0 0  -1
            d2.jpg 0 6 0  -1
            d2.jpg 1 6 0  -1
            d2.jpg 2 6 0  -1

            """.ReplaceLineEndings("\n"));
        var set = SearchReader.ReadFrte(log, People(), Gallery(), null, _faults);
        Assert.Equal(0, _faults.Total);
        Assert.Equal((2, 1), (set.GallerySize, set.FailedEnrolments));
        var (a, c, d) = (set.Searches[0], set.Searches[1], set.Searches[2]);
        Assert.True(a is { IsMated: true, MateRank: 2, MateScore: 0.6, HighestNonMate: 0.7 });
        Assert.True(c is { IsMated: false, HighestNonMate: 0.3 });
        // d could not be enrolled and could not be searched with: a miss.
        Assert.True(d is { IsMated: true, HasFailed: true });
    }

    [Fact]
    public void Malformed_lines_unknown_templates_and_contradicting_candidates_are_named_by_line()
    {
        var log = _folder.Write(
            "search.log",
            "searchId candidateRank searchRetCode isAssigned templateId score\na2.jpg 0 0 1 t1 0.7\na2.jpg 0 0 1 t2 0.6\na2.jpg 1 0 1 t9 "
                + "0.5\na2.jpg x 0 1 t2 0.4\na2.jpg 2 0 1 t2 NaN\n");
        SearchReader.ReadFrte(log, People(), Gallery(), null, _faults);
        Assert.Equal(
            [(3L, "contradicting rows"), (2, "contradicting rows"), (4, "unknown template"), (5, "malformed line"), (6, "not a number")],
            _faults.First.Select(f => (f.Line, f.Kind)));
    }

    [Fact]
    public void What_was_written_as_an_FRTE_log_is_read_back_with_the_same_rates()
    {
        var (embeddings, images) = SyntheticFaces.Make(80, _ => 2, 32, 51);
        var set = GallerySearch.Run(embeddings, images, new IdentificationPlan { NonMatedShare = 0.25 }, new InputFaults(strict: true))[^1];
        var cast = SearchCast.Of(embeddings, images, new IdentificationPlan { NonMatedShare = 0.25 }, new InputFaults(strict: true));
        var file = Path.Combine(_folder.Path, "search.log");
        ScoreWriter.WriteFrteSearch(file, set, 50);
        var gallery = cast.GalleryPhotos.Select(
            photo => new EnrolmentRow(images.Subjects[images.SubjectOf[photo]], images.Images[photo], 0)).ToArray();
        var read = SearchReader.ReadFrte(file, images, gallery, null, new InputFaults(strict: true));
        Assert.Equal(
            set.Searches.Select(s => (s.Probe, s.IsMated, s.HighestNonMate)),
            read.Searches.Select(s => (s.Probe, s.IsMated, s.HighestNonMate)));
        Assert.Equal(new OpenSet(set).Fnir(20, 0.3), new OpenSet(read).Fnir(20, 0.3));
    }

    [Fact]
    public void Among_equal_scores_the_mate_stands_last_in_whatever_order_the_log_has_them()
    {
        foreach (var order in new[] { new[] { "t1", "t2" }, ["t2", "t1"] })
        {
            var log = _folder.Write(
                "search.log",
                "searchId candidateRank searchRetCode isAssigned templateId score\n"
                    + $"a2.jpg 0 0 1 {order[0]} 0.7\na2.jpg 1 0 1 {order[1]} 0.7\n");
            var search = Assert.Single(SearchReader.ReadFrte(log, People(), Gallery(), null, _faults).Searches);
            Assert.Equal(2, search.MateRank);
            Assert.Equal([false, true], search.Candidates.Select(c => c.IsMate));
        }
    }

    [Fact]
    public void A_log_whose_better_candidates_have_lower_scores_asks_for_distances()
    {
        var log = _folder.Write(
            "search.log",
            "searchId candidateRank searchRetCode isAssigned templateId score\na2.jpg 0 0 1 t1 0.2\na2.jpg 1 0 1 t2 0.9\n");
        Assert.Contains("--distances", Assert.Single(SearchReader.ReadFrte(log, People(), Gallery(), null, _faults).Notes),
            StringComparison.Ordinal);
        Assert.Empty(SearchReader.ReadFrte(log, People(), Gallery(), null, _faults, distances: true).Notes);
        var scores = _folder.Write("s.txt", "q1 t1 0.1\nq1 t2 0.6\nq1 t3 0.7\n");
        var mates = _folder.Write("tp.txt", "q1 t1\n");
        Assert.Contains("--distances", Assert.Single(SearchReader.ReadPyeer(scores, mates, _faults).Notes), StringComparison.Ordinal);
        Assert.Empty(SearchReader.ReadPyeer(scores, mates, _faults, distances: true).Notes);
    }

    [Fact]
    public void One_template_of_two_subjects_and_an_enrolment_row_with_two_outcomes_are_contradictions()
    {
        var log = _folder.Write(
            "enrol.log", "id image templateSizeBytes returnCode\nt1 a1.jpg 512 0\nt1 a1.jpg 0 2\nt2 b1.jpg 512 0\nt2 b1.jpg 512 0\n");
        Assert.Equal(["t2"], SearchReader.ReadEnrolment(log, _faults).Select(row => row.Id));
        Assert.Equal(
            [(3L, "contradicting rows"), (2, "contradicting rows"), (5, "duplicate row")], _faults.First.Select(f => (f.Line, f.Kind)));
        var search = _folder.Write("search.log", "searchId candidateRank searchRetCode isAssigned templateId score\na2.jpg 0 0 1 t1 0.7\n");
        EnrolmentRow[] gallery = [new("t1", "a1.jpg", 0), new("t1", "b1.jpg", 0)];
        SearchReader.ReadFrte(search, People(), gallery, null, _faults);
        Assert.Equal("contradicting rows", _faults.First[^1].Kind);
    }

    [Fact]
    public void Pyeers_scores_without_a_true_template_are_faults()
    {
        var scores = _folder.Write("s.txt", "q1 t1 0.5\nq1 t2 0.6\nq2 t1 0.1\nq1 t1 0.4\nq1 t3 x\n");
        var set = SearchReader.ReadPyeer(scores, _folder.Write("tp.txt", "q1 t1\n"), _faults);
        // Two scores of one comparison: neither is used, and q1's mate is not on the list.
        Assert.Null(Assert.Single(set.Searches).MateRank);
        Assert.Equal([(3L, "mated unknown"), (4, "contradicting rows"), (1, "contradicting rows"), (5, "malformed line")],
            _faults.First.Select(f => (f.Line, f.Kind)));
    }
}
