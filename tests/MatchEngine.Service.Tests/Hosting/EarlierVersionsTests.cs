using Dapper;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace MatchEngine.Service.Tests.Hosting;

public class EarlierVersionsTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Links_of_earlier_versions_move_into_their_gallery_and_those_of_nobody_go()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("old");
        foreach (var (person, id) in new[] { "A", "B" }.Index())
            await admin.EnrolAsync("old", id, FakeImage.Picture(id, new FakeFace(person)));
        var account = service.Get<IAccounts>().List()[0].Id;
        using var database = Open();
        foreach (var (gallery, subject, other) in new[] { ("old", "A", "B"), ("old", "A", "gone"), ("deleted", "A", "B") })
            database.Execute(
                "INSERT INTO subject_link (gallery, subject, other, note, account, entered) "
                    + "VALUES (@gallery, @subject, @other, 'kin', @account, '2026-01-02T03:04:05.000Z')",
                new { gallery, subject, other, account });

        await RunAsync();

        Assert.Equal(
            [new SubjectLink("A", "kin", account, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))],
            service.Get<OpenGalleries>().Get("old").Links("B"));
        Assert.Equal(0, database.ExecuteScalar<long>("SELECT count(*) FROM subject_link"));
    }

    [Fact]
    public async Task A_search_that_an_earlier_version_left_to_the_audit_is_read_as_before_and_filled_once()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("earlier");
        for (var person = 1; person <= 3; person++)
            await admin.EnrolAsync("earlier", $"P{person}", FakeImage.Picture("", new FakeFace(person)));
        var search = (await admin.SearchAsync(FakeImage.Of(new FakeFace(2)), "earlier")).GetProperty("searchId").GetString()!;
        var before = (await admin.GetAsync($"/v1/searches/{search}").Json()).GetRawText();
        var record = (await admin.GetAsync($"/v1/searches/{search}/candidates/1").Json()).GetRawText();
        using var database = Open();
        // As the migration of an older folder leaves it: who searched and when, and the number of the event.
        database.Execute(
            """
            DELETE FROM search_candidate WHERE search = @search;
            UPDATE search SET recorded = 0, expires = NULL, galleries = '[]', purpose = NULL, list_length = 0, floor = NULL,
              floor_gave_way = 0, probe_quality = NULL, probe_faces = NULL, probe_encounter = NULL, model = '',
              path = '', gallery_size = 0, profile = NULL, disclaimer_version = '' WHERE id = @search
            """,
            new { search });
        await admin.GetAsync($"/v1/searches/{search}").Code(404);

        await RunAsync();

        Assert.Equal(before, (await admin.GetAsync($"/v1/searches/{search}").Json()).GetRawText());
        Assert.Equal(record, (await admin.GetAsync($"/v1/searches/{search}/candidates/1").Json()).GetRawText());
        // A second start finds nothing to do.
        await RunAsync();
        Assert.Equal(3, database.ExecuteScalar<long>("SELECT count(*) FROM search_candidate WHERE search = @search", new { search }));
    }

    private Task RunAsync() =>
        ActivatorUtilities.CreateInstance<EarlierVersions>(service.App.Services).StartAsync(CancellationToken.None);

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(service.Data, "service.db")};Pooling=False");
        connection.Open();
        return connection;
    }
}
