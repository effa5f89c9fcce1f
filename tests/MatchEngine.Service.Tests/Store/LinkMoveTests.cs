using MatchEngine.Galleries;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Access;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Store;
using MatchEngine.Service.Tests.Fakes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MatchEngine.Service.Tests.Store;

public class LinkMoveTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Links_of_earlier_versions_move_into_their_gallery_and_those_of_nobody_go()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("old");
        foreach (var (person, id) in new[] { "A", "B" }.Index())
            await admin.EnrolAsync("old", id, FakeImage.Picture(id, new FakeFace(person)));
        var (database, galleries) = (service.Get<ServiceDatabase>(), service.Get<OpenGalleries>());
        var account = service.Get<Accounts>().List()[0].Id;
        foreach (var (gallery, subject, other) in new[] { ("old", "A", "B"), ("old", "A", "gone"), ("deleted", "A", "B") })
            database.Execute(
                "INSERT INTO subject_link (gallery, subject, other, note, account, entered) "
                    + "VALUES (@gallery, @subject, @other, 'kin', @account, '2026-01-02T03:04:05.000Z')",
                new { gallery, subject, other, account });

        await new LinkMove(
            database, galleries, service.Get<AuditTrail>(), NullLogger<LinkMove>.Instance).StartAsync(CancellationToken.None);

        Assert.Equal(
            [new SubjectLink("A", "kin", account, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero))],
            galleries.Get("old").Links("B"));
        Assert.Equal(0, database.Read(connection => Dapper.SqlMapper.ExecuteScalar<long>(connection, "SELECT count(*) FROM subject_link")));
    }
}
