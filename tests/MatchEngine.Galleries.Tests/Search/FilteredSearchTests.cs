using System.Globalization;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Filters;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Search;

/// <summary>Searches among some, against a search of everybody whose list is gone through by hand.</summary>
public class FilteredSearchTests
{
    private static readonly string[][] Filters =
    [
        ["sex=F"], ["sex!=F"], ["birth>=1980"], ["birth<1980", "sex=M"], ["sex=x"], ["eyes=green"], ["birth=1975", "eyes!=green"],
    ];

    [Fact]
    public async Task A_search_among_some_lists_what_a_search_of_all_lists_of_them_while_people_come_go_and_are_corrected()
    {
        using var test = new TestGallery();
        var random = new Random(17);
        await test.EnrolAsync([.. Enumerable.Range(0, 60).Select(i => Somebody(i, random))]);
        for (var step = 0; step < 12; step++)
        {
            foreach (var conditions in Filters)
            {
                var filter = BiographicFilter.Parse(conditions)!;
                var probe = FakeImage.Of(new FakeFace(random.Next(20)));
                var all = test.Search(probe, new SearchOptions { ListLength = 1000 }).Candidates;

                var list = test.Search(probe, new SearchOptions { ListLength = 1000, Filter = filter });

                var expected = all.Where(candidate => filter.Admits(candidate.Biographics)).ToList();
                Assert.Equal(
                    expected.Select(c => (c.SubjectId, c.Score)).OrderByDescending(c => c.Score).ThenBy(c => c.SubjectId),
                    list.Candidates.Select(c => (c.SubjectId, c.Score)).OrderByDescending(c => c.Score).ThenBy(c => c.SubjectId));
                Assert.Equal((filter, (long?)expected.Count), (list.Searched[0].Filter, list.Searched[0].Among));
                Assert.Equal(expected.Count, list.StrangersExpected.Comparisons);
                Assert.Contains(filter.ToString(), list.StrangersExpected.Population, StringComparison.Ordinal);
                Assert.Contains(list.Notices, notice => notice.Contains(filter.ToString(), StringComparison.Ordinal));
            }
            var someone = $"S{random.Next(60 + step)}";
            switch (step % 3)
            {
                case 0:
                    test.Gallery.RemoveSubject(someone, NoAudit.Record);
                    break;
                case 1:
                    await test.EnrolAsync(Somebody(60 + step, random));
                    break;
                default:
                    test.Gallery.CorrectSubject(
                        someone, new Dictionary<string, string?> { ["sex"] = "F", ["eyes"] = null, ["birth"] = "1975-02-03" },
                        NoAudit.Record);
                    break;
            }
        }
    }

    [Fact]
    public async Task What_another_process_wrote_is_met_by_the_next_search()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)), ("sex", "F"));
        var options = new SearchOptions { Filter = BiographicFilter.Parse(["sex=F"]) };
        Assert.Single(test.Search(FakeImage.Of(new FakeFace(1)), options).Candidates);
        using (var other = MatchEngine.Sqlite.SqliteDataFolder.Open(test.Data).Open(TestGallery.Name))
            other.CorrectSubject("anna", new Dictionary<string, string?> { ["sex"] = "M" }, NoAudit.Record);
        Assert.Empty(test.Search(FakeImage.Of(new FakeFace(1)), options).Candidates);
    }

    [Fact]
    public async Task Nobody_searches_by_what_he_may_not_see()
    {
        using var test = new TestGallery();
        await test.EnrolAsync("anna", FakeImage.Of(new FakeFace(1)), ("sex", "F"), ("asylum", "yes"));
        var scope = new GalleryScope(test.Gallery, BiographicFields.Only("sex"));
        var refused = Assert.Throws<FilterRefusedException>(() => GallerySearch.Search(
            [scope], test.Extractor, FakeImage.Of(new FakeFace(1)),
            new SearchOptions { Filter = BiographicFilter.Parse(["sex=F", "asylum=yes"]) }));
        Assert.Equal((TestGallery.Name, "asylum"), (refused.Gallery, refused.Key));
        Assert.Single(GallerySearch.Search(
            [scope], test.Extractor, FakeImage.Of(new FakeFace(1)),
            new SearchOptions { Filter = BiographicFilter.Parse(["sex=F"]) }).Candidates);
    }

    [Fact]
    public async Task A_search_by_an_encounter_among_some_leaves_its_own_subject_out()
    {
        using var test = new TestGallery();
        await test.EnrolAsync([.. Enumerable.Range(0, 8).Select(i => TestGallery.Item(
            $"S{i}", FakeImage.Of(new FakeFace(i)), ("sex", i % 2 == 0 ? "F" : "M")))]);
        var own = test.Gallery.FindSubject("S2")!.Encounters[0].Id;
        var options = new SearchOptions { Filter = BiographicFilter.Parse(["sex=F"]) };
        var scopes = new[] { new GalleryScope(test.Gallery, BiographicFields.All) };

        var list = GallerySearch.SearchByEncounter(scopes, test.Gallery, own, test.Extractor.Model, options)!;

        Assert.Equal(["S0", "S4", "S6"], list.Candidates.Select(candidate => candidate.SubjectId).Order());
        Assert.Equal(3, list.Searched[0].Among);
        list = GallerySearch.SearchByEncounter(
            scopes, test.Gallery, own, test.Extractor.Model, options with { IncludeOwnSubject = true })!;
        Assert.Equal("S2", list.Candidates[0].SubjectId);
    }

    private static EnrolmentItem Somebody(int i, Random random)
    {
        var metadata = new List<(string, string)>();
        if (random.Next(6) > 0)
            metadata.Add(("sex", random.Next(2) == 0 ? "F" : "M"));
        if (random.Next(6) > 0)
            metadata.Add(("birth", string.Create(CultureInfo.InvariantCulture, $"{1970 + random.Next(20)}-0{1 + random.Next(9)}-17")));
        if (random.Next(2) > 0)
            metadata.Add(("eyes", random.Next(2) == 0 ? "green" : "brown"));
        return TestGallery.Item($"S{i}", FakeImage.Of(new FakeFace(i % 20, i)), [.. metadata]);
    }
}
