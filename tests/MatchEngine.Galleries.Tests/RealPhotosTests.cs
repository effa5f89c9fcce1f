using MatchEngine.Faces;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Search;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite;
using MatchEngine.Tests;

namespace MatchEngine.Galleries.Tests;

/// <summary>The whole way with the models that ship: photos of a data set in, candidate lists out.</summary>
public class RealPhotosTests
{
    private const int People = 12;

    [Fact]
    public async Task Smiling_probes_find_their_neutral_mates_at_rank_one()
    {
        var dataSet = TestData.Require("london-faces/metadata.csv");
        using var data = new TemporaryFolder();
        using var pipeline = new FacePipeline(ModelCatalog.Read(ModelCatalog.InstalledFolder));
        using var gallery = SqliteDataFolder.Open(data).Create("london", pipeline.Model, NoAudit.Record);
        var photos = new MetadataSource(dataSet) { Where = new Dictionary<string, string> { ["expression"] = "neutral" } }
            .Read().Take(People).ToList();

        var report = await gallery.EnrolAsync(pipeline, new ListSource(photos), NoAudit.Next);

        Assert.Equal((People, 0), (report.Enrolled, report.Failed));
        foreach (var subject in gallery.Subjects())
        {
            using var probe = ImageBytes.Read(Path.Combine(Path.GetDirectoryName(dataSet)!, "smiling", $"{subject.Id}.jpg"));

            var list = gallery.Search(pipeline, probe.Span);

            Assert.Equal(subject.Id, list.Candidates[0].SubjectId);
            Assert.True(list.Candidates[0].Score > 0.5, $"mate of {subject.Id} scores {list.Candidates[0].Score}");
            Assert.True(list.Candidates[1].Score < 0.4, $"a stranger to {subject.Id} scores {list.Candidates[1].Score}");
            Assert.True(list.Candidates[0].Biographics.ContainsKey("sex"));
        }
    }
}
