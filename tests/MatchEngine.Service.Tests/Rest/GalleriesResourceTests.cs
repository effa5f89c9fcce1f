using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Operations;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Sqlite;

namespace MatchEngine.Service.Tests.Rest;

public class GalleriesResourceTests(TestService service) : IClassFixture<TestService>
{
    [Fact]
    public async Task Photos_are_enrolled_each_with_its_result_and_again_changes_nothing()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("enrol");
        Task<HttpResponseMessage> Post() => admin.PostAsync("/v1/galleries/enrol/subjects/A/encounters", Requests.Form(
            null,
            ("image", FakeImage.Picture("1", new FakeFace(1)), "one.jpg"),
            ("image", FakeImage.Failing(MatchEngine.Faces.AcquisitionFailure.NoFace), "two.jpg"),
            ("image", FakeImage.Picture("3", new FakeFace(1, 2)), "three.jpg")));
        var first = await Post().Json(201);
        Assert.Equal(
            ["enrolled", "failed", "enrolled"],
            first.GetProperty("photos").EnumerateArray().Select(photo => photo.GetProperty("status").GetString()));
        Assert.Equal("no_face", first.GetProperty("photos")[1].GetProperty("code").GetString());
        Assert.Equal("two.jpg", first.GetProperty("photos")[1].GetProperty("image").GetString());
        var second = await Post().Json(200);
        Assert.Equal(2, second.GetProperty("duplicates").GetInt32());
        Assert.Equal(
            first.GetProperty("photos")[0].GetProperty("encounterId").GetString(),
            second.GetProperty("photos")[0].GetProperty("encounterId").GetString());
        Assert.Equal("no_face", await admin.PostAsync(
            "/v1/galleries/enrol/subjects/B/encounters",
            Requests.Form(null, ("image", FakeImage.Failing(MatchEngine.Faces.AcquisitionFailure.NoFace), "x"))).Code(422));
        var base64 = new
        {
            image = new[] { Convert.ToBase64String(FakeImage.Picture("4", new FakeFace(2))) },
            metadata = new { name = "B" },
        };
        await admin.PostAsJsonAsync("/v1/galleries/enrol/subjects/B/encounters", base64).Json(201);
        Assert.Equal("B", (await admin.GetAsync("/v1/galleries/enrol/subjects/B").Json())
            .GetProperty("biographics").GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_gallery_of_a_model_that_is_not_here_is_the_requests_fault_and_names_no_file()
    {
        using var admin = service.Admin();
        using var answer = await admin.PostAsJsonAsync("/v1/galleries", new { name = "modelled", model = "nope" });
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("bad_value", problem.GetProperty("code").GetString());
        Assert.Equal("model: this service has no embedder 'nope'", problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_candidate_shows_the_enlarged_crop_of_its_face()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("crops");
        await admin.EnrolAsync("crops", "A", FakeImage.Picture("", new FakeFace(1)));
        var crop = (await admin.SearchAsync(FakeImage.Of(new FakeFace(1)), "crops"))
            .GetProperty("candidates")[0].GetProperty("crop").GetString();
        using var answer = await admin.GetAsync(crop);
        Assert.Equal("image/jpeg", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal([0xFF, 0xD8], (await answer.Content.ReadAsByteArrayAsync())[..2]);
    }

    [Fact]
    public async Task A_subject_is_corrected_and_what_is_removed_is_not_found_by_the_next_search()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("removal");
        for (var i = 1; i <= 3; i++)
            await admin.EnrolAsync(
                "removal", $"P{i}", FakeImage.Picture("", new FakeFace(i)), new { metadata = new { name = $"N{i}", wrong = "x" } });
        var corrected = await admin.PatchAsJsonAsync(
            "/v1/galleries/removal/subjects/P1", new { set = new { name = "Right" }, remove = new[] { "wrong" } }).Json();
        Assert.Equal("""{"name":"Right"}""", corrected.GetProperty("biographics").GetRawText());
        for (var i = 1; i <= 2; i++)
        {
            await admin.DeleteAsync($"/v1/galleries/removal/subjects/P{i}").Json(204);
            var found = (await admin.SearchAsync(FakeImage.Of(new FakeFace(i)), "removal")).GetProperty("candidates").EnumerateArray()
                .Select(c => c.GetProperty("subjectId").GetString());
            Assert.DoesNotContain($"P{i}", found);
            await admin.GetAsync($"/v1/galleries/removal/subjects/P{i}").Code(404);
        }
        var page = await admin.GetAsync("/v1/galleries/removal/subjects?count=1").Json();
        Assert.Equal("P3", Assert.Single(page.GetProperty("subjects").EnumerateArray()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Another_organisation_searches_what_it_may_and_sees_what_it_may()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("shared");
        await admin.CreateGalleryAsync("private");
        await admin.EnrolAsync(
            "shared", "A", FakeImage.Picture("s", new FakeFace(1)), new { metadata = new { name = "N", address = "secret street" } });
        await admin.EnrolAsync("private", "B", FakeImage.Picture("p", new FakeFace(1)));
        using var agent = service.As("neighbour", Role.Agent);
        using var keeper = service.As("neighbour", Role.GalleryOwner);
        await agent.PostAsync(
            "/v1/searches", Requests.Form(new { purpose = Requests.Purpose }, ("image", FakeImage.Of(new FakeFace(1)), "p"))).Code(404);
        await admin.ShareAsync(service, "shared", "neighbour", new { fields = new[] { "name" } });

        var answer = await agent.PostAsync(
            "/v1/searches", Requests.Form(new { purpose = Requests.Purpose }, ("image", FakeImage.Of(new FakeFace(1)), "p"))).Json();
        var candidate = Assert.Single(answer.GetProperty("candidates").EnumerateArray());
        Assert.Equal("A", candidate.GetProperty("subjectId").GetString());
        Assert.DoesNotContain("secret street", answer.GetRawText());
        await agent.SearchCodeAsync("private", 404);
        Assert.Equal(
            ["shared"], (await agent.GetAsync("/v1/galleries").Json()).EnumerateArray().Select(g => g.GetProperty("name").GetString()));
        await keeper.GetAsync("/v1/galleries/shared/subjects").Code(404);
        await keeper.DeleteAsync("/v1/galleries/shared").Code(404);

        await admin.DeleteAsync("/v1/galleries/shared/permissions/neighbour").Json(204);
        await agent.SearchCodeAsync("shared", 404);
    }

    [Fact]
    public async Task Only_an_administrator_approves_a_gallery_for_all()
    {
        using var keeper = service.As("local", Role.GalleryOwner);
        Assert.False((await keeper.CreateGalleryAsync("own")).GetProperty("approved").GetBoolean());
        await keeper.PatchAsJsonAsync("/v1/galleries/own", new { approved = true }).Code(403);
        using var admin = service.Admin();
        Assert.True((await admin.PatchAsJsonAsync("/v1/galleries/own", new { approved = true, retention = new { days = 30 } }).Json())
            .GetProperty("approved").GetBoolean());
        await keeper.PostAsJsonAsync("/v1/galleries", new { name = "own" }).Code(409);
        await keeper.PostAsJsonAsync("/v1/galleries", new { name = "../up" }).Code(400);
        await keeper.PostAsJsonAsync("/v1/galleries", new { name = "odd", profile = "none" }).Code(400);
        await keeper.DeleteAsync("/v1/galleries/own").Json(204);
        await keeper.GetAsync("/v1/galleries/own").Code(404);
    }

    [Fact]
    public async Task A_gallery_is_exported_and_restored_under_another_name()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("source");
        await admin.EnrolAsync("source", "A", FakeImage.Picture("", new FakeFace(1)), new { metadata = new { name = "N" } });
        var archive = await admin.GetByteArrayAsync("/v1/galleries/source/export");
        Task<HttpResponseMessage> Restore(byte[] bytes, string name) => admin.PostAsync(
            $"/v1/galleries/{name}/restoration",
            new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } });
        await Restore(archive, "copy").Json(201);
        Assert.Equal("N", (await admin.SearchAsync(FakeImage.Of(new FakeFace(1)), "copy")).GetProperty("candidates")[0]
            .GetProperty("biographics").GetProperty("name").GetString());
        await Restore(archive, "copy").Code(409);
        await Restore(archive[..^100], "cut").Code(422);
        Assert.Empty(Directory.GetFiles(service.Data, "restoring-*"));
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("../../profile")]
    [InlineData("somebody-elses")]
    public async Task A_profile_that_an_archive_names_is_looked_up_by_its_name_alone(string profile)
    {
        using var elsewhere = new TemporaryFolder();
        var catalog = SqliteDataFolder.Open(elsewhere);
        catalog.Create("g", service.Extractor.Model, NoAudit.Record, new GalleryProperties { Profile = profile }).Dispose();
        using var archive = new MemoryStream();
        catalog.Export("g", archive);
        using var admin = service.Admin();

        Assert.Equal("bad_value", await admin.PostAsync(
            "/v1/galleries/named-by-path/restoration",
            new ByteArrayContent(archive.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } }).Code(400));

        await admin.GetAsync("/v1/galleries/named-by-path").Code(404);
        Assert.Empty(Directory.GetFiles(service.Data, "restoring-*"));
    }

    [Fact]
    public async Task A_gallery_with_a_profile_that_is_a_path_is_not_searched_and_hides_no_other()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("seen");
        await admin.EnrolAsync("seen", "A", FakeImage.Picture("", new FakeFace(41)));
        // As an earlier version restored it: the path of a profile that could be read.
        var file = service.Folder.Sub("own.json");
        using (var json = typeof(Profile).Assembly.GetManifestResourceStream("Profiles.default.json")!)
        using (var copy = File.Create(file))
            await json.CopyToAsync(copy);
        SqliteDataFolder.Open(service.Data)
            .Create("by-path", service.Extractor.Model, NoAudit.Record, new GalleryProperties { Profile = file }).Dispose();
        try
        {
            var all = await admin.SearchAsync(FakeImage.Of(new FakeFace(41)));
            Assert.Contains(
                "A", all.GetProperty("candidates").EnumerateArray().Select(found => found.GetProperty("subjectId").GetString()));
            Assert.Equal("bad_value", await admin.SearchCodeAsync("by-path", 400));
        }
        finally
        {
            await admin.DeleteAsync("/v1/galleries/by-path").Json(204);
        }
    }

    [Fact]
    public async Task A_gallery_that_cannot_be_read_is_listed_with_its_problem_for_those_who_see_all_and_hides_no_other()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("whole");
        var broken = Directory.CreateDirectory(Path.Combine(service.Data, "galleries", "broken")).FullName;
        await File.WriteAllTextAsync(Path.Combine(broken, "gallery.db"), "no database at all, whatever its name says");
        try
        {
            var listed = (await admin.GetAsync("/v1/galleries").Json()).EnumerateArray()
                .ToDictionary(gallery => gallery.GetProperty("name").GetString()!, gallery => gallery.GetProperty("problem").GetString());
            Assert.Equal(("store_damaged", null), (listed["broken"], listed["whole"]));
            using var owner = service.As("local", Role.GalleryOwner);
            Assert.DoesNotContain("broken", (await owner.GetAsync("/v1/galleries").Json()).ToString(), StringComparison.Ordinal);
            await admin.SearchAsync(FakeImage.Of(new FakeFace(1)));
        }
        finally
        {
            Directory.Delete(broken, recursive: true);
        }
    }

    [Fact]
    public async Task An_import_stays_in_its_organisations_folder_whatever_its_rows_name()
    {
        var secret = FakeImage.Picture("secret", new FakeFace(77));
        var imports = Path.Combine(service.Data, "imports");
        var own = Directory.CreateDirectory(Path.Combine(imports, "local", "ways")).FullName;
        var others = Directory.CreateDirectory(Path.Combine(imports, "others")).FullName;
        foreach (var outside in (string[])[Path.Combine(service.Data, "secret.ppm"), Path.Combine(others, "secret.ppm")])
            await File.WriteAllBytesAsync(outside, secret);
        await File.WriteAllBytesAsync(Path.Combine(own, "good.ppm"), FakeImage.Picture("good", new FakeFace(78)));
        File.CreateSymbolicLink(Path.Combine(own, "link.ppm"), Path.Combine(service.Data, "secret.ppm"));
        Directory.CreateSymbolicLink(Path.Combine(own, "folder"), others);
        string[] ways =
        [
            Path.Combine(service.Data, "secret.ppm"), "../../../secret.ppm", "../../others/secret.ppm", "link.ppm", "folder/secret.ppm",
            "/etc/passwd", "/dev/zero", "absent.ppm", "../absent.ppm",
        ];
        await File.WriteAllTextAsync(
            Path.Combine(own, "rows.csv"),
            "image,subject\ngood.ppm,good\n" + string.Concat(ways.Select((way, i) => $"{way},out{i}\n")));
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("ways");

        var (rows, text) = await ImportedAsync(admin, new { metadata = "ways/rows.csv" });
        var (files, more) = await ImportedAsync(admin, new { folder = "ways" });

        Assert.Equal((1, ways.Length), (rows.GetProperty("enrolled").GetInt32(), rows.GetProperty("failed").GetInt32()));
        // One text, whether something is there or not.
        Assert.Single(rows.GetProperty("failures").EnumerateArray()
            .Select(failure => failure.GetProperty("detail").GetString()!.Split(": ", 2)[1]).Distinct());
        Assert.Equal((1, 1), (files.GetProperty("duplicates").GetInt32() + files.GetProperty("enrolled").GetInt32(),
            files.GetProperty("failed").GetInt32()));
        Assert.DoesNotContain(service.Data, text + more, StringComparison.Ordinal);
        foreach (var outside in (string[])["../others", "../../imports/others", others, "ways/folder"])
            await admin.PostAsJsonAsync("/v1/galleries/ways/imports", new { folder = outside }).Code(400);
        using var gallery = SqliteDataFolder.Open(service.Data).Open("ways");
        Assert.DoesNotContain(
            gallery.Subjects().SelectMany(subject => subject.Encounters),
            encounter => encounter.Image.Contains(service.Data, StringComparison.Ordinal)
                || encounter.ImageSha256 == Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(secret)));

        static async Task<(JsonElement Progress, string Text)> ImportedAsync(HttpClient client, object request)
        {
            var operation = (await client.PostAsJsonAsync("/v1/galleries/ways/imports", request).Json(202)).GetProperty("id").GetString();
            while (true)
            {
                var now = await client.GetAsync($"/v1/operations/{operation}").Json();
                if (now.GetProperty("state").GetString() is not ("queued" or "running"))
                    return (now.GetProperty("progress"), now.ToString());
                await Task.Delay(5);
            }
        }
    }

    [Fact]
    public async Task An_import_goes_on_after_its_answer_and_a_second_one_finds_all_enrolled()
    {
        var folder = Path.Combine(service.Data, "imports", "local", "batch");
        Directory.CreateDirectory(folder);
        for (var i = 1; i <= 12; i++)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"person{i}.ppm"), FakeImage.Picture("", new FakeFace(i)));
        await File.WriteAllBytesAsync(Path.Combine(folder, "broken.jpg"), Encoding.ASCII.GetBytes("no image"));
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("bulk");
        async Task<JsonElement> Run()
        {
            var operation = (await admin.PostAsJsonAsync("/v1/galleries/bulk/imports", new { folder = "batch" }).Json(202))
                .GetProperty("id").GetString();
            while (true)
            {
                var now = await admin.GetAsync($"/v1/operations/{operation}").Json();
                if (now.GetProperty("state").GetString() is not ("queued" or "running"))
                    return now;
                await Task.Delay(5);
            }
        }
        var first = await Run();
        Assert.Equal("done", first.GetProperty("state").GetString());
        Assert.Equal((12, 1, 13), (first.GetProperty("progress").GetProperty("enrolled").GetInt32(),
            first.GetProperty("progress").GetProperty("failed").GetInt32(), first.GetProperty("progress").GetProperty("total").GetInt32()));
        var second = await Run();
        Assert.Equal((0, 12), (second.GetProperty("progress").GetProperty("enrolled").GetInt32(), second.GetProperty("progress")
            .GetProperty("duplicates").GetInt32()));
        foreach (var outside in (string[])["..", "../..", "/etc", "batch/../..", "absent"])
            await admin.PostAsJsonAsync("/v1/galleries/bulk/imports", new { folder = outside }).Code(400);
    }

    [Fact]
    public async Task An_interrupted_import_is_taken_up_at_the_next_start()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("resumed");
        var folder = Path.Combine(service.Data, "imports", "local", "resume");
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, "a.ppm"), FakeImage.Picture("", new FakeFace(1)));
        var account = (await admin.GetAsync("/v1/session").Json()).GetProperty("account").GetString()!;
        // As a killed service leaves it: running, with nobody who runs it.
        var operations = service.Get<IOperations>();
        var left = operations.Add(BookChange.None, Operation.Import, "resumed", account, new Frs.Importing.ImportRequest("resume"));
        operations.Begin(left.Id);
        var runner = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<ImportRunner>(service.App.Services);
        await runner.StartAsync(CancellationToken.None);
        while (operations.Find(left.Id)!.State is OperationState.Running)
            await Task.Delay(5);
        await runner.StopAsync(CancellationToken.None);
        Assert.Equal(OperationState.Done, operations.Find(left.Id)!.State);
        Assert.Equal(1, (await admin.GetAsync("/v1/galleries/resumed").Json()).GetProperty("subjects").GetInt32());
    }

    [Fact]
    public async Task Logs_hold_no_biographics_names_of_files_or_subjects()
    {
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("logged");
        const string marked = "Marked-Person-5e1d";
        await admin.PostAsync($"/v1/galleries/logged/subjects/{marked}/encounters", Requests.Form(
            new { metadata = new { name = marked } }, ("image", FakeImage.Picture(marked, new FakeFace(1)), $"{marked}.jpg"))).Json(201);
        await admin.SearchAsync(FakeImage.Of(new FakeFace(1)), "logged");
        await admin.GetAsync($"/v1/galleries/logged/subjects/{marked}").Json();
        await admin.GetAsync($"/v1/galleries/logged/subjects/{marked}?{marked}={marked}").Code(400);
        await admin.GetAsync($"/v1/galleries/logged/subjects/{marked}/encounters/{marked}").Code(404);
        await admin.PatchAsJsonAsync($"/v1/galleries/logged/subjects/{marked}", new { set = new { name = marked + "2" } }).Json();
        await admin.PostAsync($"/v1/{marked}", null).Code(404);
        await admin.DeleteAsync($"/v1/galleries/logged/subjects/{marked}").Json(204);
        Assert.Contains("/v1/galleries/{gallery}/subjects/{subject}", service.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(marked, service.Log.Text, StringComparison.Ordinal);
    }
}

/// <summary>Searches of which only the refusal matters.</summary>
internal static class SearchRefusals
{
    public static Task<string> SearchCodeAsync(this HttpClient client, string gallery, int expected) =>
        client.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { gallery }, purpose = Requests.Purpose },
            ("image", FakeImage.Of(new FakeFace(1)), "p"))).Code(expected);
}
