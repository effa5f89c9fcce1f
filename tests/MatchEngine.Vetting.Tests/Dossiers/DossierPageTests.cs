using System.Net;
using System.Text.RegularExpressions;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Dossiers;

namespace MatchEngine.Vetting.Tests.Dossiers;

public class DossierPageTests
{
    private static string Page(Dossier dossier) => DossierPage.Make(DossierJson.Make(dossier));

    [Fact]
    public void Whatever_a_target_says_is_text_and_the_page_runs_nothing_and_fetches_nothing()
    {
        var page = Page(SampleDossier.Of(told: SampleDossier.Hostile));
        Assert.Contains(WebUtility.HtmlEncode("<script>alert(1)</script>"), page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(Regex.Matches(page, @"<[a-z][^>]*\s(src|on[a-z]+)=", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture));
        Assert.All(Regex.Matches(page, "href=\"([^\"]*)\"").Select(m => m.Groups[1].Value), href =>
            Assert.StartsWith("#", href, StringComparison.Ordinal));
        Assert.Empty(Regex.Matches(page, @"url\(|@import"));
    }

    [Fact]
    public void Every_section_stands_there_under_an_address_of_its_own()
    {
        var page = Page(SampleDossier.Of());
        foreach (var title in new[]
        {
            "What can and cannot be concluded", "What was tested", "Norms", "Conduct", "What the data can find", "Searches (1:N)",
            "Comparisons (1:1)", "Load", "Quality of the photos used", "Questions that no machine can answer", "Conditions",
            "Until when, and when sooner", "Provenance",
        })
            Assert.Contains($">{title}</h2>", page, StringComparison.Ordinal);
        var ids = Regex.Matches(page, " id=\"([^\"]*)\"").Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(Regex.Matches(page, "href=\"#([^\"]*)\"").Select(m => m.Groups[1].Value), id => Assert.Contains(id, ids));
        // Both errors, leads by group, and the load.
        Assert.True(Regex.Count(page, "<figure class=\"plot\">") >= 4);
    }

    [Fact]
    public void What_nobody_answered_reads_not_examined_and_is_a_condition()
    {
        var dossier = SampleDossier.Of() with
        {
            Questions =
            [
                OpenQuestion.All[0] with { Answer = "terms of 2026", By = "B. Reader", On = new DateOnly(2026, 11, 1) },
                OpenQuestion.All[1],
            ],
        };
        var page = Page(dossier);
        var questions = page[page.IndexOf("no machine can answer</h2>", StringComparison.Ordinal)..page.IndexOf(
            ">Conditions</h2>", StringComparison.Ordinal)];
        Assert.Contains("terms of 2026", questions, StringComparison.Ordinal);
        Assert.Equal(1, Regex.Count(questions, "not examined"));
        var conditions = DossierJson.Make(dossier)["conditions"]!.AsArray().Select(c => c!.GetValue<string>()).ToArray();
        Assert.Contains(conditions, c => c.EndsWith(OpenQuestion.All[1].Question, StringComparison.Ordinal));
        Assert.DoesNotContain(conditions, c => c.EndsWith(OpenQuestion.All[0].Question, StringComparison.Ordinal));
        Assert.Contains(conditions, c => c == "Before use: Every answer carries the disclaimer, word for word.");
    }

    [Fact]
    public void A_target_that_changed_meanwhile_is_not_one_that_was_tested()
    {
        var dossier = DossierJson.Make(SampleDossier.Of(isSame: false));
        Assert.False(dossier["target"]!["same"]!.GetValue<bool>());
        Assert.Equal("not-met", dossier["verdicts"]![0]!["standing"]!.GetValue<string>());
        Assert.Contains("not one system was tested", DossierPage.Make(dossier), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Verdict.Pass, "met")]
    [InlineData(Verdict.Fail, "not-met")]
    public void Conduct_stands_as_its_checks_do(Verdict disclaimer, string standing) => Assert.Equal(
        standing,
        DossierJson.Make(SampleDossier.Of(conduct: SampleDossier.Findings("x", disclaimer)))["verdicts"]![1]!["standing"]!
            .GetValue<string>());

    [Fact]
    public void No_word_of_the_verdicts_decides()
    {
        var verdicts = DossierJson.Make(SampleDossier.Of())["verdicts"]!.ToJsonString();
        foreach (var word in new[] { "approved", "may be used", "recommend", "suitable", "match" })
            Assert.DoesNotContain(word, verdicts, StringComparison.OrdinalIgnoreCase);
    }
}
