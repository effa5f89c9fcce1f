using System.Net;
using System.Security.Cryptography;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Pages;

public class PageFormTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task A_form_without_the_token_of_its_page_is_refused()
    {
        using var client = await PageClient.SignedInAsync(service, "forms", Role.ServiceAdministrator);
        using var other = await PageClient.SignedInAsync(service, "forms", Role.ServiceAdministrator);
        var foreign = await other.TokenAsync();
        foreach (var token in new[] { "", "nonsense", foreign })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/organisations")
            {
                Content = new FormUrlEncodedContent([new("token", token), new("id", "stolen"), new("name", "Stolen")]),
            };
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }
        Assert.Null(service.Get<IOrganisations>().Find("stolen"));
        using var own = await client.SendAsync("/organisations", ("id", "own"), ("name", "Own"));
        Assert.Equal(HttpStatusCode.Redirect, own.StatusCode);
        Assert.NotNull(service.Get<IOrganisations>().Find("own"));
    }

    [Fact]
    public async Task A_probe_sent_by_a_page_goes_to_no_disk_and_no_log_and_its_buffers_are_cleared()
    {
        using var client = await PageClient.SignedInAsync(service, "page-probe", Role.Agent, Role.GalleryOwner, Role.ServiceAdministrator);
        using (var created = await client.SendAsync("/galleries", ("name", "page-probe")))
            Assert.Equal("/galleries/page-probe?done=gallery-created", created.Headers.Location!.OriginalString);
        using (var enrolled = await client.SendAsync("/galleries/page-probe/enrol", true, [
            ("image", FakeImage.Picture("", new FakeFace(1)), "one.ppm"), ("image", FakeImage.Picture("", new FakeFace(2)), "two.ppm"),
            ("image", "no photo"u8.ToArray(), "text.jpg")]))
        {
            var results = await enrolled.Content.ReadAsStringAsync();
            Assert.Equal(2, results.Split("data-status=\"enrolled\"").Length - 1);
            Assert.Equal(1, results.Split("data-status=\"failed\"").Length - 1);
        }

        // Above the size from which the framework's own form reader writes to a temporary file.
        var mark = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var probe = FakeImage.Salted(string.Concat(Enumerable.Repeat(mark, 16_000)), new FakeFace(2, Variation: 3));
        Assert.True(probe.Length > 400_000);
        foreach (var fragment in new[] { true, false })
        {
            using var found = await client.SendAsync("/search", fragment, [("image", probe, "probe.jpg")],
                ("gallery", "page-probe"), ("caseNumber", "C-1"), ("basis", "18 USC 1956"), ("requester", "Agent Smith"));
            var list = await found.Content.ReadAsStringAsync();
            Assert.True(found.StatusCode == HttpStatusCode.OK, list);
            Assert.Equal(!fragment, list.Contains("<html", StringComparison.Ordinal));
            Assert.True(list.IndexOf("id=\"rank-1\"", StringComparison.Ordinal) < list.IndexOf(">two<", StringComparison.Ordinal));
            Assert.True(list.IndexOf(">two<", StringComparison.Ordinal) < list.IndexOf("id=\"rank-2\"", StringComparison.Ordinal));
            Assert.Contains("not a positive identification", list, StringComparison.Ordinal);
            Assert.Contains("Probe deleted", list, StringComparison.Ordinal);
            Assert.True(found.Headers.CacheControl!.NoStore);
        }
        Assert.True(service.Buffers.AllClear());
        Assert.DoesNotContain(mark, service.Log.Text, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(service.Data, "*", SearchOption.AllDirectories))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            var read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            Assert.True(bytes.AsSpan(0, read).IndexOf(System.Text.Encoding.ASCII.GetBytes(mark)) < 0, file);
        }
    }

    [Fact]
    public async Task A_photo_without_a_name_of_a_file_does_not_become_a_text()
    {
        using var client = await PageClient.SignedInAsync(service, "nameless", Role.Agent);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(await client.TokenAsync()), "token" },
            { new ByteArrayContent(new byte[100_000]), "image" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/search") { Content = form };
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("comes as a file", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var large = await client.SendAsync("/terms", ("profile", new string('x', 1_000_000)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.True(service.Buffers.AllClear());
    }

    [Fact]
    public async Task A_probe_that_gives_no_template_is_refused_with_its_faces_and_keeps_nothing()
    {
        using var client = await PageClient.SignedInAsync(service, "several", Role.Agent, Role.GalleryOwner, Role.ServiceAdministrator);
        (await client.SendAsync("/galleries", ("name", "several"))).Dispose();
        using var refused = await client.SendAsync(
            "/search", true, [("image", FakeImage.Of(new FakeFace(1), new FakeFace(2, Size: 50)), "group.jpg")],
            ("gallery", "several"), ("caseNumber", "C-1"), ("basis", "b"), ("requester", "r"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var told = await refused.Content.ReadAsStringAsync();
        Assert.Contains("data-problem=\"multiple_faces\"", told, StringComparison.Ordinal);
        Assert.Contains("value=\"2\" data-face-box=", told, StringComparison.Ordinal);
        Assert.True(service.Buffers.AllClear());
        // The button of a face stands behind the choice in the form.
        using var chosen = await client.SendAsync(
            "/search", true, [("image", FakeImage.Of(new FakeFace(1), new FakeFace(2, Size: 50)), "group.jpg")],
            ("face", ""), ("gallery", "several"), ("caseNumber", "C-1"), ("basis", "b"), ("requester", "r"), ("face", "2"));
        Assert.Equal(HttpStatusCode.OK, chosen.StatusCode);
    }
}
