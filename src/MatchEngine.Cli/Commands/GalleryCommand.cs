using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Profiles;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Cli.Commands;

/// <summary><c>gallery create|list|show|set|purge|rekey|export|restore|delete</c>.</summary>
internal static class GalleryCommand
{
    public static Command Create() => new("gallery", "Create, list, show, change and delete galleries")
    {
        CreateGallery(), List(), Show(), Set(), Purge(), Rekey(), Export(), Restore(), Delete(),
    };

    private static Argument<string> NameArgument => new("NAME") { Description = "Letters, digits, '-', '_' and '.', at most 64" };

    private static Command CreateGallery()
    {
        var name = NameArgument;
        var model = new Option<string>("--model")
        {
            Description = "Id of the embedder's card; see 'models list'",
            HelpName = "ID",
            DefaultValueFactory = _ => ModelCatalog.DefaultEmbedder,
        };
        var command = new Command("create", "Create an empty gallery, bound to one model for good")
        {
            name, model, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction(parsed =>
        {
            var data = parsed.GetRequiredValue(SharedOptions.Data);
            RequireName(parsed.GetRequiredValue(name));
            var card = DataFolder.Models(data).Find(parsed.GetRequiredValue(model), ModelTask.Embedding);
            using var journal = CommandJournal.Open(data);
            using var gallery = Create(journal, parsed.GetRequiredValue(name), card.ToEmbedderCard());
            Write(gallery, parsed.GetValue(SharedOptions.Json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "List the galleries") { SharedOptions.Data, SharedOptions.Json };
        command.SetAction(parsed =>
        {
            var entries = EmbeddedStore.Galleries(parsed.GetRequiredValue(SharedOptions.Data)).List();
            if (parsed.GetValue(SharedOptions.Json))
            {
                JsonOutput.Write(new
                {
                    Galleries = entries.Select(
                        entry => entry.Summary is { } summary ? ToJson(summary) : new { entry.Name, Problem = entry.Problem!.Message }),
                });
                return entries.Any(entry => entry.Problem is not null) ? ExitCode.NothingOrPartly : ExitCode.Done;
            }
            var table = Terminal.Table("gallery", ">subjects", ">encounters", "model", "created", ">size");
            foreach (var entry in entries)
            {
                if (entry.Summary is { } summary)
                    table.AddPlainRow(
                        entry.Name, $"{summary.Subjects:N0}", $"{summary.Encounters:N0}", summary.Model.Id,
                        $"{summary.Created:yyyy-MM-dd HH:mm}", Terminal.Bytes(summary.Bytes));
                else
                    Console.Error.WriteLine($"matchengine: gallery {entry.Name}: {entry.Problem!.Message}");
            }
            if (table.Rows.Count > 0)
                Terminal.Out.Write(table);
            else
                Console.WriteLine("There are no galleries. 'matchengine gallery create NAME' makes one.");
            return entries.Any(entry => entry.Problem is not null) ? ExitCode.NothingOrPartly : ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var name = NameArgument;
        var command = new Command("show", "Show what a gallery holds") { name, SharedOptions.Data, SharedOptions.Json };
        command.SetAction(parsed =>
        {
            using var gallery = EmbeddedStore.Galleries(parsed.GetRequiredValue(SharedOptions.Data)).Open(parsed.GetRequiredValue(name));
            Write(gallery, parsed.GetValue(SharedOptions.Json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Set()
    {
        const string Keep = "forever";
        var name = NameArgument;
        var owner = new Option<string?>("--owner") { Description = "The organisation that owns the records", HelpName = "ORGANISATION" };
        var profile = new Option<string?>("--profile")
        {
            Description = "The profile that searches follow: " + string.Join(", ", Profile.Names) + ", or a JSON file of one's own",
            HelpName = "NAME|FILE",
        };
        var approved = new Option<bool?>("--approved")
        {
            Description = "Whether the gallery is approved for use by all",
            HelpName = "true|false",
        };
        var retention = new Option<string?>("--retention-days")
        {
            Description = "For how many days encounters are kept; see 'gallery purge'",
            HelpName = $"N|{Keep}",
        };
        retention.Validators.Add(result =>
        {
            if (result.GetValue(retention) is { } text && text != Keep
                && !(int.TryParse(text, out var days) && days is >= 1 and <= RetentionRule.MaxDays))
                result.AddError($"--retention-days takes a number within 1 … {RetentionRule.MaxDays}, or '{Keep}'");
        });
        var from = new Option<RetentionBasis?>("--retention-from")
        {
            Description = $"From when the days count: the enrolment, or the date of capture in the metadata's {RetentionRule.CaptureKey}",
            HelpName = "enrolled|captured",
        };
        var command = new Command("set", "Change whose a gallery is and how it may be used; what is not named stays")
        {
            name, owner, profile, approved, retention, from, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction(parsed =>
        {
            using var journal = CommandJournal.Open(parsed.GetRequiredValue(SharedOptions.Data));
            using var gallery = journal.Galleries.Open(parsed.GetRequiredValue(name));
            var now = gallery.Properties;
            if (parsed.GetValue(profile) is { } chosen)
                Profile.Find(chosen);
            var rule = parsed.GetValue(retention) switch
            {
                null => now.Retention,
                Keep => null,
                var days => new RetentionRule(int.Parse(days), now.Retention?.Basis ?? RetentionBasis.Enrolled),
            };
            if (parsed.GetValue(from) is { } basis)
                rule = rule is null
                    ? throw new UsageException("--retention-from says from when the days count: give them with --retention-days")
                    : rule with { Basis = basis };
            try
            {
                var after = now with
                {
                    Owner = parsed.GetValue(owner) ?? now.Owner,
                    Profile = parsed.GetValue(profile) ?? now.Profile,
                    Approved = parsed.GetValue(approved) ?? now.Approved,
                    Retention = rule,
                };
                journal.Make(
                    AuditKinds.GalleryChanged, gallery.Name,
                    new { after.Owner, after.Profile, after.Approved, retentionDays = after.Retention?.Days },
                    record =>
                    {
                        gallery.SetProperties(after, record());
                        return true;
                    });
            }
            catch (ArgumentException e)
            {
                throw new UsageException(e.Message);
            }
            Write(gallery, parsed.GetValue(SharedOptions.Json));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Purge()
    {
        var name = NameArgument;
        var command = new Command(
            "purge", "Remove the encounters that have outlived the gallery's retention, with their templates and images")
        {
            name, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            using var journal = CommandJournal.Open(parsed.GetRequiredValue(SharedOptions.Data));
            using var gallery = journal.Galleries.Open(parsed.GetRequiredValue(name));
            if (gallery.Properties.Retention is null)
                throw new UsageException(
                    $"gallery '{gallery.Name}' keeps its encounters until they are removed: set a limit with 'gallery set {gallery.Name} "
                        + "--retention-days N' first");
            var (encounters, subjects) = journal.Make(
                AuditKinds.RetentionPurged, gallery.Name, null,
                record => gallery.PurgeExpired(DateTimeOffset.UtcNow, record, cancellationToken));
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new { Gallery = gallery.Name, Encounters = encounters, Subjects = subjects });
            else
                Console.WriteLine(
                    $"{encounters:N0} encounters had expired and were removed from {gallery.Name}, and with "
                        + $"them {subjects:N0} subjects that had no others.");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command Rekey()
    {
        var name = NameArgument;
        var command = new Command(
            "rekey",
            $"Encrypt a gallery's images and biographics with the first key of {DataKeys.FileVariable}, whether they are in the clear or "
                + "encrypted with one of the others")
        {
            name, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var keys = DataKeys.FromEnvironment()
                ?? throw new UsageException($"there is no key to encrypt with: name a file of keys in {DataKeys.FileVariable}");
            using var journal = CommandJournal.Open(parsed.GetRequiredValue(SharedOptions.Data));
            using var gallery = journal.Galleries.Open(parsed.GetRequiredValue(name));
            var values = journal.Make(
                AuditKinds.GalleryRekeyed, gallery.Name, new { key = keys.CurrentId },
                record => gallery.Rekey(record, cancellationToken: cancellationToken));
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new { Gallery = gallery.Name, Key = keys.CurrentId, Encrypted = values });
            else
                Console.WriteLine($"{values:N0} values encrypted with key {keys.CurrentId}; everything in {gallery.Name} is under it now.");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command Export()
    {
        var name = NameArgument;
        var file = new Argument<string>("FILE") { Description = "The archive to write" };
        var force = new Option<bool>("--force") { Description = "Replace the file if it is there" };
        var command = new Command(
            "export", "Write a whole gallery into one file: templates, metadata, images, properties. What is encrypted stays encrypted")
        {
            name, file, force, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var target = Path.GetFullPath(parsed.GetRequiredValue(file));
            if (File.Exists(target) && !parsed.GetValue(force))
                throw new UsageException($"{target} is there already: choose another file, or replace it with --force");
            var partial = $"{target}.{Guid.NewGuid():N}.partial";
            try
            {
                using (var output = new FileStream(partial, FileMode.CreateNew, FileAccess.ReadWrite))
                {
                    EmbeddedStore.Galleries(parsed.GetRequiredValue(SharedOptions.Data)).Export(
                        parsed.GetRequiredValue(name), output, cancellationToken: cancellationToken);
                    output.Flush(flushToDisk: true);
                }
                File.Move(partial, target, parsed.GetValue(force));
            }
            catch
            {
                File.Delete(partial);
                throw;
            }
            var bytes = new FileInfo(target).Length;
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new { Gallery = parsed.GetRequiredValue(name), File = target, Bytes = bytes });
            else
                Console.WriteLine(
                    $"Exported {parsed.GetRequiredValue(name)} to {target} ({Terminal.Bytes(bytes)}). The file holds templates and "
                        + "personal data: keep it as you keep the gallery.");
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command Restore()
    {
        var file = new Argument<string>("FILE") { Description = "An archive that 'gallery export' wrote" };
        var name = new Option<string?>("--as")
        {
            Description = "Name of the restored gallery; the one it had when not given",
            HelpName = "NAME",
        };
        var command = new Command("restore", "Restore a gallery from an archive, under a name that is free")
        {
            file, name, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(name) is { } wanted)
                RequireName(wanted);
            using var input = new FileStream(parsed.GetRequiredValue(file), FileMode.Open, FileAccess.Read, FileShare.Read);
            using var journal = CommandJournal.Open(parsed.GetRequiredValue(SharedOptions.Data));
            // The store says under which name.
            using var gallery = journal.Make(
                AuditKinds.GalleryRestored, null, null,
                record => journal.Galleries.Restore(input, record(), parsed.GetValue(name), cancellationToken: cancellationToken));
            Write(gallery, parsed.GetValue(SharedOptions.Json));
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command Delete()
    {
        var name = NameArgument;
        var command = new Command("delete", "Delete a gallery with all subjects and templates; nothing of it is left")
        {
            name, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction(parsed =>
        {
            using var journal = CommandJournal.Open(parsed.GetRequiredValue(SharedOptions.Data));
            var gallery = parsed.GetRequiredValue(name);
            journal.Make(AuditKinds.GalleryDeleted, gallery, new { identity = Identity(journal, gallery) }, record =>
            {
                journal.Galleries.Delete(gallery, record());
                return true;
            });
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new { Deleted = parsed.GetRequiredValue(name) });
            else
                Console.WriteLine($"Deleted gallery {parsed.GetRequiredValue(name)}.");
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Creates a gallery.</summary>
    internal static Gallery Create(CommandJournal journal, string name, EmbedderCard model) => journal.Make(
        AuditKinds.GalleryCreated, name,
        new { owner = GalleryProperties.LocalOwner, profile = GalleryProperties.DefaultProfile, approved = true, model = model.Id },
        record => journal.Galleries.Create(name, model, record()));

    /// <summary>The identity of a gallery; null of one that is damaged, which can be deleted all the same.</summary>
    private static string? Identity(CommandJournal journal, string name)
    {
        try
        {
            return journal.Galleries.IdentityOf(name);
        }
        catch (StoreException e) when (e.Fault is StoreFault.Damaged or StoreFault.NewerSchema)
        {
            return null;
        }
    }

    /// <summary>Refuses a name that no gallery can have.</summary>
    internal static void RequireName(string name)
    {
        if (!GalleryName.IsValid(name))
            throw new UsageException(
                $"'{name}' is no name for a gallery: use letters, digits, '-', '_' and '.', at most {GalleryName.MaxLength} of them, "
                    + "beginning with a letter or digit");
    }

    private static object ToJson(GallerySummary summary, GalleryQuality? quality = null) => new
    {
        summary.Name,
        Model = summary.Model.Id,
        ModelDigest = summary.Model.Digest.ToString(),
        summary.Created,
        summary.Subjects,
        summary.Encounters,
        summary.Templates,
        summary.Bytes,
        Quality = quality,
    };

    private static void Write(Gallery gallery, bool json)
    {
        var (summary, quality, properties, permissions) = (
            gallery.Summarize(), gallery.SummarizeQuality(), gallery.Properties, gallery.Permissions);
        if (json)
        {
            JsonOutput.Write(new
            {
                summary.Name,
                Model = summary.Model.Id,
                ModelDigest = summary.Model.Digest.ToString(),
                summary.Created,
                summary.Subjects,
                summary.Encounters,
                summary.Templates,
                summary.Bytes,
                Quality = quality,
                properties.Owner,
                properties.Profile,
                properties.Approved,
                properties.Retention,
                Permissions = permissions.Select(
                    permission => new { permission.Organisation, permission.MaySearch, Fields = permission.Fields.Keys }),
            });
            return;
        }
        var retention = properties.Retention is { } rule
            ? $"{rule.Days:N0} days from {(rule.Basis == RetentionBasis.Captured ? "capture" : "enrolment")}"
            : "until removed";
        Console.WriteLine($"""
            gallery     {summary.Name}
            model       {summary.Model.Id} ({summary.Model.Digest.ToString()[..16]}…, {summary.Model.Dimension} dimensions)
            created     {summary.Created:yyyy-MM-dd HH:mm:ss} UTC
            owner       {properties.Owner}
            profile     {properties.Profile}{(properties.Approved ? "" : " (not approved)")}
            retention   {retention}
            subjects    {summary.Subjects:N0}
            encounters  {summary.Encounters:N0}
            templates   {summary.Templates:N0}
            size        {Terminal.Bytes(summary.Bytes)}
            """);
        foreach (var permission in permissions)
        {
            var seen = permission.Fields.Keys is { } keys
                ? keys.Count == 0 ? "no biographics" : string.Join(", ", keys)
                : "all biographics";
            Console.WriteLine(
                $"permission  {permission.Organisation}: {(permission.MaySearch ? "may search" : "may not search")}, sees {seen}");
        }
        if (quality is { Mean: { } mean, Lowest: { } lowest })
            Console.WriteLine($"quality     {mean:0} on average, {lowest:0} at worst ({quality.Assessed:N0} assessed)");
    }
}
