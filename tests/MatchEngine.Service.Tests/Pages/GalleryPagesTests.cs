using System.Net;
using System.Net.Http.Headers;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Pages;

public class GalleryPagesTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Biographics_are_corrected_key_by_key_and_the_audit_names_what_changed_alone()
    {
        using var client = await KeeperAsync("correct");
        var gallery = await FilledAsync(
            client, "correct", "A/%2F ä", new() { ["name"] = "Wrong", ["town"] = "T", ["note"] = "one\ntwo", ["gone"] = "x" });
        var page = await client.TextAsync($"/galleries/{gallery.Name}/subjects");
        Assert.Contains("A/%2F ä", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        var record = $"/galleries/{gallery.Name}/subjects/record?subject=A%2F%252F%20%C3%A4";
        Assert.Contains(record, WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        Assert.Contains(">one\ntwo</textarea>", WebUtility.HtmlDecode(await client.TextAsync(record)), StringComparison.Ordinal);

        using (var answer =
            await client.SendAsync(
                $"/galleries/{gallery.Name}/subjects/correction", ("subject", "A/%2F ä"), ("list", "after=0 & 1&order=newest"),
                ("key-0", "name"), ("value-0", "Right"), ("key-1", "town"), ("value-1", "T"), ("key-2", "note"), ("value-2", "one\r\ntwo"),
                ("key-3", "gone"), ("value-3", ""), ("key-4", "new"), ("value-4", " as typed ")))
            Assert.Equal(
                record + "&list=after%3D0%2520%26%25201%3D%26order%3Dnewest&done=subject-corrected",
                answer.Headers.Location!.OriginalString);

        Assert.Equal(
            [new("name", "Right"), new("town", "T"), new("note", "one\ntwo"), new("new", " as typed ")],
            gallery.FindSubject("A/%2F ä")!.Biographics);
        var written = service.Get<AuditLog>().Read(new AuditFilter { Kind = "subject.corrected", Gallery = gallery.Name });
        Assert.Contains("\"keys\":[\"gone\",\"name\",\"new\"]", Assert.Single(written).Payload, StringComparison.Ordinal);
        Assert.DoesNotContain("Right", written[0].Payload, StringComparison.Ordinal);
        using var nothing = await client.SendAsync(
            $"/galleries/{gallery.Name}/subjects/correction", ("subject", "A/%2F ä"), ("key-0", "name"), ("value-0", "Right"));
        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
        using var nobody = await client.SendAsync(
            $"/galleries/{gallery.Name}/subjects/correction", ("subject", "B"), ("key-0", "name"), ("value-0", "Right"));
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
    }

    [Fact]
    public async Task A_photo_is_removed_and_the_subject_with_its_last_one()
    {
        using var client = await KeeperAsync("thin");
        var gallery = await FilledAsync(client, "thin", " A ", []);
        foreach (var left in new[] { 1, 0 })
        {
            var encounter = gallery.FindSubject(" A ")!.Encounters[0].Id;
            using var answer = await client.SendAsync(
                $"/galleries/{gallery.Name}/encounters/removal", ("subject", " A "), ("encounter", encounter));
            Assert.Equal(
                $"/galleries/{gallery.Name}/subjects{(left == 0 ? "?" : "/record?subject=%20A%20&")}done=encounter-removed",
                answer.Headers.Location!.OriginalString);
            Assert.Equal(left, gallery.FindSubject(" A ")?.Encounters.Count ?? 0);
        }
    }

    [Fact]
    public async Task A_gallery_goes_into_a_file_and_comes_back_under_another_name_with_its_links()
    {
        using var client = await KeeperAsync("archive");
        var gallery = await FilledAsync(client, "archive", "A", new() { ["name"] = "N" });
        await gallery.EnrolAsync(
            service.Extractor,
                new OnePhoto("B", FakeImage.Picture("B", new FakeFace(5))), NoAudit.Next, new EnrolmentOptions { KeepImages = true });
        gallery.Link("A", new SubjectLink("B", "kin", "somebody", DateTimeOffset.UnixEpoch), NoAudit.Record);
        byte[] file;
        using (var export = await client.GetAsync($"/v1/galleries/{gallery.Name}/export"))
            file = await export.Content.ReadAsByteArrayAsync();

        using (var answer = await client.SendAsync("/restorations", false, [("archive", file, "archive.zip")], ("name", "archive-again")))
            Assert.Equal("/galleries/archive-again?done=gallery-restored", answer.Headers.Location?.OriginalString);
        var restored = service.Get<OpenGalleries>().Get("archive-again");
        Assert.Equal(gallery.Links("B"), restored.Links("B"));
        Assert.Equal("N", restored.FindSubject("A")!.Biographics["name"]);
        Assert.Empty(Directory.GetFiles(service.Data, "restoring-*"));

        foreach (var (status, files, name) in new (HttpStatusCode, (string, byte[], string)[], string)[]
        {
            (HttpStatusCode.Conflict, [("archive", file, "a.zip")], "archive-again"),
            (HttpStatusCode.BadRequest, [("archive", file, "a.zip")], "../x"),
            (HttpStatusCode.BadRequest, [], "archive-third"),
            (HttpStatusCode.UnprocessableEntity, [("archive", file[..(file.Length / 2)], "a.zip")], "archive-third"),
            (HttpStatusCode.BadRequest, [("archive", file, "a.zip")], new string('x', 2000)),
        })
        {
            using var refused = await client.SendAsync("/restorations", false, files, ("name", name));
            Assert.Equal(status, refused.StatusCode);
        }
        Assert.Throws<GalleryNotFoundException>(() => service.Get<OpenGalleries>().Get("archive-third"));
    }

    [Fact]
    public async Task A_restoration_that_another_page_sends_is_refused_before_the_file_is_read()
    {
        using var client = await KeeperAsync("forged");
        foreach (var token in new[] { "", "forged" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/restorations")
            {
                Content = new MultipartFormDataContent
                {
                    { new StringContent(token), "token" },
                    { new StringContent("forged"), "name" },
                    { new ByteArrayContent(new byte[100]), "archive", "a.zip" },
                },
            };
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        var own = await client.TokenAsync();
        const string Part = "--b\r\nContent-Disposition: form-data; name=";
        foreach (var body in new[]
        {
            $"{Part}\"token\"\r\n\r\n{own}",
            $"{Part}\"token\"\r\n\r\n{own}\r\n{Part}\"name\"\r\n\r\nforged\r\n{Part}\"archive\"; filename=\"a.zip\"\r\n\r\nPK cut",
            "", "nothing",
        })
        {
            using var cut = new HttpRequestMessage(HttpMethod.Post, "/restorations") { Content = new StringContent(body) };
            cut.Content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
            using var broken = await client.SendAsync(cut);
            Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        }
        Assert.Empty(Directory.GetFiles(service.Data, "restoring-*"));
    }

    [Fact]
    public async Task Photos_of_the_import_folder_are_imported_and_the_page_shows_what_became_of_them()
    {
        using var client = await KeeperAsync("import");
        using (var created = await client.SendAsync("/galleries", ("name", "import")))
            Assert.Equal(HttpStatusCode.Redirect, created.StatusCode);
        var folder = Directory.CreateDirectory(Path.Combine(service.Data, "imports", "import", "page")).FullName;
        File.WriteAllBytes(Path.Combine(folder, "one.ppm"), FakeImage.Picture("1", new FakeFace(1)));
        File.WriteAllText(Path.Combine(folder, "two.jpg"), "no photo");
        using (var outside = await client.SendAsync("/galleries/import/imports", ("source", "files"), ("path", "../..")))
            Assert.Equal(HttpStatusCode.BadRequest, outside.StatusCode);
        using (var started = await client.SendAsync(
            "/galleries/import/imports", ("source", "files"), ("path", "page"), ("faces", "largest")))
            Assert.Equal("/galleries/import/imports?done=import-started", started.Headers.Location!.OriginalString);
        string page;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            page = await client.TextAsync("/galleries/import/imports");
        }
        while (page.Contains("Look again", StringComparison.Ordinal));
        Assert.Contains("1 enrolled, 0 there already, 1 failed, of 2", page, StringComparison.Ordinal);
        Assert.Contains("two.jpg", page, StringComparison.Ordinal);
        var operation = service.Get<IOperations>().List(null)[0];
        using var ended = await client.SendAsync($"/galleries/import/imports/{operation.Id}/cancellation");
        Assert.Equal(HttpStatusCode.Conflict, ended.StatusCode);
    }

    private Task<PageClient> KeeperAsync(string organisation) => PageClient.SignedInAsync(service, organisation, Role.GalleryOwner);

    private async Task<Gallery> FilledAsync(PageClient client, string name, string subject, Dictionary<string, string> metadata)
    {
        using var created = await client.SendAsync("/galleries", ("name", name));
        Assert.Equal(HttpStatusCode.Redirect, created.StatusCode);
        var gallery = service.Get<OpenGalleries>().Get(name);
        foreach (var photo in new[] { "1", "2" })
            await gallery.EnrolAsync(
                service.Extractor, new OnePhoto(subject, FakeImage.Picture(photo, new FakeFace(1))) { Metadata = metadata }, NoAudit.Next,
                new EnrolmentOptions { KeepImages = true });
        return gallery;
    }

    private sealed class OnePhoto(string subject, byte[] photo) : IEnrolmentSource
    {
        public Dictionary<string, string> Metadata { get; init; } = [];

        public IEnumerable<EnrolmentEntry> Read(CancellationToken cancellationToken = default) =>
            [new EnrolmentItem { Image = "memory", Subject = subject, Content = photo, Metadata = Metadata }];
    }
}
