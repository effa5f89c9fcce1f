using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Profiles;

public class ProfileTests
{
    private static readonly SearchPurpose Full = new("C-1", "18 U.S.C. 1028", "J. Doe");

    public static TheoryData<string> All => [.. Profile.Names];

    [Fact]
    public void Eleven_profiles_come_with_the_product() => Assert.Equal(
        ["abis", "ats-p", "ccd", "default", "dmv", "fusion-center", "ngi-ips", "obim", "smartlink", "state-lea", "vendor"], Profile.Names);

    [Theory]
    [MemberData(nameof(All))]
    public void A_profile_bears_its_files_name_and_keeps_the_rules_of_all(string name)
    {
        var profile = Profile.Find(name);

        Assert.Equal(name, profile.Name);
        // Whatever the service: a comparison gives a score and nothing of anybody.
        foreach (var use in (ProfileUse[])[ProfileUse.Comparison, ProfileUse.SubjectComparison])
        {
            var request = Request(profile) with { Use = use };
            var compared = profile.Apply(request);
            var isOffered = profile.Rules.Comparisons.Value switch
            {
                ComparisonsRule.Offered => true,
                ComparisonsRule.OfSubjects => use == ProfileUse.SubjectComparison,
                _ => false,
            };
            Assert.Equal(isOffered ? null : ProfileRefusal.ComparisonNotOffered, compared.Refusal?.Reason);
            if (!isOffered)
                continue;
            Assert.Equal(
                (BiographicFields.None, BiographicFields.None, false),
                (compared.Options!.Biographics, compared.Options.EncounterFields, compared.Options.SourceUrl));
            // What a search must state, a comparison must; and what is not approved needs a supervisor under any profile.
            if (profile.Rules.Purpose.Value.Count > 0)
                Assert.Equal(
                    ProfileRefusal.PurposeRequired, profile.Apply(request with { Purpose = new SearchPurpose("C-1") }).Refusal!.Reason);
            Assert.Equal(ProfileRefusal.ApprovalRequired, profile.Apply(request with { GalleriesApproved = false }).Refusal!.Reason);
            Assert.Null(profile.Apply(request with { GalleriesApproved = false, ApprovedBySupervisor = true }).Refusal);
        }
    }

    [Fact]
    public void The_neutral_service_asks_for_a_purpose_and_takes_what_is_asked()
    {
        var profile = Profile.Find("default");

        var outcome = profile.Apply(Request(profile) with { ListLength = 7, ScoreFloor = 0.5f });

        Assert.Empty(outcome.Findings);
        Assert.Equal(
            new ProfileOptions(7, 0.5f, 0, BiographicFields.All, BiographicFields.All, true, SeveralFacesRule.Refused, 7), outcome.Options);
        Assert.Equal(20, profile.Apply(Request(profile)).Options!.ListLength);
        Assert.Equal((7, 0.5f, 0), (outcome.Options!.ToSearchOptions().ListLength, outcome.Options.ToSearchOptions().Floor,
            outcome.Options.ToSearchOptions().MinCandidates));
    }

    [Fact]
    public void A_floor_chosen_for_the_probe_is_no_lower_than_the_profiles_own_and_not_offered_where_none_is()
    {
        var profile = Profile.Find("default");
        Profile With(ScoreFloorRule rule, float? preset) => profile with
        {
            Rules = profile.Rules with
            {
                ScoreFloor = new ProfileRule<ScoreFloorRule>(rule, "none"),
                ScoreFloorDefault = new ProfileRule<float?>(preset, "none"),
            },
        };
        var request = Request(profile) with { FloorStrangers = 0.5 };

        var chosen = profile.Apply(request);
        Assert.Equal((null, 0.5), (chosen.Options!.Floor, chosen.Options.FloorStrangers));
        Assert.Equal(0.5, chosen.Options.ToSearchOptions().FloorStrangers);
        Assert.Empty(chosen.Findings);
        var preset = With(ScoreFloorRule.Required, 0.4f).Apply(request);
        Assert.Equal((0.4f, 0.5), (preset.Options!.Floor, preset.Options.FloorStrangers));
        Assert.Equal(
            "the floor that is chosen for the probe is no lower than 0.4, which default sets", Assert.Single(preset.Findings).Detail);
        Assert.Null(With(ScoreFloorRule.Required, null).Apply(request).Refusal);
        var none = With(ScoreFloorRule.NotOffered, null).Apply(request);
        Assert.Equal((null, null), (none.Options!.Floor, none.Options.FloorStrangers));
        Assert.Equal("scoreFloor", Assert.Single(none.Findings).Rule);
    }

    [Theory]
    [InlineData(null, null, "caseNumber, basis")]
    [InlineData("C", null, "basis")]
    [InlineData(" ", "B", "caseNumber")]
    public void A_purpose_that_lacks_something_is_refused_and_told_what(string? caseNumber, string? basis, string missing)
    {
        var refusal = Profile.Find("default").Apply(new ProfileRequest { Purpose = new SearchPurpose(caseNumber, basis) }).Refusal!;

        Assert.Equal((ProfileRefusal.PurposeRequired, "purpose", "PIA-054, Submission"), (refusal.Reason, refusal.Rule, refusal.Source));
        Assert.EndsWith($"lacks {missing}", refusal.Detail, StringComparison.Ordinal);
        Assert.Null(Profile.Find("vendor").Apply(new ProfileRequest()).Refusal);
    }

    [Fact]
    public void A_state_agencys_terms_are_accepted_before_the_first_use()
    {
        var profile = Profile.Find("state-lea");

        Assert.Equal(ProfileRefusal.TermsNotAccepted, profile.Apply(Request(profile) with { AcceptedTerms = null }).Refusal!.Reason);
        Assert.Equal(ProfileRefusal.TermsNotAccepted, profile.Apply(Request(profile) with { AcceptedTerms = "0" }).Refusal!.Reason);
        Assert.Null(profile.Apply(Request(profile)).Refusal);
    }

    [Theory]
    [InlineData("dmv")]
    [InlineData("ccd")]
    public void What_a_record_holds_is_had_by_a_second_request(string name)
    {
        var profile = Profile.Find(name);

        var list = profile.Apply(Request(profile)).Options!;
        var details = profile.Apply(Request(profile) with { Use = ProfileUse.Details }).Options!;

        Assert.Equal((BiographicFields.None, BiographicFields.None), (list.Biographics, list.EncounterFields));
        Assert.Equal((BiographicFields.All, BiographicFields.All), (details.Biographics, details.EncounterFields));
    }

    [Fact]
    public void A_fusion_centres_owner_enters_links() => Assert.Equal(
        (true, false), (Profile.Find("fusion-center").Rules.Links.Value, Profile.Find("default").Rules.Links.Value));

    [Fact]
    public void Obim_has_a_preset_floor_and_a_list_length_together_and_owners_decide()
    {
        var profile = Profile.Find("obim");

        var outcome = profile.Apply(Request(profile) with { ListLength = 5 });

        Assert.Equal((5, 0.34f), (outcome.Options!.ListLength, outcome.Options.Floor));
        Assert.Equal("scoreFloorDefault", Assert.Single(outcome.Findings).Rule);
        Assert.Equal(0.6f, profile.Apply(Request(profile) with { ScoreFloor = 0.6f }).Options!.Floor);
    }

    [Theory]
    [InlineData(null, 20, 0)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 2, 0)]
    [InlineData(50, 50, 0)]
    [InlineData(51, 50, 1)]
    public void Ngi_gives_two_to_fifty_candidates(int? asked, int given, int findings)
    {
        var profile = Profile.Find("ngi-ips");

        var outcome = profile.Apply(Request(profile) with { ListLength = asked });

        Assert.Equal((given, 2), (outcome.Options!.ListLength, outcome.Options.MinCandidates));
        Assert.Equal(findings, outcome.Findings.Count(
            finding => finding is { Rule: "listLength", Source: "PIA-054, FBI NGI Interstate Photo System" }));
    }

    [Fact]
    public void Abis_returns_the_encounters_fields() => Assert.Equal(
        ["agency", "aliases", "associated_biometrics", "birth", "citizenship", "date", "names", "reason"],
        Profile.Find("abis").Apply(Request(Profile.Find("abis"))).Options!.EncounterFields.Keys);

    [Fact]
    public void Biographics_tell_no_more_of_what_came_with_photos_than_the_encounters_do()
    {
        var abis = Profile.Find("abis").Apply(Request(Profile.Find("abis"))).Options!;
        Assert.Equal(abis.EncounterFields, abis.Biographics);
        // A second request is about all that the record holds.
        var dmv = Profile.Find("dmv");
        Assert.Equal(BiographicFields.All, dmv.Apply(Request(dmv) with { Use = ProfileUse.Details }).Options!.Biographics);
    }

    [Theory]
    [InlineData("civil immigration enforcement", false)]
    [InlineData("Civil-Immigration Enforcement (8 U.S.C. 1226)", false)]
    [InlineData("18 U.S.C. § 1546", true)]
    [InlineData("uncivil immigration enforcements", true)]
    public void Civil_immigration_enforcement_is_no_purpose(string basis, bool isServed)
    {
        var profile = Profile.Find("default");
        var refusal = profile.Apply(new ProfileRequest { Purpose = new SearchPurpose("C-1", basis) }).Refusal;
        Assert.Equal(isServed ? null : ProfileRefusal.PurposeRefused, refusal?.Reason);
        Assert.Equal(isServed ? null : "PIA-054, Principles", refusal?.Source);
    }

    [Theory]
    [InlineData("18 U.S.C. § 1546", true)]
    [InlineData("18 usc 1546(a)", true)]
    [InlineData("180 USC 1", false)]
    [InlineData("8 USC 1324", true)]
    [InlineData("8 USC 1226", false)]
    [InlineData("see 18 USC 1546", false)]
    public void Where_bases_are_named_a_purpose_names_one_of_them(string basis, bool isServed)
    {
        var neutral = Profile.Find("default");
        var profile = neutral with
        {
            Rules = neutral.Rules with { PermittedBases = new ProfileRule<IReadOnlyList<string>?>(["18 USC", "8 U.S.C. 1324"], "none") },
        };
        var refusal = profile.Apply(new ProfileRequest { Purpose = new SearchPurpose("C-1", basis) }).Refusal;
        Assert.Equal(isServed ? null : ProfileRefusal.PurposeRefused, refusal?.Reason);
        Assert.Equal(isServed ? null : "permittedBases", refusal?.Rule);
    }

    [Fact]
    public void What_an_operator_says_of_an_age_is_refused_or_told_as_the_profile_says()
    {
        var obim = Profile.Find("obim");
        var warned = obim.Apply(Request(obim) with { StatedAge = 13, ScoreFloor = 0.5f });
        Assert.Equal(("age", "News on children and ageing, August 2024"),
            (Assert.Single(warned.Findings).Rule, warned.Findings[0].Source));
        Assert.Empty(obim.Apply(Request(obim) with { StatedAge = 14, ScoreFloor = 0.5f }).Findings);
        Assert.Empty(obim.Apply(Request(obim) with { ScoreFloor = 0.5f }).Findings);
        var strict = obim with
        {
            Rules = obim.Rules with { Age = new ProfileRule<AgeRule?>(new AgeRule(14, AgeAction.Warn, AgeAction.Refuse), "none") },
        };
        Assert.Equal(ProfileRefusal.UnderAge, strict.Apply(Request(obim) with { StatedAge = 13 }).Refusal!.Reason);
    }

    [Theory]
    [InlineData("ccd")]
    [InlineData("ats-p")]
    public void The_systems_of_the_reply_to_the_senator_want_training_and_terms_that_are_renewed(string name)
    {
        var profile = Profile.Find(name);
        Assert.Equal(90, profile.Rules.Terms.Value!.RenewDays);
        Assert.Equal(
            ProfileRefusal.TrainingRequired, profile.Apply(Request(profile) with { IsTrained = false }).Refusal!.Reason);
        Assert.Equal(
            ProfileRefusal.TermsNotAccepted, profile.Apply(new ProfileRequest { Purpose = Full, IsTrained = true }).Refusal!.Reason);
    }

    [Fact]
    public void A_vendor_lists_by_length_and_returns_the_source_alone()
    {
        var profile = Profile.Find("vendor");

        var outcome = profile.Apply(new ProfileRequest { ScoreFloor = 0.5f });

        Assert.Equal(
            new ProfileOptions(20, null, 0, BiographicFields.None, BiographicFields.Only(), true, SeveralFacesRule.Refused, 7),
            outcome.Options);
        Assert.Equal("scoreFloor", Assert.Single(outcome.Findings).Rule);
        Assert.Equal(ProfileRefusal.DetailsNotOffered, profile.Apply(new ProfileRequest { Use = ProfileUse.Details }).Refusal!.Reason);
    }

    [Fact]
    public void Smartlink_compares_and_does_not_search()
    {
        var profile = Profile.Find("smartlink");

        Assert.Equal(ProfileRefusal.SearchNotOffered, profile.Apply(new ProfileRequest()).Refusal!.Reason);
        Assert.Equal(20, profile.Apply(Request(profile) with { Use = ProfileUse.SubjectComparison }).Options!.RetentionYears);
        Assert.Equal(
            ProfileRefusal.TermsNotAccepted,
            profile.Apply(new ProfileRequest { Use = ProfileUse.SubjectComparison }).Refusal!.Reason);
        Assert.True(profile.Rules.MasterImage.Value);
    }

    [Fact]
    public void Ones_own_profile_can_demand_a_floor_and_a_supervisor()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("own.json", ProfileReaderTests.Default
            .Replace("\"optional\"", "\"required\"", StringComparison.Ordinal)
            .Replace("\"approved\"", "\"supervisor\"", StringComparison.Ordinal));
        var profile = Profile.Find(file);

        Assert.Equal(ProfileRefusal.FloorRequired, profile.Apply(Request(profile)).Refusal!.Reason);
        Assert.Equal(ProfileRefusal.ApprovalRequired, profile.Apply(Request(profile) with { ScoreFloor = 0 }).Refusal!.Reason);
        Assert.Null(profile.Apply(Request(profile) with { ScoreFloor = 0, ApprovedBySupervisor = true }).Refusal);
    }

    private static ProfileRequest Request(Profile profile) =>
        new() { Purpose = Full, AcceptedTerms = profile.Rules.Terms.Value?.Version, IsTrained = true };
}
