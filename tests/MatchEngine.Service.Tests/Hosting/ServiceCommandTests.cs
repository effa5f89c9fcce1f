using System.Diagnostics;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Hosting;

/// <summary>The service as a user starts it: a process of its own, with the real networks.</summary>
public sealed class ServiceCommandTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_first_start_prints_address_and_key_and_a_real_photo_is_enrolled_and_found()
    {
        using var folder = new TemporaryFolder();
        using var process = Start(folder, out var lines);
        try
        {
            var (key, address) = (Word(lines, "Administrator key"), Word(lines, "MatchEngine service"));
            using var client = new HttpClient { BaseAddress = new Uri(address) };
            client.DefaultRequestHeaders.Add("X-Api-Key", key);
            using var patience = new CancellationTokenSource(Patience);
            while (!(await client.GetAsync("/ready", patience.Token)).IsSuccessStatusCode)
                await Task.Delay(20, patience.Token);

            await client.CreateGalleryAsync("people");
            var photo = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "samples", "sample3.jpg"), patience.Token);
            await client.EnrolAsync("people", "largest", photo, new { face = "largest" });
            var answer = await client.PostAsync(
                "/v1/searches", Requests.Form(
                    new { galleries = new[] { "people" }, face = "largest", purpose = Requests.Purpose },
                    ("image", photo, "probe.jpg")), patience.Token).Json();
            var candidate = answer.GetProperty("candidates")[0];
            Assert.Equal("largest", candidate.GetProperty("subjectId").GetString());
            Assert.InRange(candidate.GetProperty("score").GetDouble(), 0.98, 1);
            Assert.InRange(answer.GetProperty("quality").GetProperty("overall").GetDouble(), 35, 100);
            using var crop = await client.GetAsync(candidate.GetProperty("crop").GetString(), patience.Token);
            Assert.Equal("image/jpeg", crop.Content.Headers.ContentType?.MediaType);
            Assert.Equal("multiple_faces", await client.PostAsync("/v1/quality", Requests.Form(null, ("image", photo, "p"))).Code(422));

            using var second = Start(folder, out _, expectStart: false);
            Assert.True(second.WaitForExit(Patience));
            Assert.Equal(2, second.ExitCode);
            Assert.Contains(
                "another service is running", await second.StandardError.ReadToEndAsync(patience.Token), StringComparison.Ordinal);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task A_sandbox_of_no_folder_prints_its_keys_is_searched_with_a_photo_and_leaves_nothing_behind()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a process is asked to end by a signal");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[
            Path.Combine(AppContext.BaseDirectory, "MatchEngine.Service.dll"), "--sandbox", "--urls", "http://127.0.0.1:0"])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        try
        {
            var lines = new List<string>();
            while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                lines.Add(line);
                if (line.StartsWith("MatchEngine sandbox", StringComparison.Ordinal))
                    break;
            }
            if (lines is not [.., var last] || !last.StartsWith("MatchEngine sandbox", StringComparison.Ordinal))
                Assert.Fail(
                    $"{string.Join('\n', lines)}\n{await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
            _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var file = Word(lines, "All of this").Split(';')[0];
            using var client = new HttpClient { BaseAddress = new Uri(Word(lines, "MatchEngine sandbox")) };
            client.DefaultRequestHeaders.Add("X-Api-Key", lines.Single(
                line => line.StartsWith("investigations", StringComparison.Ordinal) && line.Contains(" agent ", StringComparison.Ordinal)
                    && !line.Contains(" signs:", StringComparison.Ordinal)).Split(' ')[^1]);
            var photo = await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "samples", "sample3.jpg"));
            var answer = await client.PostAsync("/v1/searches", Requests.Form(
                new { galleries = new[] { "ngi-ips" }, face = "largest", purpose = Requests.Purpose }, ("image", photo, "p"))).Json();
            Assert.InRange(answer.GetProperty("candidates")[0].GetProperty("score").GetDouble(), 0.9, 1);
            Assert.True(File.Exists(file));

            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            Assert.True(process.WaitForExit(Patience));
            Assert.Equal(0, process.ExitCode);
            Assert.False(Directory.Exists(Path.GetDirectoryName(file)));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }
    }

    [Theory]
    [InlineData("--urls", "http://0.0.0.0:0", "--allow-http")]
    [InlineData("--profile", "none-such", "none-such")]
    [InlineData("--surprise", "x", "--surprise")]
    public async Task A_wrong_option_is_told_with_its_remedy(string option, string value, string told)
    {
        using var folder = new TemporaryFolder();
        using var process = Start(folder, out _, expectStart: false, option, value);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        Assert.True(process.WaitForExit(Patience));
        Assert.NotEqual(0, process.ExitCode);
        Assert.Contains(told, error + await output, StringComparison.Ordinal);
    }

    private static Process Start(TemporaryFolder folder, out List<string> lines, bool expectStart = true, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[
            Path.Combine(AppContext.BaseDirectory, "MatchEngine.Service.dll"), "--data", folder.Sub("data"),
            .. more.Contains("--urls") ? [] : new[] { "--urls", "http://127.0.0.1:0" }, .. more])
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        lines = [];
        while (expectStart && process.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
            if (line.StartsWith("MatchEngine service", StringComparison.Ordinal))
                break;
        }
        if (expectStart)
            // Nobody reads the log; a full pipe would stop the service.
            _ = process.StandardOutput.ReadToEndAsync();
        return process;
    }

    private static string Word(List<string> lines, string beginning) =>
        lines.Single(line => line.StartsWith(beginning, StringComparison.Ordinal)).Split(": ", 2)[1];
}
