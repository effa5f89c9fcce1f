using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using MatchEngine.Cli.Output;
using MatchEngine.Galleries.Audit;

namespace MatchEngine.Cli.Commands;

/// <summary><c>audit verify|list|purge</c>.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Check, read and purge the audit log of a data folder") { Verify(), List(), Purge() };

    private static Command Verify()
    {
        var head = new Option<string?>("--head")
        {
            Description =
                "A head hash that an earlier check printed and that was kept elsewhere: shows whether the log's tail was cut off since",
            HelpName = "HASH",
        };
        head.Validators.Add(result =>
        {
            if (result.GetValue(head) is { } value && (value.Length != 64 || !value.All(char.IsAsciiHexDigitLower)))
                result.AddError("--head takes the 64 hexadecimal digits that 'audit verify' printed");
        });
        var command = new Command("verify", "Check the chain of hashes and name the first broken link. Exit code 1 when it is broken")
        {
            head, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            using var log = Open(parsed);
            var result = log.Verify(parsed.GetValue(head), cancellationToken: cancellationToken);
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new
                {
                    Whole = result.Broken is null,
                    result.Events,
                    result.Head,
                    result.Broken,
                    UnreadHeads = log.UnreadHeads.Select(
                        unread => new { unread.Place, Fault = unread.Fault.ToString().ToLowerInvariant() }),
                });
            else if (result.Broken is { } broken)
                Console.WriteLine(
                    $"BROKEN at event {broken.Sequence} ({broken.Fault.ToString().ToLowerInvariant()}): {broken.Detail}.\n"
                        + $"{result.Events:N0} events before it hold together.");
            else
                Console.WriteLine($"{result.Events:N0} events hold together. Head: {result.Head}\n"
                    + (parsed.GetValue(head) is null
                        ? "Keep the head elsewhere and give it with --head next time: without it a tail "
                            + "that was cut off cannot always be noticed."
                        : "The given head is in the log."));
            if (!parsed.GetValue(SharedOptions.Json))
            {
                foreach (var (place, fault) in log.UnreadHeads)
                    Console.WriteLine(
                        $"NOT COMPARED with {place}, which cannot be read ({fault.ToString().ToLowerInvariant()}): "
                            + "whether the log was rolled back cannot be told by it.");
            }
            return Task.FromResult(result.Broken is null && log.UnreadHeads.Count == 0 ? ExitCode.Done : ExitCode.NothingOrPartly);
        });
        return command;
    }

    private static Command List()
    {
        var kind = new Option<string?>("--kind") { Description = "Only this kind of event", HelpName = "KIND" };
        var actor = new Option<string?>("--actor") { Description = "Only this actor", HelpName = "ID" };
        var organisation = new Option<string?>("--organisation") { Description = "Only this organisation", HelpName = "NAME" };
        var gallery = new Option<string?>("--gallery", "-g") { Description = "Only events about this gallery", HelpName = "NAME" };
        var since = Time("--since", "Only events from this time on (ISO 8601; UTC unless an offset is given)");
        var until = Time("--until", "Only events before this time");
        var after = new Option<long>("--after") { Description = "Begin behind this event", HelpName = "N" };
        var limit = new Option<int>("--limit") { Description = "How many events at most", HelpName = "N", DefaultValueFactory = _ => 100 };
        limit.Validators.Add(result =>
        {
            if (result.GetValue(limit) is < 1 or > AuditLog.MaxPage)
                result.AddError($"--limit takes a number within 1 … {AuditLog.MaxPage}");
        });
        var newest = new Option<bool>("--newest") { Description = "Newest first" };
        var command = new Command("list", "List events")
        {
            kind, actor, organisation, gallery, since, until, after, limit, newest, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction(parsed =>
        {
            using var log = Open(parsed);
            var filter = new AuditFilter
            {
                Kind = parsed.GetValue(kind),
                Actor = parsed.GetValue(actor),
                Organisation = parsed.GetValue(organisation),
                Gallery = parsed.GetValue(gallery),
                Since = parsed.GetValue(since),
                Until = parsed.GetValue(until),
            };
            var events = log.Read(filter, parsed.GetValue(after), parsed.GetValue(limit), parsed.GetValue(newest));
            if (parsed.GetValue(SharedOptions.Json))
            {
                JsonOutput.Write(new
                {
                    Events = events.Select(e => new
                    {
                        e.Sequence,
                        e.Time,
                        e.Kind,
                        e.Actor,
                        e.Organisation,
                        Payload = JsonDocument.Parse(e.Payload).RootElement,
                        e.Expires,
                        e.PreviousHash,
                        e.Hash,
                    }),
                });
                return ExitCode.Done;
            }
            var table = Terminal.Table(">event", "time (UTC)", "kind", "actor", "organisation", "payload");
            foreach (var e in events)
                table.AddPlainRow(
                    $"{e.Sequence}", $"{e.Time:yyyy-MM-dd HH:mm:ss}", e.Kind, e.Actor, e.Organisation ?? "", Short(e.Payload));
            if (events.Count > 0)
                Terminal.Out.Write(table);
            else
                Console.WriteLine("No such events.");
            if (events.Count == parsed.GetValue(limit))
                Console.WriteLine($"There may be more: go on with --after {events[^1].Sequence}.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Purge()
    {
        var actor = new Option<string>("--actor")
        {
            Description = "Who purges, as the log will name them",
            HelpName = "ID",
            DefaultValueFactory = _ => CommandJournal.Author.Actor,
        };
        var command = new Command("purge", "Remove the events whose retention has ended; an anchor stays, by which the rest still verifies")
        {
            actor, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction(parsed =>
        {
            using var log = Open(parsed);
            var removed = log.Purge(parsed.GetRequiredValue(actor));
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new { Purged = removed });
            else
                Console.WriteLine($"{removed:N0} expired events purged.");
            return ExitCode.Done;
        });
        return command;
    }

    private static AuditLog Open(ParseResult parsed)
    {
        var data = parsed.GetRequiredValue(SharedOptions.Data);
        // Reading must not make an empty log where none is: it would verify.
        return EmbeddedStore.Audit(data)
            ?? throw new FileNotFoundException($"{EmbeddedStore.AuditFile(data)}: there is no audit log; check --data");
    }

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return time;
            result.AddError($"{name} takes a time like 2026-01-31 or 2026-01-31T12:00:00Z, not '{result.Tokens[0].Value}'");
            return null;
        },
    };

    private static string Short(string payload) => payload.Length <= 120 ? payload : payload[..119] + "…";
}
