using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Indexing;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Stores;
using MatchEngine.Rates.Calibrations;
using MatchEngine.Rates.Summaries;
using MatchEngine.Rates.Tails;
using MatchEngine.Vectors;
using Normal = MathNet.Numerics.Distributions.Normal;

namespace MatchEngine.Galleries.Tests.Search;

public class CandidateListBuilderTests
{
    private const double Mean = 0.01, Deviation = 0.1;

    private static readonly EmbedderCard Model = new(
        "m", new string('a', 64), 64, new CalibrationSet([
            Calibration(Restriction.RandomPairs, null, 1_000_000, (0.25, 1_000), (0.5, 20), (0.75, 0)),
            Calibration(Restriction.Group, "F, a", 10_000, (0.25, 200), (0.5, 10)),
            Calibration(Restriction.WorstGroup, "M, b", 10_000, (0.25, 500), (0.5, 50)),
        ]));

    [Fact]
    public void The_strangers_of_five_faces_are_those_of_five_searches()
    {
        var rule = new ListRule { Floor = 0.3f };
        var answers = Enumerable.Range(0, 5).Select(face => Strangers(face, 1523)).ToArray();
        var alone = answers.Select(answer => List(Faces(1), ("a", rule, 1523, [answer])).StrangersExpected).ToList();
        var together = List(Faces(5), ("a", rule, 1523, answers)).StrangersExpected;

        Assert.All(alone, said => Assert.Equal((1523L, "the 1,523 subjects of gallery 'a'"), (said.Comparisons, said.Population)));
        Assert.Equal(alone.Sum(said => said.Value!.Value), together.Value!.Value, 1e-9);
        Assert.Equal((5 * 1523L, "the 1,523 subjects of gallery 'a'"), (together.Comparisons, together.Population));
        Assert.InRange(together.Value.Value, together.Low!.Value, together.High!.Value);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(5000)]
    [InlineData(100_000)]
    public void Numbers_and_floors_are_those_of_the_distribution_that_scores_were_drawn_from(int subjects)
    {
        // The scores are normal; of so many strangers on average two reach this floor.
        var floor = (float)Normal.InvCDF(Mean, Deviation, 1 - (2.0 / subjects));
        var (value, chosen, covered) = (0.0, 0.0, 0);
        for (var search = 0; search < 40; search++)
        {
            var answer = Strangers(search, subjects, mate: search % 2 == 0 ? 0.8f : null);
            var said = List(Faces(1), ("a", new ListRule { Floor = floor }, subjects, [answer])).StrangersExpected;
            value += said.Value!.Value / 40;
            covered += said.Low <= 2 && said.High >= 2 ? 1 : 0;
            var list = List(2, Faces(1), ("a", new ListRule(), subjects, [answer]));
            chosen += list.Floor!.Value / 40;
            Assert.InRange(list.StrangersExpected.Value!.Value, 1.9, 2);
            Assert.Equal(
                FormattableString.Invariant($"the floor {list.Floor:0.0000} was chosen for this probe: about 2 strangers reach it"),
                list.Notices[0]);
        }
        Assert.InRange(value, 1.5, 2.7);
        Assert.InRange(chosen, floor - 0.02, floor + 0.02);
        Assert.InRange(covered, 34, 40);
    }

    [Fact]
    public void Each_candidate_has_the_number_above_its_own_score()
    {
        var answer = Strangers(3, 5000, mate: 0.75f);
        var list = List(Faces(1), ("a", new ListRule(), 5000, [answer]));

        Assert.Equal((UnsaidReason.NoFloor, 5000L), (list.StrangersExpected.Reason, list.StrangersExpected.Comparisons));
        Assert.Null(list.StrangersExpected.Value);
        foreach (var candidate in list.Candidates)
        {
            var above = List(Faces(1), ("a", new ListRule { Floor = candidate.Score }, 5000, [answer])).StrangersExpected;
            Assert.Equal(above, candidate.StrangersExpected);
        }
        // The mate stands where no stranger is expected: a bound, and no number.
        var said = list.Candidates.Select(candidate => candidate.StrangersExpected).ToList();
        Assert.Equal((null, UnsaidReason.BeyondTail), (said[0].Value, said[0].Reason));
        Assert.Equal(said.Skip(1).Select(each => each.Value).Order(), said.Skip(1).Select(each => each.Value));
    }

    [Fact]
    public void The_strangers_are_summed_over_galleries_each_with_its_own_floor()
    {
        var a = ("a", new ListRule { Floor = 0.25f }, 1000L, (IndexAnswer[])[Strangers(1, 1000), Strangers(2, 1000)]);
        var b = ("b", new ListRule { Floor = 0.3f }, 500L, (IndexAnswer[])[Strangers(3, 500), Strangers(4, 500)]);
        var empty = ("c", new ListRule { Floor = 0.1f }, 0L, (IndexAnswer[])[Strangers(5, 0), Strangers(5, 0)]);
        var list = List(Faces(2), a, b, empty);
        Assert.Equal(
            List(Faces(2), a).StrangersExpected.Value!.Value + List(Faces(2), b).StrangersExpected.Value!.Value,
            list.StrangersExpected.Value!.Value, 1e-9);
        Assert.Equal("the 1,000 subjects of gallery 'a'; the 500 subjects of gallery 'b'", list.StrangersExpected.Population);
        Assert.Equal((3000L, null), (list.StrangersExpected.Comparisons, list.Floor));
        // A gallery without a floor leaves nothing to count above.
        Assert.Equal(
            UnsaidReason.NoFloor, List(Faces(2), a, b with { Item2 = new ListRule() }).StrangersExpected.Reason);
    }

    [Fact]
    public void Small_galleries_say_together_what_none_of_them_can_say_alone()
    {
        var rule = new ListRule { Floor = 0.25f };
        var parts = Enumerable.Range(0, 4).Select(i => ($"g{i}", rule, 200L, (IndexAnswer[])[Strangers(i, 200)])).ToArray();
        Assert.All(parts, part => Assert.Equal(UnsaidReason.TooFewComparisons, List(Faces(1), part).StrangersExpected.Reason));
        var said = List(Faces(1), parts).StrangersExpected;
        Assert.Equal((800L, "the 800 subjects of galleries 'g0', 'g1', 'g2', 'g3'"), (said.Comparisons, said.Population));
        // 800 of a normal distribution: 6.6 reach 0.25.
        Assert.InRange(said.Value!.Value, 3, 13);
        // Where they have floors of their own, each has its share of the people.
        var high = List(Faces(1), [.. parts.Select(part => part with { Item2 = new ListRule { Floor = 0.3f } })]).StrangersExpected;
        parts[0].Item2 = new ListRule { Floor = 0.3f };
        Assert.Equal(
            (high.Value!.Value / 4) + (said.Value.Value * 3 / 4), List(Faces(1), parts).StrangersExpected.Value!.Value, 1e-9);
        var one = List(Faces(1), ("one", rule, 1, [Strangers(1, 1)])).StrangersExpected;
        Assert.Equal((1L, "the 1 subject of gallery 'one'"), (one.Comparisons, one.Population));
    }

    [Fact]
    public void A_gallery_of_one_person_changes_next_to_nothing_of_what_the_others_say()
    {
        var rule = new ListRule { Floor = 0.25f };
        var big = ("big", rule, 1000L, (IndexAnswer[])[Strangers(1, 1000)]);
        var other = ("other", rule, 500L, (IndexAnswer[])[Strangers(3, 500)]);
        var tiny = ("tiny", new ListRule { Floor = 0.9f }, 1L, (IndexAnswer[])[Strangers(2, 1)]);

        var without = List(Faces(1), big, other).StrangersExpected;
        var with = List(Faces(1), tiny, big, other).StrangersExpected;

        Assert.Equal((1501L, UnsaidReason.None), (with.Comparisons, with.Reason));
        Assert.InRange(with.Value!.Value / without.Value!.Value, 0.95, 1.05);
    }

    [Fact]
    public void Nobody_is_expected_who_was_not_compared()
    {
        var said = List(Faces(1), ("a", new ListRule { Floor = -1 }, 400, [Strangers(1, 400)])).StrangersExpected;
        Assert.InRange(said.Value!.Value, 0, 400);
        Assert.InRange(said.High!.Value, said.Value.Value, 400);
    }

    [Fact]
    public void A_walk_through_a_graph_says_nothing_of_strangers_and_why()
    {
        var walked = Answer((1, 1, 0.5f)) with { Path = IndexAnswer.Hnsw, IsExhaustive = false };
        var list = List(
            Faces(1), ("a", new ListRule { Floor = 0.2f }, 5000, [Strangers(1, 5000)]), ("b", new ListRule { Floor = 0.2f }, 9, [walked]));

        Assert.Equal((null, UnsaidReason.NotCompared), (list.StrangersExpected.Value, list.StrangersExpected.Reason));
        Assert.All(list.Candidates, candidate => Assert.Equal(UnsaidReason.NotCompared, candidate.StrangersExpected.Reason));
    }

    [Fact]
    public void A_chosen_floor_is_one_for_all_and_gives_way_to_a_higher_one_of_a_gallery()
    {
        var a = ("a", new ListRule { Floor = 0.2f }, 3000L, (IndexAnswer[])[Strangers(1, 3000)]);
        var b = ("b", new ListRule { Floor = 0.6f }, 3000L, (IndexAnswer[])[Strangers(2, 3000)]);
        var list = List(1, Faces(1), a, b);
        var chosen = list.Searched[0].Rule.Floor!.Value;

        // Of 6,000 normal scores one reaches 0.369.
        Assert.InRange(chosen, 0.33f, 0.41f);
        Assert.Equal(0.6f, list.Searched[1].Rule.Floor);
        Assert.All(list.Candidates, c => Assert.True(c.Score >= (c.Gallery == "a" ? chosen : 0.6f)));
        Assert.Equal("gallery 'b': the floor of 0.6000 that was asked for or set is higher and counts", list.Notices[1]);
        Assert.True(List(10, Faces(1), a, b).Searched[0].Rule.Floor < chosen);
        // Five faces: the same number of strangers in all needs a higher floor.
        Assert.True(List(1, Faces(5), ("a", new ListRule(), 3000, [.. Enumerable.Range(1, 5).Select(i => Strangers(i, 3000))])).Floor
            > List(1, Faces(1), ("a", new ListRule(), 3000, [Strangers(1, 3000)])).Floor);
    }

    [Fact]
    public void A_floor_that_cannot_be_said_is_refused_with_the_reason_and_the_remedy()
    {
        var refused = Assert.Throws<UnsaidFloorException>(() => List(0.5, Faces(1), ("a", new ListRule(), 40, [Strangers(1, 40)])));

        Assert.Equal(UnsaidReason.TooFewComparisons, refused.Reason);
        Assert.Equal(
            "no floor can be said above which about 0.5 strangers are expected (scoreFloorStrangers, --floor-strangers): the probe was "
                + "compared with too few people (it takes 300, or 100 of one gallery), the 40 subjects of gallery 'a'; give a "
                + "score floor (scoreFloor, --floor) instead",
            refused.Message);
    }

    [Fact]
    public void A_poor_face_is_listed_and_takes_no_part_in_the_sum()
    {
        var faces = Faces(3);
        faces[1] = faces[1] with { Refusal = "the face's quality is 5 of 100" };
        var rule = new ListRule { Floor = 0.3f };
        var list = List(faces, ("a", rule, 1000, [Strangers(1, 1000, mate: 0.7f), Strangers(2, 1000, mate: 0.9f)]));

        Assert.Equal(
            List(Faces(2), ("a", rule, 1000, [Strangers(1, 1000, mate: 0.7f), Strangers(2, 1000, mate: 0.9f)])).StrangersExpected,
            list.StrangersExpected);
        Assert.Equal(2000, list.StrangersExpected.Comparisons);
        Assert.Equal([null, "the face's quality is 5 of 100", null], list.Faces.Select(face => face.Refusal));
        Assert.Equal([3, 1], list.Candidates.Take(2).Select(candidate => candidate.Face!.Value));
        Assert.Equal("face 2 of the probe was not searched: the face's quality is 5 of 100", Assert.Single(list.Notices));
        Assert.Same(faces[0], list.Probe);
    }

    [Fact]
    public void Each_subject_of_a_gallery_is_one_row_with_its_best_score_and_the_face_that_gave_it()
    {
        var list = List(
            Faces(2),
            ("a", new ListRule(), 9, [Answer((1, 1, 0.8f), (3, 2, 0.5f)), Answer((2, 1, 0.9f), (4, 3, 0.4f))]),
            ("b", new ListRule(), 9, [Answer((1, 1, 0.85f)), Answer((1, 1, 0.6f))]));

        Assert.Equal(
            [("a", 1, 0.9f, 2, 1), ("b", 1, 0.85f, 1, 2), ("a", 2, 0.5f, 1, 3), ("a", 3, 0.4f, 2, 4)],
            list.Candidates.Select(c => (c.Gallery, Subject(c), c.Score, c.Face!.Value, c.Rank)));
    }

    [Fact]
    public void Equal_scores_stand_in_the_order_of_galleries_then_templates_then_faces()
    {
        var list = List(
            Faces(2),
            ("z", new ListRule(), 9, [Answer((7, 7, 0.5f)), Answer((3, 3, 0.5f), (7, 7, 0.5f))]),
            ("a", new ListRule(), 9, [Answer((1, 1, 0.5f)), Answer((1, 1, 0.5f))]));

        Assert.Equal(
            [("z", 3, 2), ("z", 7, 1), ("a", 1, 1)], list.Candidates.Select(c => (c.Gallery, Subject(c), c.Face!.Value)));
    }

    /// <summary>Every pair of galleries: how many subjects each holds, whether it has a floor, and how many its rule demands.</summary>
    public static TheoryData<int, bool, int, int, bool, int> Pairs()
    {
        var data = new TheoryData<int, bool, int, int, bool, int>();
        var kinds = (from subjects in (int[])[0, 1, 4] from floor in (bool[])[false, true] from least in (int[])[0, 2]
                     select (subjects, floor, least)).ToList();
        foreach (var a in kinds)
            foreach (var b in kinds)
                data.Add(a.subjects, a.floor, a.least, b.subjects, b.floor, b.least);
        return data;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_gallery_is_listed_beside_another_as_it_is_alone(
        int subjects, bool floor, int least, int otherSubjects, bool otherFloor, int otherLeast)
    {
        // Scores 0.9, 0.6, 0.3, 0 in one gallery, 0.05 less in the other; a floor of 0.5 is reached by two at most.
        var a = ("a", Rule(floor, least), 100L, (IndexAnswer[])[Hits(subjects, 0.9f)]);
        var b = ("b", Rule(otherFloor, otherLeast), 100L, (IndexAnswer[])[Hits(otherSubjects, 0.85f)]);
        foreach (var (first, second)
            in (((string, ListRule, long, IndexAnswer[]), (string, ListRule, long, IndexAnswer[]))[])[(a, b), (b, a)])
        {
            var list = List(Faces(1), first, second);
            foreach (var (part, held, hasFloor, demanded, place) in new[]
                { (a, subjects, floor, least, first == a ? 0 : 1), (b, otherSubjects, otherFloor, otherLeast, first == a ? 1 : 0) })
            {
                var alone = List(Faces(1), part);
                var rows = list.Candidates.Where(c => c.Gallery == part.Item1).ToList();
                Assert.Equal(alone.Candidates.Select(c => (c.SubjectId, c.Score)), rows.Select(c => (c.SubjectId, c.Score)));
                Assert.Equal(alone.Searched[0] with { Paths = [] }, list.Searched[place] with { Paths = [] });
                // By the rule, counted by hand.
                var reaching = hasFloor ? Math.Min(held, 2) : held;
                var expected = held < demanded ? 0 : Math.Max(reaching, demanded);
                Assert.Equal(expected, rows.Count);
                Assert.Equal(held < demanded ? held : 0, list.Searched[place].Withheld);
                Assert.Equal(expected > reaching, list.Searched[place].FloorGaveWay);
            }
            Assert.Equal(list.Candidates.Select(c => c.Score).OrderDescending(), list.Candidates.Select(c => c.Score));
            Assert.Equal(Enumerable.Range(1, list.Candidates.Count), list.Candidates.Select(c => c.Rank));
            Assert.Equal(list.Searched.Sum(gallery => gallery.Withheld), list.Withheld);
        }
    }

    [Fact]
    public void A_floor_gives_way_in_its_own_gallery_only_and_the_list_says_in_which()
    {
        var list = List(
            Faces(1),
            ("strict", new ListRule { Floor = 0.5f }, 9, [Hits(4, 0.9f)]),
            ("two", new ListRule { Floor = 0.95f, MinCandidates = 2 }, 9, [Hits(4, 0.85f)]),
            ("one", new ListRule { MinCandidates = 2 }, 9, [Hits(1, 0.99f)]));

        Assert.Equal(
            [("strict", 0.9f), ("two", 0.85f), ("strict", 0.6f), ("two", 0.55f)],
            list.Candidates.Select(c => (c.Gallery, MathF.Round(c.Score, 4))));
        Assert.Equal((true, 1, 2), (list.FloorGaveWay, list.Withheld, list.MinCandidates));
        Assert.Equal(
            ["gallery 'two': fewer than 2 reach the floor, so others below it are listed",
            "gallery 'one': 1 found and not listed, fewer than the 2 of its rule"],
            list.Notices);
    }

    [Fact]
    public void A_list_is_as_long_as_its_longest_rule_and_what_a_minimum_demands_comes_on_top()
    {
        // Eight rows of 'many' come before the first of 'two'.
        var many = ("many", new ListRule { ListLength = 8 }, 9L, (IndexAnswer[])[Hits(12, 0.99f, step: 0.01f)]);
        var two = ("two", new ListRule { ListLength = 5, MinCandidates = 2 }, 9L, (IndexAnswer[])[Hits(7, 0.5f, step: 0.01f)]);
        var list = List(Faces(1), many, two);

        Assert.Equal([.. Enumerable.Repeat("many", 8), "two", "two"], list.Candidates.Select(c => c.Gallery));
        Assert.Equal(8, list.ListLength);
        Assert.Equal(8, List(Faces(1), many).Candidates.Count);
        Assert.Equal(5, List(Faces(1), two).Candidates.Count);
    }

    [Fact]
    public void A_gallery_that_demands_two_takes_no_place_from_the_best_candidate_of_another()
    {
        var list = List(
            Faces(1),
            ("one", new ListRule { ListLength = 1 }, 9, [Hits(3, 0.6f)]),
            ("two", new ListRule { ListLength = 2, MinCandidates = 2 }, 9, [Hits(3, 0.9f, step: 0.01f)]),
            ("another", new ListRule { ListLength = 1 }, 9, [Hits(3, 0.95f)]));

        // The two best of all, and the second that is demanded; the one at 0.6 is the fourth of a list of two.
        Assert.Equal(
            [("another", 0.95f), ("two", 0.9f), ("two", 0.89f)], list.Candidates.Select(c => (c.Gallery, MathF.Round(c.Score, 4))));
        Assert.Equal(
            "3 candidates are listed and not 2: a gallery's rule demands several of its own, on top of the best ones",
            Assert.Single(list.Notices));
    }

    [Fact]
    public void A_list_says_whether_everything_was_searched_and_how()
    {
        var exact = Answer((1, 1, 0.5f));
        var walked = exact with { Path = IndexAnswer.Hnsw, IsExhaustive = false };
        var whole = List(Faces(1), ("a", new ListRule(), 9, [exact]));
        var part = List(Faces(2), ("a", new ListRule(), 9, [exact, exact]), ("b", new ListRule(), 9, [exact, walked]));

        Assert.Equal((true, "exact"), (whole.IsExhaustive, whole.Path));
        Assert.Equal((false, "exact+hnsw"), (part.IsExhaustive, part.Path));
        Assert.Equal([true, false], part.Searched.Select(gallery => gallery.IsExhaustive));
        Assert.Equal("gallery 'b': not every template was compared, a candidate may be missing", Assert.Single(part.Notices));
    }

    [Fact]
    public void A_ready_template_has_no_face_and_each_gallery_shows_what_it_may()
    {
        var builder = new CandidateListBuilder(Model, []);
        builder.Add(
            "a", BiographicFields.Only("sex"), new ListRule(), new GalleryAnswer([Answer((1, 1, 0.5f))], 1, Found(Answer((1, 1, 0.5f)))));
        var candidate = Assert.Single(builder.Build().Candidates);

        Assert.Null(candidate.Face);
        Assert.Equal(["sex"], candidate.Biographics.Keys);
        Assert.Equal(["sex"], candidate.Encounter.Metadata.Keys);
        Assert.Equal(Model.Calibrations!.At(0.5), candidate.Fmr);
    }

    [Fact]
    public void A_score_is_worth_something_between_people_at_random_and_the_worst_group()
    {
        var rates = Recorded().Fmr!;
        Assert.Equal((2e-5, 5e-3), (rates.RandomPairs.Value, rates.WorstGroup!.Value));
        Assert.Equal([rates.RandomPairs, rates.WorstGroup], rates.Shown);
    }

    [Theory]
    [InlineData("sex", "race")]
    [InlineData("Sex", "RACE")]
    public void Where_the_owner_recorded_the_group_its_own_rate_is_shown(string sex, string race)
    {
        var rates = Recorded((sex, "F"), (race, "a")).Fmr!;
        Assert.Equal(1e-3, rates.Group!.Value!.Value, 1e-12);
        Assert.Equal([rates.Group], rates.Shown);
        Assert.Equal("test set/group/F, a", rates.Group.Population.Id);
    }

    [Fact]
    public void A_group_that_the_data_do_not_support_or_half_a_label_leaves_the_range()
    {
        Assert.Null(Recorded(("sex", "F"), ("race", "c")).Fmr!.Group);
        Assert.Null(Recorded(("sex", "F")).Fmr!.Group);
        Assert.Null(Recorded(("sex", "F"), ("race", " ")).Fmr!.Group);
    }

    [Fact]
    public void A_rate_tells_no_label_that_the_searcher_may_not_see()
    {
        var hits = Answer((1, 1, 0.5f));
        foreach (var hidden in (BiographicFields[])[BiographicFields.None, BiographicFields.Only("sex"), BiographicFields.Only("race")])
        {
            var builder = new CandidateListBuilder(Model, []);
            builder.Add("a", hidden, new ListRule(), new GalleryAnswer([hits], 1, FoundWith(hits, ("sex", "F"), ("race", "a"))));
            Assert.Null(Assert.Single(builder.Build().Candidates).Fmr!.Group);
        }
    }

    private static Candidate Recorded(params (string Key, string Value)[] biographics)
    {
        var hits = Answer((1, 1, 0.5f));
        var builder = new CandidateListBuilder(Model, []);
        builder.Add("a", BiographicFields.All, new ListRule(), new GalleryAnswer([hits], 1, FoundWith(hits, biographics)));
        return Assert.Single(builder.Build().Candidates);
    }

    private static Calibration Calibration(Restriction restriction, string? group, long comparisons, params (double, long)[] rows) => new(
        new Population("test set", restriction, group, 100, comparisons, null, []),
        [.. rows.Select(row => new CalibrationPoint(row.Item1, row.Item2))]);

    private static ListRule Rule(bool floor, int least) => new() { Floor = floor ? 0.5f : null, MinCandidates = least };

    private static CandidateList List(
        IReadOnlyList<ProbeFace> faces, params (string Name, ListRule Rule, long Size, IndexAnswer[] Answers)[] galleries) =>
        List(null, faces, galleries);

    private static CandidateList List(
        double? strangers, IReadOnlyList<ProbeFace> faces,
        params (string Name, ListRule Rule, long Size, IndexAnswer[] Answers)[] galleries)
    {
        var builder = new CandidateListBuilder(Model, faces);
        foreach (var (name, given, size, answers) in galleries)
        {
            var rule = given with { FloorStrangers = strangers };
            // As the index gives them: the floor is applied there unless candidates below it may be needed.
            var floored = rule.MinCandidates > 0 || rule.Floor is not { } floor
                ? answers
                : [.. answers.Select(answer => answer with { Hits = [.. answer.Hits.Where(hit => hit.Score >= floor)] })];
            builder.Add(
                name, BiographicFields.All, rule,
                new GalleryAnswer(floored, size, Found(answers)));
        }
        return builder.Build();
    }

    private static ProbeFace[] Faces(int count) => [.. Enumerable.Range(1, count).Select(
        number => new ProbeFace(new BoundingBox(10 * number, 0, 50, 50), 0.9f, count, 640, 480) { Number = number })];

    private static IndexAnswer Answer(params (long Id, long Subject, float Score)[] hits) =>
        new([.. hits.Select(hit => new IndexHit(hit.Id, hit.Subject, hit.Score)).OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id)],
            IndexAnswer.Exact, 9) { IsExhaustive = true };

    /// <summary>
    /// A search of strangers whose scores are normal, and perhaps of a mate: a list of 20, and the tally as an index gives it.
    /// </summary>
    private static IndexAnswer Strangers(int seed, int subjects, float? mate = null)
    {
        var random = new Random(seed);
        var scores = Enumerable.Range(0, subjects).Select(_ => (float)Normal.Sample(random, Mean, Deviation)).ToArray();
        if (mate is { } score)
            scores[0] = score;
        // As much of the upper end as a thousand reach.
        var ranked = scores.OrderDescending().ToList();
        var request = SubjectTally.Request(20);
        var from = subjects <= 4 * request.Least ? 0 : ScoreGrid.CellOf(ranked[request.Least]);
        var counts = new long[request.Edges.Count];
        foreach (var counted in ranked)
        {
            if (ScoreGrid.CellOf(counted) >= from)
                counts[ScoreGrid.CellOf(counted)]++;
        }
        var answer = Answer([.. ranked.Take(20).Select((each, place) => (place + 1L, place + 1L, each))]);
        return answer with
        {
            Tally = new ScoreTally(subjects, from, counts, [.. ranked.Take(8).Select(each => new TalliedSubject(each, each))], 0),
        };
    }

    private static IndexAnswer Hits(int subjects, float best, float step = 0.3f) => Answer(
        [.. Enumerable.Range(0, subjects).Select(i => (i + 1L, i + 1L, best - (i * step)))]);

    private static int Subject(Candidate candidate) => int.Parse(candidate.SubjectId, System.Globalization.CultureInfo.InvariantCulture);

    private static Dictionary<long, FoundEncounter> FoundWith(IndexAnswer answer, params (string Key, string Value)[] biographics) =>
        Found(answer).ToDictionary(
            found => found.Key,
            found => found.Value with { Biographics = biographics.ToDictionary(pair => pair.Key, pair => pair.Value) });

    private static Dictionary<long, FoundEncounter> Found(params IndexAnswer[] answers)
    {
        var fields = new Dictionary<string, string> { ["name"] = "N", ["sex"] = "F" };
        return answers.SelectMany(answer => answer.Hits).DistinctBy(hit => hit.Id).ToDictionary(hit => hit.Id, hit => new FoundEncounter(
            new Encounter(
                $"e{hit.Id}", $"{hit.Subject}", "photo", new string('0', 64), 1, 1, default, 1, 640, 480, null, fields,
                DateTimeOffset.UnixEpoch),
            fields));
    }
}
