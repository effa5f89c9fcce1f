using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Stores;
using MatchEngine.Rates.Calibrations;
using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Tests.Search;

public class CandidateListBuilderTests
{
    private static readonly EmbedderCard Model = new(
        "m", new string('a', 64), 64, new CalibrationSet([
            Calibration(Restriction.RandomPairs, null, 1_000_000, (0.25, 1_000), (0.5, 20), (0.75, 0)),
            Calibration(Restriction.Group, "F, a", 10_000, (0.25, 200), (0.5, 10)),
            Calibration(Restriction.WorstGroup, "M, b", 10_000, (0.25, 500), (0.5, 50)),
        ]));

    [Fact]
    public void The_strangers_of_five_faces_are_five_times_those_of_one()
    {
        // 20 of a million comparisons reach 0.5: FMR 2·10⁻⁵. One face with 1,523 templates: 0.03046 strangers; five: 0.1523.
        var rule = new ListRule { Floor = 0.5f };
        Assert.Equal(0.03046, List(Faces(1), ("a", rule, 1523, Answers(1))).ExpectedNonMatesAboveFloor!.Value, 1e-12);
        Assert.Equal(0.1523, List(Faces(5), ("a", rule, 1523, Answers(5))).ExpectedNonMatesAboveFloor!.Value, 1e-12);
    }

    [Fact]
    public void The_strangers_are_summed_over_galleries_each_with_its_own_floor()
    {
        // Two faces: 2 · 1,000 · 10⁻³ + 2 · 500 · 2·10⁻⁵.
        var list = List(
            Faces(2), ("a", new ListRule { Floor = 0.25f }, 1000, Answers(2)), ("b", new ListRule { Floor = 0.5f }, 500, Answers(2)));
        Assert.Equal([2.0, 0.02], list.Searched.Select(gallery => Math.Round(gallery.ExpectedNonMatesAboveFloor!.Value, 9)));
        Assert.Equal(2.02, list.ExpectedNonMatesAboveFloor!.Value, 1e-9);
        Assert.Equal((1500L, null), (list.GallerySize, list.Floor));
        // A gallery without a floor, and a floor beyond the calibration, leave the sum unknown.
        foreach (var open in (float?[])[null, 0.9f])
        {
            Assert.Null(List(
                Faces(1), ("a", new ListRule { Floor = 0.25f }, 10, Answers(1)), ("b", new ListRule { Floor = open }, 10, Answers(1)))
                .ExpectedNonMatesAboveFloor);
        }
    }

    [Fact]
    public void A_poor_face_is_listed_and_takes_no_part_in_the_sum()
    {
        var faces = Faces(3);
        faces[1] = faces[1] with { Refusal = "the face's quality is 5 of 100" };
        var list = List(faces, ("a", new ListRule { Floor = 0.5f }, 1000, [Answer((1, 1, 0.7f)), Answer((2, 2, 0.9f))]));

        Assert.Equal(2 * 1000 * 2e-5, list.ExpectedNonMatesAboveFloor!.Value, 1e-12);
        Assert.Equal([null, "the face's quality is 5 of 100", null], list.Faces.Select(face => face.Refusal));
        Assert.Equal([(2, 3), (1, 1)], list.Candidates.Select(candidate => (Subject(candidate), candidate.Face!.Value)));
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
    public void A_list_is_as_long_as_its_longest_rule_and_never_cuts_what_a_minimum_demands()
    {
        // Eight rows of 'many' come before the first of 'two'.
        var many = ("many", new ListRule { ListLength = 8 }, 9L, (IndexAnswer[])[Hits(12, 0.99f, step: 0.01f)]);
        var two = ("two", new ListRule { ListLength = 5, MinCandidates = 2 }, 9L, (IndexAnswer[])[Hits(7, 0.5f, step: 0.01f)]);
        var list = List(Faces(1), many, two);

        Assert.Equal([.. Enumerable.Repeat("many", 6), "two", "two"], list.Candidates.Select(c => c.Gallery));
        Assert.Equal(8, list.ListLength);
        Assert.Equal(8, List(Faces(1), many).Candidates.Count);
        Assert.Equal(5, List(Faces(1), two).Candidates.Count);
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
        IReadOnlyList<ProbeFace> faces, params (string Name, ListRule Rule, long Size, IndexAnswer[] Answers)[] galleries)
    {
        var builder = new CandidateListBuilder(Model, faces);
        foreach (var (name, rule, size, answers) in galleries)
        {
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

    private static IndexAnswer[] Answers(int faces) => [.. Enumerable.Repeat(Answer(), faces)];

    private static IndexAnswer Answer(params (long Id, long Subject, float Score)[] hits) =>
        new([.. hits.Select(hit => new IndexHit(hit.Id, hit.Subject, hit.Score)).OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id)],
            IndexAnswer.Exact, 9) { IsExhaustive = true };

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
