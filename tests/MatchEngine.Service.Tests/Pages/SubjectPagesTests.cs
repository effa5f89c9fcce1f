using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Pages;

public class SubjectPagesTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Subjects_are_found_by_what_is_known_of_them_which_no_address_and_no_event_tells()
    {
        using var client = await KeeperAsync("find");
        var gallery = await FilledAsync(client, "find", 60);
        var first = await client.TextAsync("/galleries/find/subjects");
        Assert.Contains("60 subjects", first, StringComparison.Ordinal);
        Assert.Equal(50, Ids(first).Count);
        Assert.Equal("p-00", Ids(first)[0]);
        Assert.Contains("loading=\"lazy\"", first, StringComparison.Ordinal);
        var second = await client.TextAsync(Link(first, "next"));
        Assert.Equal(10, Ids(second).Count);
        Assert.Equal(Ids(first), Ids(await client.TextAsync(Link(second, "prev"))));

        string found;
        using (var asked = await client.SendAsync(
            "/galleries/find/subjects/search", ("id", "P-"), ("conditions", "town=Berlin\r\nbirth>=1990\r\n"), ("order", "newest")))
            found = asked.Headers.Location!.OriginalString;
        Assert.StartsWith("/galleries/find/subjects?id=P-&order=newest&among=", found, StringComparison.Ordinal);
        Assert.DoesNotContain("Berlin", found, StringComparison.Ordinal);
        var page = await client.TextAsync(found);
        Assert.Contains("20 subjects found", page, StringComparison.Ordinal);
        Assert.Equal("p-58", Ids(page)[0]);
        Assert.All(Ids(page), id => Assert.Equal("Berlin", gallery.FindSubject(id)!.Biographics["town"]));
        // The form has them again; the events have the keys alone.
        Assert.Contains("town=Berlin", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
        var events = service.Get<AuditLog>().Read(new AuditFilter { Kind = "subjects.sought", Gallery = "find" });
        Assert.Contains("\"keys\":[\"birth\",\"town\"]", Assert.Single(events).Payload, StringComparison.Ordinal);
        Assert.DoesNotContain("Berlin", events[0].Payload, StringComparison.Ordinal);

        // What is sealed for one is nothing for another, and what cannot be a condition is told.
        using var other = await KeeperAsync("find");
        using (var foreign = await other.GetAsync(found))
            Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
        using var senseless = await client.SendAsync("/galleries/find/subjects/search", ("conditions", "town"));
        using var told = await client.GetAsync(senseless.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.BadRequest, told.StatusCode);
        Assert.Contains("KEY=VALUE", await told.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("Nobody meets these", await client.TextAsync("/galleries/find/subjects?id=nobody"), StringComparison.Ordinal);
        // The fakes assess nothing, and the page says so rather than 0.
        Assert.Contains("No photo was assessed", await client.TextAsync("/galleries/find/subjects/quality"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_selection_is_removed_when_its_number_is_typed_and_each_removal_has_its_event()
    {
        using var client = await KeeperAsync("select");
        var gallery = await FilledAsync(client, "select", 4);
        (string, string)[] chosen = [("subject", "p-00"), ("subject", "p-02"), ("subject", "gone"), ("list", "order=newest")];
        using (var asked = await client.SendAsync("/galleries/select/subjects/selection", [.. chosen, ("do", "remove")]))
        {
            var page = await asked.Content.ReadAsStringAsync();
            Assert.Contains("Remove 2 subjects of select?", page, StringComparison.Ordinal);
            Assert.Equal(4, gallery.Summarize().Subjects);
        }
        foreach (var count in new[] { "", "3" })
        {
            using var careless = await client.SendAsync(
                "/galleries/select/subjects/removal", ("subject", "p-00"), ("subject", "p-02"), ("count", count));
            Assert.Equal(HttpStatusCode.BadRequest, careless.StatusCode);
        }
        using (var removed = await client.SendAsync(
            "/galleries/select/subjects/removal", ("subject", "p-00"), ("subject", "p-02"), ("count", "2"), ("list", "order=newest")))
            Assert.Equal(
                "/galleries/select/subjects?order=newest&done=subjects-removed", removed.Headers.Location!.OriginalString);
        Assert.Equal(["p-01", "p-03"], gallery.Subjects().Select(subject => subject.Id));
        Assert.Equal(2, service.Get<AuditLog>().Read(new AuditFilter { Kind = "subject.removed", Gallery = "select" }).Count);
        using var nothing = await client.SendAsync("/galleries/select/subjects/selection", ("do", "remove"));
        Assert.Equal(HttpStatusCode.BadRequest, nothing.StatusCode);
    }

    [Fact]
    public async Task An_exported_selection_is_one_that_an_import_takes_and_no_spreadsheet_runs()
    {
        using var client = await KeeperAsync("export");
        (await client.SendAsync("/galleries", ("name", "export"))).Dispose();
        var gallery = service.Get<OpenGalleries>().Get("export");
        byte[] photo = FakeImage.Picture("one", new FakeFace(1)), other = FakeImage.Picture("two", new FakeFace(2));
        await EnrolAsync(gallery, "../evil", photo, new() { ["name"] = "=HYPERLINK(\"x\")", ["town"] = "A, \"B\"" });
        await EnrolAsync(gallery, "b", other, new() { ["name"] = "Bert" });
        using var answer = await client.SendAsync(
            "/galleries/export/subjects/selection", ("subject", "b"), ("subject", "../evil"), ("do", "export"));
        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);

        using var zip = new ZipArchive(await answer.Content.ReadAsStreamAsync());
        Assert.Equal(
            ["photos/00001.ppm", "photos/00002.ppm", "subjects.jsonl", "subjects.csv"], zip.Entries.Select(entry => entry.FullName));
        Assert.Equal(photo, Bytes(zip, "photos/00001.ppm"));
        var table = System.Text.Encoding.UTF8.GetString(Bytes(zip, "subjects.csv"));
        Assert.Equal(
            "image,subject,source_url,name,town\r\nphotos/00001.ppm,../evil,,\"'=HYPERLINK(\"\"x\"\")\",\"A, \"\"B\"\"\"\r\n"
                + "photos/00002.ppm,b,,Bert,\r\n",
            table);
        var lines = System.Text.Encoding.UTF8.GetString(Bytes(zip, "subjects.jsonl")).TrimEnd().Split('\n');
        Assert.Equal(2, lines.Length);
        using var line = System.Text.Json.JsonDocument.Parse(lines[0]);
        Assert.Equal("=HYPERLINK(\"x\")", line.RootElement.GetProperty("biographics").GetProperty("name").GetString());

        // As it stands there, it is the metadata of an import.
        var folder = Directory.CreateDirectory(Path.Combine(service.Data, "again")).FullName;
        zip.ExtractToDirectory(folder);
        var entries = new MetadataSource(Path.Combine(folder, "subjects.csv")).Read().Cast<EnrolmentItem>().ToList();
        Assert.Equal(["../evil", "b"], entries.Select(entry => entry.Subject));
        Assert.Equal("A, \"B\"", entries[0].Metadata["town"]);
        var written = Assert.Single(service.Get<AuditLog>().Read(new AuditFilter { Kind = "subjects.exported", Gallery = "export" }));
        Assert.DoesNotContain("Bert", written.Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_subject_has_its_photos_biographics_and_links_on_one_page()
    {
        using var client = await KeeperAsync("links");
        (await client.SendAsync("/galleries", ("name", "linked"), ("profile", "fusion-center"))).Dispose();
        var gallery = service.Get<OpenGalleries>().Get("linked");
        await EnrolAsync(gallery, "a", FakeImage.Picture("a", new FakeFace(1)), new() { ["name"] = "<b>Anna</b>" });
        await EnrolAsync(gallery, "b", FakeImage.Picture("b", new FakeFace(2)), []);
        (await client.SendAsync("/galleries/linked/subjects/links", ("subject", "a"), ("other", "b"), ("note", "cousins"))).Dispose();
        var page = await client.TextAsync("/galleries/linked/subjects/record?subject=a&list=order%3Dnewest");
        Assert.Contains("&lt;b&gt;Anna&lt;/b&gt;", page, StringComparison.Ordinal);
        Assert.Contains("cousins", page, StringComparison.Ordinal);
        Assert.Contains("/galleries/linked/subjects?order=newest", page, StringComparison.Ordinal);
        (await client.SendAsync("/galleries/linked/subjects/links", ("subject", "b"), ("other", "a"), ("remove", "on"))).Dispose();
        Assert.Empty(gallery.Links("a"));
        using var absent = await client.GetAsync("/galleries/linked/subjects/record?subject=c");
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }

    [Fact]
    public async Task Of_a_photo_with_several_faces_the_one_is_enrolled_whose_number_is_given_or_each_for_itself()
    {
        using var client = await KeeperAsync("faces");
        (await client.SendAsync("/galleries", ("name", "faces"))).Dispose();
        var group = FakeImage.Picture("group", new FakeFace(1, Size: 100), new FakeFace(2, Size: 60));
        using (var refused = await client.SendAsync("/galleries/faces/enrol", true, [("image", group, "group.ppm")]))
        {
            var part = await refused.Content.ReadAsStringAsync();
            Assert.Contains("2 faces", part, StringComparison.Ordinal);
            Assert.Contains("data-enrol-face=\"2\"", part, StringComparison.Ordinal);
        }
        (await client.SendAsync(
            "/galleries/faces/enrol", true, [("image", group, "group.ppm")], ("subject", "small"), ("faceNumber", "2"))).Dispose();
        var gallery = service.Get<OpenGalleries>().Get("faces");
        Assert.Equal(2, gallery.FindSubject("small")!.Encounters.Single().Face);
        using (var beyond = await client.SendAsync(
            "/galleries/faces/enrol", true, [("image", group, "group.ppm")], ("subject", "none"), ("faceNumber", "3")))
            Assert.Contains("data-status=\"failed\"", await beyond.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        (await client.SendAsync("/galleries/faces/enrol", true, [("image", group, "each.ppm")], ("face", "each"))).Dispose();
        Assert.Equal(3, gallery.Summarize().Subjects);
    }

    private static byte[] Bytes(ZipArchive zip, string name)
    {
        using var memory = new MemoryStream();
        using (var entry = zip.GetEntry(name)!.Open())
            entry.CopyTo(memory);
        return memory.ToArray();
    }

    private static List<string> Ids(string page) =>
        [.. Regex.Matches(page, "name=\"subject\" value=\"([^\"]+)\"").Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))];

    private static string Link(string page, string rel) =>
        WebUtility.HtmlDecode(Regex.Match(page, $"<a href=\"([^\"]+)\" rel=\"{rel}\"").Groups[1].Value);

    private Task<PageClient> KeeperAsync(string organisation) => PageClient.SignedInAsync(service, organisation, Role.GalleryOwner);

    private async Task<Gallery> FilledAsync(PageClient client, string name, int subjects)
    {
        (await client.SendAsync("/galleries", ("name", name))).Dispose();
        var gallery = service.Get<OpenGalleries>().Get(name);
        await gallery.EnrolAsync(
            service.Extractor,
            new ListSource(Enumerable.Range(0, subjects).Select(i => new EnrolmentItem
            {
                Image = "memory",
                Subject = $"p-{i:00}",
                Content = FakeImage.Picture($"{name} {i}", new FakeFace(i + 1)),
                Metadata = new Dictionary<string, string> { ["town"] = i % 2 == 0 ? "Berlin" : "Bonn", ["birth"] = $"{1970 + i}" },
            })),
            NoAudit.Next, new EnrolmentOptions { KeepImages = true });
        return gallery;
    }

    private Task<EnrolmentReport> EnrolAsync(Gallery gallery, string subject, byte[] photo, Dictionary<string, string> metadata) =>
        gallery.EnrolAsync(
            service.Extractor,
            new ListSource([new EnrolmentItem { Image = "memory", Subject = subject, Content = photo, Metadata = metadata }]), NoAudit.Next,
            new EnrolmentOptions { KeepImages = true });
}
