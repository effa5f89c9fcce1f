using FsCheck.Fluent;
using MatchEngine.Interchange.Searches;
using MatchEngine.Interchange.Validation;
using MatchEngine.Tests;

namespace MatchEngine.Interchange.Tests.Searches;

public sealed class CandidateResponseTests
{
    private static CandidateResponse Response(params ResponseCandidate[] candidates) => new()
    {
        SearchId = "0195-a", Gallery = "people", Model = "model-1", GallerySize = 3_000_000_000, ListLength = 20,
        Floor = 0.34, DisclaimerVersion = "1",
        Disclaimer = "A lead, never an identification.", Candidates = candidates,
    };

    [Fact]
    public void The_list_comes_back_with_its_crops()
    {
        var written = Response(
            new ResponseCandidate
            {
                Rank = 1,
                SubjectId = "S-1",
                Score = 0.71239,
                EncounterId = "E-9",
                Rates = [new("set/random-pairs", null, Below: 3e-7), new("set/worst-group/F, ä", 4e-4, 1e-4, 0.00123456)],
                Crop = Samples.Face(),
            },
            new ResponseCandidate { Rank = 2, SubjectId = "Zoë", Score = -0.25, Rates = [new CandidateRate("set/random-pairs", 0.012345)] },
            new ResponseCandidate { Rank = 3, SubjectId = "S-3", Score = -0.5, Crop = Samples.Face([.. Enumerable.Repeat((byte)9, 160)]) });
        written = written with
        {
            Populations = [new("set/random-pairs", "people at random"), new("set/worst-group/F, ä", "the worst; of 'F, ä'")],
        };
        var transaction = Transaction.Read(written.Write(Samples.Header(CandidateResponse.SearchResults)));
        Assert.Empty(TransactionValidator.Validate(transaction));
        var read = CandidateResponse.Read(transaction);
        Assert.Equal(
            ("0195-a", "people", "model-1", 3_000_000_000, 20, 0.34),
            (read.SearchId, read.Gallery, read.Model, read.GallerySize, read.ListLength, read.Floor));
        Assert.Equal(("1", written.Disclaimer), (read.DisclaimerVersion, read.Disclaimer));
        Assert.Equal(
            [(1, "S-1", 0.7124, "E-9", 1), (2, "Zoë", -0.25, null, null), (3, "S-3", -0.5, null, (int?)2)],
            read.Candidates.Select(one => (one.Rank, one.SubjectId, one.Score, one.EncounterId, one.CropIdc)));
        Assert.Equal(written.Populations, read.Populations);
        Assert.Equal(
            [new("set/random-pairs", null, Below: 3e-7), new("set/worst-group/F, ä", 4e-4, 1e-4, 0.001235)], read.Candidates[0].Rates);
        Assert.Equal([new("set/random-pairs", 0.01235)], read.Candidates[1].Rates);
        Assert.Empty(read.Candidates[2].Rates);
        Assert.Equal(9, transaction.Images.Single(image => image.Idc == 2).Data.Span[0]);
    }

    [Fact]
    public void Biographics_and_notices_come_back_and_stand_where_the_layout_says()
    {
        var biographics = new Dictionary<string, string> { ["name"] = "Zoë", ["sex"] = "" };
        var written = Response(
            new ResponseCandidate { Rank = 1, SubjectId = "S-1", Score = 0.5 },
            new ResponseCandidate { Rank = 2, SubjectId = "S-2", Score = 0.4, Biographics = biographics }) with
        { Notices = ["one face was left out", "another"] };
        var file = written.Write(Samples.Header());
        Assert.True(file.AsSpan().EndsWith(Samples.Text("|2.909:2_name_Zo\u00C3\u00AB_sex_|2.910:one face was left out^another$")));
        var transaction = Transaction.Read(file);
        Assert.Empty(TransactionValidator.Validate(transaction));
        var read = CandidateResponse.Read(transaction);
        Assert.Empty(read.Candidates[0].Biographics);
        Assert.Equal(biographics, read.Candidates[1].Biographics);
        Assert.Equal(written.Notices, read.Notices);
    }

    [Fact]
    public void More_biographics_than_a_subfield_holds_are_left_out()
    {
        var many = Enumerable.Range(0, 700).ToDictionary(place => $"{place:000}", place => "v");
        var file = Response(new ResponseCandidate { Rank = 1, SubjectId = "S", Score = 0, Biographics = many }).Write(Samples.Header());
        Assert.Equal(499, CandidateResponse.Read(Transaction.Read(file)).Candidates[0].Biographics.Count);
    }

    [Fact]
    public void The_layout_is_the_documented_one()
    {
        var file = (Response(new ResponseCandidate
        {
            Rank = 1,
            SubjectId = "S-1",
            Score = 0.5,
            Rates = [new CandidateRate("set/random-pairs", 1e-5, 5e-6, 2e-5), new CandidateRate("set/worst-group/F", null, Below: 1e-3)],
        }) with
        { Populations = [new("set/random-pairs", "at random"), new("set/worst-group/F", "worst")] }).Write(Samples.Header());
        var list = Samples.Text(
            "|2.900:MATCHENGINE-CANDIDATE-LIST_2|2.901:0195-a_people_model-1|2.902:3000000000_20_0.3400_1|2.903:1_A lead, "
                + "never an identification.|2.904:1_S-1_0.5000__|2.907:1_set/random-pairs_1E-05_5E-06_2E-05_^1_set/worst-group/F____0.001|"
                + "2.908:set/random-pairs_at random^set/worst-group/F_worst$");
        Assert.True(file.AsSpan().EndsWith(list));
    }

    [Fact]
    public void What_strangers_are_expected_comes_back_with_its_population_or_its_reason()
    {
        var people = new ResponseStrangers { Value = 0.51234, Low = 0.2, High = 1.5, Comparisons = 2807, Population = "the 2,807 of 'a'" };
        var bound = people with { Value = null, Low = 0, High = 0.001, Reason = "beyond-tail" };
        var unsaid = new ResponseStrangers { Comparisons = 6, Population = "6", Reason = "too-few-comparisons" };
        var written = Response(
            new ResponseCandidate { Rank = 1, SubjectId = "S-1", Score = 0.5, StrangersExpected = bound },
            new ResponseCandidate { Rank = 2, SubjectId = "S-2", Score = 0.4, StrangersExpected = unsaid }) with
        {
            StrangersExpected = people,
        };
        var file = written.Write(Samples.Header());
        Assert.True(file.AsSpan().EndsWith(Samples.Text(
            "|2.905:0.5123_0.2_1.5_2807_the 2,807 of 'a'_|2.906:_0_0.001_2807_the 2,807 of 'a'_beyond-tail^___6_6_too-few-comparisons$")));
        var transaction = Transaction.Read(file);
        Assert.Empty(TransactionValidator.Validate(transaction));
        var read = CandidateResponse.Read(transaction);
        Assert.Equal(people with { Value = 0.5123 }, read.StrangersExpected);
        Assert.Equal([bound, unsaid], read.Candidates.Select(candidate => candidate.StrangersExpected));
        Samples.Text("_28x7_").CopyTo(file, file.AsSpan().IndexOf(Samples.Text("_2807_")));
        Assert.Throws<InterchangeException>(() => CandidateResponse.Read(Transaction.Read(file)));
    }

    [Fact]
    public void An_empty_list_is_an_answer()
    {
        var transaction = Transaction.Read((Response() with { Floor = null }).Write(Samples.Header()));
        Assert.Empty(TransactionValidator.Validate(transaction));
        var read = CandidateResponse.Read(transaction);
        Assert.Empty(read.Candidates);
        Assert.Null(read.Floor);
    }

    [Fact]
    public void Nothing_in_an_answer_calls_a_candidate_a_match()
    {
        var text = System.Text.Encoding.UTF8.GetString(
            Response(new ResponseCandidate { Rank = 1, SubjectId = "S", Score = 0.9 }).Write(Samples.Header()));
        Assert.DoesNotContain("match", text.Replace("MATCHENGINE", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Samples.Files), MemberType = typeof(Samples))]
    public void Files_of_others_hold_no_list_of_ours(string file) =>
        Assert.Equal(
            InterchangeFault.NoCandidateList, Assert.Throws<InterchangeException>(() => CandidateResponse.Read(Samples.Read(file))).Fault);

    [Theory]
    [InlineData("LIST_2", "LIST_1"), InlineData("_20_", "_xx_"), InlineData("0.3400_1", "0.3400_2"), InlineData("904:1_S-1", "904:x_S-1"),
        InlineData("1_S-1_0.5000", "1_S-1_0.50x0"),
        InlineData("907:1_set", "907:2_set"), InlineData("908:set", "908:sot")]
    public void A_damaged_list_is_refused(string right, string wrong)
    {
        var candidate = new ResponseCandidate { Rank = 1, SubjectId = "S-1", Score = 0.5, Rates = [new("set", 0.5)] };
        var file = (Response(candidate) with { Populations = [new("set", "people")] }).Write(Samples.Header());
        Samples.Text(wrong).CopyTo(file, file.AsSpan().IndexOf(Samples.Text(right)));
        Assert.Equal(
            InterchangeFault.NoCandidateList,
            Assert.Throws<InterchangeException>(() => CandidateResponse.Read(Transaction.Read(file))).Fault);
    }

    [Fact]
    public void More_crops_than_idcs_are_refused()
    {
        var hundred = Enumerable.Range(1, 100)
            .Select(rank => new ResponseCandidate { Rank = rank, SubjectId = "S", Score = 0, Crop = Samples.Face() }).ToArray();
        Assert.ThrowsAny<ArgumentException>(() => Response(hundred).Write(Samples.Header()));
        Assert.Equal(101, Transaction.Read(Response(hundred[..99]).Write(Samples.Header())).Records.Count);
    }

    [Fact]
    public void Any_list_comes_back()
    {
        var id = Gen.Elements([.. "abcXYZ019-_. äß白"]).NonEmptyListOf().Select(characters => string.Concat(characters));
        var candidate = id.Zip(Gen.Choose(-10_000, 10_000), (subject, score) => (Subject: subject, Score: score / 10_000.0));
        Prop.ForAll(candidate.ListOf().ToArbitrary(), candidates =>
        {
            var list = candidates.Select((one, i) =>
                new ResponseCandidate { Rank = i + 1, SubjectId = one.Subject, Score = one.Score, EncounterId = "e" + i }).ToList();
            var transaction = Transaction.Read((Response() with { Candidates = list }).Write(Samples.Header()));
            Assert.Empty(TransactionValidator.Validate(transaction));
            Assert.Equal(
                list.Select(one => (one.Rank, one.SubjectId, one.Score, one.EncounterId)),
                CandidateResponse.Read(transaction).Candidates.Select(one => (one.Rank, one.SubjectId, one.Score, one.EncounterId)));
        }).CheckSame();
    }
}
