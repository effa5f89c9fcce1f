using System.Text;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.DropFolder;

public sealed class DropFolderRoundTests
{
    private static readonly byte[] Probe = FakeImage.Salted(MixedLoad.Marker, new FakeFace(1));

    private static string Request(object? more = null) => JsonSerializer.Serialize(more ?? new
    {
        galleries = new[] { "people" }, listLength = 2, purpose = Requests.Purpose,
    });

    private static async Task<Dropping> StartAsync()
    {
        var service = new Dropping();
        await service.ReadyAsync();
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("people");
        for (var i = 1; i < 4; i++)
            await admin.EnrolAsync("people", $"S{i}", FakeImage.Picture($"{i}", new FakeFace(i)));
        (service.Account, service.Key) = service.KeyOf("local", Role.Agent);
        service.Get<ServiceSettings>().DropAccount = service.Account;
        return service;
    }

    private static async Task<JsonElement> AnswerAsync(string file)
    {
        for (var waiting = 0; waiting < 3000; waiting++)
        {
            if (File.Exists(file + ".answer.json"))
                return JsonDocument.Parse(await File.ReadAllBytesAsync(file + ".answer.json")).RootElement;
            await Task.Delay(20);
        }
        Assert.Fail($"no answer to {Path.GetFileName(file)}");
        return default;
    }

    [Fact]
    public async Task A_photo_with_its_request_is_searched_for_whoever_asks_removed_and_answered()
    {
        await using var service = await StartAsync();
        var photo = Path.Combine(service.Drop, "case 17.jpg");
        await File.WriteAllTextAsync(Path.ChangeExtension(photo, ".json"), Request());
        // Half a file waits for its other half.
        await File.WriteAllBytesAsync(photo, Probe[..^10]);
        await File.WriteAllBytesAsync(photo, Probe);
        var answer = await AnswerAsync(photo);
        Assert.Equal(200, answer.GetProperty("status").GetInt32());
        Assert.Equal("S1", answer.GetProperty("answer").GetProperty("candidates")[0].GetProperty("subjectId").GetString());
        Assert.Equal("deleted", answer.GetProperty("answer").GetProperty("receipt").GetProperty("status").GetString());
        Assert.Equal(["case 17.jpg.answer.json"], Directory.GetFiles(service.Drop).Select(Path.GetFileName));
        Assert.False(FolderBytes.Contain(service.Folder.Sub("data"), Encoding.UTF8.GetBytes(MixedLoad.Marker)));
        Assert.True(service.Buffers.AllClear());

        // Both are named: who entered it, and on whose behalf.
        using var auditor = service.As("local", Role.ServiceAuditor);
        var search = (await auditor.GetAsync("/v1/audit?kind=search").Json()).GetProperty("events")[0];
        Assert.Equal(service.Account, search.GetProperty("actor").GetString());
        Assert.Equal("Agent Smith", search.GetProperty("payload").GetProperty("purpose").GetProperty("requester").GetString());

        using var client = service.Client(service.Key);
        for (var again = 0; again < 2; again++)
            Assert.Equal(
                answer.GetProperty("answer").GetProperty("searchId").GetString(),
                (await client.GetAsync($"/v1/operations/{answer.GetProperty("operation").GetString()}/result").Json())
                    .GetProperty("searchId").GetString());
    }

    [Fact]
    public async Task An_answer_whose_submission_is_gone_gets_its_name_and_one_that_is_there_is_searched_again_once()
    {
        await using var service = await StartAsync();
        var photo = Path.Combine(service.Drop, "again.jpg");
        await File.WriteAllTextAsync(Path.ChangeExtension(photo, ".json"), Request());
        await File.WriteAllBytesAsync(photo, Probe);
        var answer = (await AnswerAsync(photo)).GetRawText();
        // As a kill leaves it: the answer written, the submission gone or there.
        File.Move(photo + ".answer.json", photo + ".answer.json.part");
        service.Get<Service.DropFolder.DropFolderRound>().Begin();
        Assert.Equal(answer, (await AnswerAsync(photo)).GetRawText());
        await File.WriteAllTextAsync(Path.ChangeExtension(photo, ".json"), Request());
        await File.WriteAllBytesAsync(photo, Probe);
        while (File.Exists(photo))
            await Task.Delay(20);
        Assert.Equal(answer, (await AnswerAsync(photo)).GetRawText());
        using var auditor = service.As("local", Role.ServiceAuditor);
        Assert.Equal(1, (await auditor.GetAsync("/v1/audit?kind=search").Json()).GetProperty("events").GetArrayLength());
        // Another request for the same photo is another one.
        await File.WriteAllTextAsync(
            Path.ChangeExtension(photo, ".json"),
            Request(new { galleries = new[] { "people" }, listLength = 1, purpose = Requests.Purpose }));
        await File.WriteAllBytesAsync(photo, Probe);
        while (File.Exists(photo))
            await Task.Delay(20);
        for (var waiting = 0; waiting < 500 && (await AnswerAsync(photo)).GetRawText() == answer; waiting++)
            await Task.Delay(20);
        Assert.Equal(1, (await AnswerAsync(photo)).GetProperty("answer").GetProperty("listLength").GetInt32());
    }

    [Fact]
    public async Task What_cannot_be_searched_is_refused_beside_it_and_links_are_not_followed()
    {
        await using var service = await StartAsync();
        var secret = Path.Combine(service.Folder.Path, "secret.jpg");
        await File.WriteAllBytesAsync(secret, Probe);
        string Put(string name, byte[]? bytes, string? json)
        {
            var file = Path.Combine(service.Drop, name);
            if (json is not null)
                File.WriteAllText(Path.ChangeExtension(file, ".json"), json);
            if (bytes is not null)
                File.WriteAllBytes(file, bytes);
            return file;
        }

        var link = Put("link.jpg", null, Request());
        File.CreateSymbolicLink(link, secret);
        var linked = Path.Combine(service.Drop, "linked.jpg");
        File.WriteAllBytes(linked, Probe);
        File.WriteAllText(Path.Combine(service.Folder.Path, "secret.json"), Request());
        File.CreateSymbolicLink(Path.ChangeExtension(linked, ".json"), Path.Combine(service.Folder.Path, "secret.json"));
        (string File, int Status, string Code)[] refused =
        [
            (link, 400, "bad_value"), (linked, 400, "bad_value"),
            (Put("huge.jpg", new byte[(2 << 20) + 1], Request()), 400, "bad_value"),
            (Put("empty.jpg", [], Request()), 400, "bad_value"),
            (Put("no-face.png", FakeImage.Picture("nobody"), Request()), 422, "no_face"),
            (Put("misspelt.png", Probe, """{"scoreFlor": 1}"""), 400, "bad_request"),
            (Put("nobody.png", Probe, Request(new { galleries = new[] { "people" }, purpose = new { caseNumber = "C-1" } })),
                400, "bad_value"),
            (Put("unknown.png", Probe, Request(new { galleries = new[] { "none" }, purpose = Requests.Purpose })), 404, "not_found"),
            (Put("broken.an2", "1.001:garbage"u8.ToArray(), Request()), 415, "unsupported"),
            (Put("no-request.png", Probe, ""), 400, "bad_value"),
            (Put("half.png", Probe, """{"galleries":["\ud800"]}"""), 400, "bad_request"),
        ];
        foreach (var (file, status, code) in refused)
        {
            var answer = await AnswerAsync(file);
            Assert.True(
                (answer.GetProperty("status").GetInt32(), answer.GetProperty("answer").GetProperty("code").GetString()) == (status, code),
                $"{Path.GetFileName(file)}: {answer.GetRawText()}");
            Assert.False(Path.Exists(file), file);
        }
        Assert.Equal(Probe, await File.ReadAllBytesAsync(secret));
        Assert.DoesNotContain(Directory.GetFiles(service.Drop), file => !file.EndsWith(".answer.json", StringComparison.Ordinal));
        Assert.True(service.Buffers.AllClear());

        var longest = Path.Combine(service.Drop, new string('n', 240) + ".jpg");
        await File.WriteAllTextAsync(Path.ChangeExtension(longest, ".json"), Request());
        await File.WriteAllBytesAsync(longest, Probe);
        for (var waiting = 0; waiting < 1500 && Directory.GetFiles(service.Drop, "*.answer.json").Length == refused.Length; waiting++)
            await Task.Delay(20);
        Assert.False(File.Exists(longest));
        Assert.Equal(refused.Length + 1, Directory.GetFiles(service.Drop, "*.answer.json").Length);
    }

    [Fact]
    public async Task A_request_with_the_mark_of_its_encoding_is_read_and_a_misspelt_member_is_told_what_is_known()
    {
        await using var service = await StartAsync();
        var photo = Path.Combine(service.Drop, "marked.jpg");
        await File.WriteAllBytesAsync(
            Path.ChangeExtension(photo, ".json"), [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(Request())]);
        await File.WriteAllBytesAsync(photo, Probe);
        Assert.Equal(200, (await AnswerAsync(photo)).GetProperty("status").GetInt32());
        var misspelt = Path.Combine(service.Drop, "misspelt.jpg");
        await File.WriteAllTextAsync(Path.ChangeExtension(misspelt, ".json"), """{"scoreFlor": 1}""");
        await File.WriteAllBytesAsync(misspelt, Probe);
        Assert.Contains(
            "scoreFloor", (await AnswerAsync(misspelt)).GetProperty("answer").GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_laid_is_laid_later_and_the_search_is_made_once()
    {
        await using var service = await StartAsync();
        var photo = Path.Combine(service.Drop, "blocked.jpg");
        Directory.CreateDirectory(photo + ".answer.json.part");
        await File.WriteAllTextAsync(Path.ChangeExtension(photo, ".json"), Request());
        await File.WriteAllBytesAsync(photo, Probe);
        using var auditor = service.As("local", Role.ServiceAuditor);
        for (var waiting = 0; waiting < 1500 && await SearchesAsync() == 0; waiting++)
            await Task.Delay(20);
        // Some rounds later.
        await Task.Delay(3000);
        Assert.Equal(1, await SearchesAsync());
        Directory.Delete(photo + ".answer.json.part");
        Assert.Equal(200, (await AnswerAsync(photo)).GetProperty("status").GetInt32());
        Assert.Equal(1, await SearchesAsync());

        async Task<int> SearchesAsync() =>
            (await auditor.GetAsync("/v1/audit?kind=search").Json()).GetProperty("events").GetArrayLength();
    }

    [Fact]
    public async Task Another_photo_that_is_laid_in_the_place_of_one_that_is_searched_has_its_own_turn()
    {
        await using var service = await StartAsync();
        var photo = Path.Combine(service.Drop, "replaced.jpg");
        // Its answer cannot be laid before the other photo is there.
        Directory.CreateDirectory(photo + ".answer.json.part");
        await File.WriteAllTextAsync(Path.ChangeExtension(photo, ".json"), Request());
        await File.WriteAllBytesAsync(photo, Probe);
        using var auditor = service.As("local", Role.ServiceAuditor);
        for (var waiting = 0; waiting < 1500; waiting++)
        {
            if ((await auditor.GetAsync("/v1/audit?kind=search").Json()).GetProperty("events").GetArrayLength() > 0)
                break;
            await Task.Delay(20);
        }
        await File.WriteAllBytesAsync(photo, FakeImage.Picture("another", new FakeFace(2)));
        Directory.Delete(photo + ".answer.json.part");
        while (File.Exists(photo))
            await Task.Delay(20);
        for (var waiting = 0; waiting < 1500 && await FirstAsync() != "S2"; waiting++)
            await Task.Delay(20);
        Assert.Equal("S2", await FirstAsync());

        async Task<string?> FirstAsync() => (await AnswerAsync(photo)).GetProperty("answer").GetProperty("candidates")[0]
            .GetProperty("subjectId").GetString();
    }

    private sealed class Dropping : TestService
    {
        public string Drop => Folder.Sub("drop");

        public string Account { get; set; } = "";

        public string Key { get; set; } = "";

        internal override ServiceSettings Settings()
        {
            Directory.CreateDirectory(Drop);
            var settings = base.Settings();
            settings.DropFolder = Drop;
            return settings;
        }
    }
}
