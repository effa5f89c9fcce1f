using System.Text;
using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Files;
using Microsoft.AspNetCore.Http;

namespace MatchEngine.Service.Tests.Files;

public class AuditFileTests
{
    [Fact]
    public async Task A_line_of_json_holds_what_the_hash_is_made_of_so_that_anybody_can_check_the_chain()
    {
        var events = Events("""{"galleries":["g"],"note":"é <b> \"q\""}""");
        var lines = (await TextAsync(AuditFormat.JsonLines, events)).TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        var before = AuditEvent.NoHash;
        foreach (var line in lines)
        {
            using var parsed = JsonDocument.Parse(line);
            var root = parsed.RootElement;
            Assert.Equal(before, root.GetProperty("previousHash").GetString());
            before = AuditEvent.HashOf(
                root.GetProperty("sequence").GetInt64(), root.GetProperty("time").GetDateTimeOffset(),
                root.GetProperty("kind").GetString()!, root.GetProperty("actor").GetString()!,
                root.GetProperty("organisation").GetString(), root.GetProperty("payload").GetRawText(), null, before);
            Assert.Equal(before, root.GetProperty("hash").GetString());
        }
    }

    [Fact]
    public async Task A_table_runs_nothing_in_a_spreadsheet()
    {
        var table = await TextAsync(AuditFormat.Csv, Events("""{"galleries":["g"],"subject":"=1+1"}"""), actor: "@SUM(A1)");
        Assert.Contains(",'@SUM(A1),", table, StringComparison.Ordinal);
        Assert.Contains("removed =1+1 from g", table, StringComparison.Ordinal);
        Assert.DoesNotContain(",@SUM", table, StringComparison.Ordinal);
        Assert.Throws<ProblemException>(() => AuditFile.Format("xlsx"));
    }

    private static AuditEvent[] Events(string payload)
    {
        var (events, before) = (new List<AuditEvent>(), AuditEvent.NoHash);
        for (var number = 1; number <= 2; number++)
        {
            var time = DateTimeOffset.UnixEpoch.AddSeconds(number);
            var hash = AuditEvent.HashOf(number, time, "subject.removed", "a", null, payload, null, before);
            events.Add(new AuditEvent(number, time, "subject.removed", "a", null, payload, null, before, hash));
            before = hash;
        }
        return [.. events];
    }

    private static async Task<string> TextAsync(AuditFormat format, AuditEvent[] events, string actor = "a")
    {
        var context = new DefaultHttpContext();
        context.Features.Set<Microsoft.AspNetCore.Http.Features.IHttpBodyControlFeature>(new Body());
        using var output = new MemoryStream();
        context.Response.Body = output;
        await AuditFile.Answer(
            format, events.Select(written => written with { Actor = actor }), new Dictionary<string, string>()).ExecuteAsync(context);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private sealed class Body : Microsoft.AspNetCore.Http.Features.IHttpBodyControlFeature
    {
        public bool AllowSynchronousIO { get; set; }
    }
}
