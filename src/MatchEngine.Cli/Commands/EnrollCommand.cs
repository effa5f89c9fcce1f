using System.CommandLine;
using System.CommandLine.Parsing;
using MatchEngine.Cli.Galleries;
using MatchEngine.Cli.Output;
using MatchEngine.Cli.Remote;
using MatchEngine.Faces;
using MatchEngine.Faces.Models;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Consistency;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Cli.Commands;

/// <summary><c>enroll</c>: photos into a gallery.</summary>
internal static class EnrollCommand
{
    private const int FailuresShown = 20;

    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description =
                "Photos, folders of photos and zip archives, files of records (.an2, .eft, .xml) among them; "
                    + "with --metadata only the rows whose image lies there",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var metadata = new Option<string?>("--metadata")
        {
            Description = "CSV with the columns image (relative to the file) and subject; source_url and all others are kept",
            HelpName = "FILE",
        };
        var where = new Option<string[]>("--where")
        {
            Description = "With --metadata: only rows with this value; may be given again",
            HelpName = "column=value",
            AllowMultipleArgumentsPerToken = false,
        };
        var subjectFrom = new Option<SubjectFrom?>("--subject-from")
        {
            Description = "What names the subject: the file's name, its folder's, or the metadata's column subject (csv)",
            HelpName = "file|folder|csv",
            CustomParser = ParseSubjectFrom,
        };
        var faces = new Option<EnrolmentFaces>("--faces")
        {
            Description =
                "What to do with a photo of several faces: refuse it (only), enrol the largest or the most central, "
                    + "or each as a subject of its own",
            HelpName = "only|largest|central|each",
            CustomParser = ParseFaces,
        };
        var model = new Option<string>("--model")
        {
            Description = "Id of the embedder's card, if the gallery has to be created",
            HelpName = "ID",
            DefaultValueFactory = _ => ModelCatalog.DefaultEmbedder,
        };
        var workers = new Option<int>("--workers")
        {
            Description = "Photos worked on at once",
            HelpName = "N",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        workers.Validators.Add(result =>
        {
            if (result.GetValue(workers) is < 1 or > 256)
                result.AddError("--workers takes a number within 1 … 256");
        });
        var keepImages = new Option<bool>("--keep-images")
        {
            Description = "Keep the photos and a crop of each face in the gallery; without it no pixel is kept",
        };
        var noCheck = new Option<bool>("--no-check")
        {
            Description = "Do not compare what is new with the rest of the gallery: no warnings of photos that look like another subject, "
                + "unlike their own, or far poorer",
        };
        var command = new Command(
            "enroll",
            "Enrol photos in a gallery, which is created if need be. Enrolling again what is enrolled already changes nothing, "
                + "so an interrupted run is simply started again")
        {
            SharedOptions.Gallery, paths, metadata, where, subjectFrom, faces, SharedOptions.MinQuality, model, workers, keepImages,
            noCheck,
            SharedOptions.IsolateDecoder, SharedOptions.Data, SharedOptions.Json,
        };
        ServiceOptions.Add(
            command, [SharedOptions.MinQuality, model, workers, keepImages, noCheck, SharedOptions.IsolateDecoder, SharedOptions.Data],
            reasons: false);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(ServiceOptions.Service) is not null)
            {
                var sent = Source(
                    parsed.GetValue(paths) ?? [], parsed.GetValue(metadata), parsed.GetValue(where) ?? [], parsed.GetValue(subjectFrom));
                using var zips = sent as IDisposable;
                var told = await RemoteEnrolment.RunAsync(
                    parsed, sent, parsed.GetResult(faces) is { Implicit: false } ? parsed.GetValue(faces) : null, cancellationToken);
                return Finish(parsed.GetRequiredValue(SharedOptions.Gallery), told, sent, parsed.GetValue(SharedOptions.Json));
            }
            var data = parsed.GetRequiredValue(SharedOptions.Data);
            var name = parsed.GetRequiredValue(SharedOptions.Gallery);
            GalleryCreate.RequireName(name);
            var files = Source(
                parsed.GetValue(paths) ?? [], parsed.GetValue(metadata), parsed.GetValue(where) ?? [], parsed.GetValue(subjectFrom));

            using var archives = files as IDisposable;
            var source = new FacesOfRecords(files);

            // What can be wrong with the command line is found out before a gallery is made:
            // a metadata file says at its first entry whether it can be used.
            _ = source.Read(cancellationToken).Any();
            using var journal = CommandJournal.Open(data);
            var existing = journal.Galleries.TryOpen(name);
            var wanted = parsed.GetResult(model) is { Implicit: false }
                ? parsed.GetRequiredValue(model)
                : existing?.Model.Id ?? ModelCatalog.DefaultEmbedder;
            if (existing is not null && wanted != existing.Model.Id)
            {
                existing.Dispose();
                throw new UsageException(
                    $"gallery '{name}' is bound to model {existing.Model.Id}, not {wanted}: leave --model out, "
                        + "or enrol in another gallery");
            }
            using var pipeline = DataFolder.LoadPipeline(data, wanted, parsed.GetValue(SharedOptions.IsolateDecoder));
            using var gallery = existing ?? Create(journal, name, pipeline.Model);
            var options = new EnrolmentOptions
            {
                Faces = parsed.GetValue(faces),
                Workers = parsed.GetValue(workers),
                KeepImages = parsed.GetValue(keepImages),
                MinQuality = parsed.GetValue(SharedOptions.MinQuality),
                Check = parsed.GetValue(noCheck)
                    ? null
                    : new EnrolmentCheck(gallery, ConsistencyLimits.Of(pipeline.Model.Calibrations), null),
            };
            var report = await EnrolAsync(journal, gallery, pipeline, source, options, cancellationToken);
            return Finish(name, report, files, parsed.GetValue(SharedOptions.Json));
        });
        return command;
    }

    /// <summary>Says what became of it.</summary>
    private static int Finish(string gallery, EnrolmentReport report, IEnrolmentSource files, bool json)
    {
        Write(gallery, report, (files as FolderSource)?.Skipped ?? new SkippedFiles(), json);
        return report.Failed > 0 || report.Enrolled + report.Duplicates == 0 ? ExitCode.NothingOrPartly : ExitCode.Done;
    }

    /// <summary>Enrols with an event for each commit, which names its subjects, and one at the end with the numbers.</summary>
    private static async Task<EnrolmentReport> EnrolAsync(
        CommandJournal journal, Gallery gallery, IFaceExtractor extractor, IEnrolmentSource source, EnrolmentOptions options,
        CancellationToken cancellationToken)
    {
        var committed = default(EnrolmentProgress);
        var outcome = "failed";
        try
        {
            var report = await EnrolmentProgressBar.RunAsync(
                source,
                progress => journal.MakeAsync(
                    AuditKinds.SubjectEnrolled, gallery.Name, record => gallery.EnrolAsync(
                        extractor, source, record, options, new Watched(progress, value => committed = value), cancellationToken)),
                cancellationToken);
            outcome = "done";
            return report;
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        finally
        {
            journal.Note(
                AuditKinds.EnrolmentEnded, gallery.Name, new { outcome, committed.Enrolled, committed.Duplicates, committed.Failed });
        }
    }

    private sealed class Watched(IProgress<EnrolmentProgress>? next, Action<EnrolmentProgress> seen) : IProgress<EnrolmentProgress>
    {
        public void Report(EnrolmentProgress value)
        {
            seen(value);
            next?.Report(value);
        }
    }

    private static Gallery Create(CommandJournal journal, string name, EmbedderCard model)
    {
        try
        {
            var gallery = GalleryCreate.Make(journal, name, model);
            Console.Error.WriteLine($"Created gallery {name} with model {model.Id}.");
            return gallery;
        }
        catch (GalleryExistsException error) when (error.Gallery == name)
        {
            // Another enrolment made it while the networks were loaded here.
            var gallery = journal.Galleries.Open(name);
            if (gallery.Model.Id == model.Id)
                return gallery;
            gallery.Dispose();
            throw new UsageException(
                $"gallery '{name}' was made meanwhile and is bound to model {gallery.Model.Id}, not {model.Id}: run again");
        }
    }

    private static IEnrolmentSource Source(string[] paths, string? metadata, string[] where, SubjectFrom? subjectFrom)
    {
        if (metadata is not null)
            return new MetadataSource(metadata)
            {
                SubjectFrom = subjectFrom ?? SubjectFrom.Column,
                Where = Conditions(where),
                Within = paths,
            };
        if (where.Length > 0)
            throw new UsageException("--where chooses rows of a metadata file: give one with --metadata");
        if (subjectFrom == SubjectFrom.Column)
            throw new UsageException("--subject-from csv needs a metadata file: give one with --metadata");
        if (paths.Length == 0)
            throw new UsageException("nothing to enrol: give photos, folders, or a metadata file with --metadata");
        return new FolderSource(paths, subjectFrom ?? SubjectFrom.File);
    }

    private static Dictionary<string, string> Conditions(string[] where)
    {
        var conditions = new Dictionary<string, string>();
        foreach (var condition in where)
        {
            var at = condition.IndexOf('=');
            if (at < 1)
                throw new UsageException($"--where takes column=value, not '{condition}'");
            if (!conditions.TryAdd(condition[..at], condition[(at + 1)..]))
                throw new UsageException($"--where names the column '{condition[..at]}' twice; a row has one value in it");
        }
        return conditions;
    }

    private static SubjectFrom? ParseSubjectFrom(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "file": return SubjectFrom.File;
            case "folder": return SubjectFrom.Folder;
            case "csv": return SubjectFrom.Column;
        }
        result.AddError($"--subject-from takes file, folder or csv, not '{result.Tokens[0].Value}'");
        return null;
    }

    private static EnrolmentFaces ParseFaces(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "only": return EnrolmentFaces.Only;
            case "largest": return EnrolmentFaces.Largest;
            case "central": return EnrolmentFaces.Central;
            case "each": return EnrolmentFaces.Each;
        }
        result.AddError($"--faces takes only, largest, central or each, not '{result.Tokens[0].Value}'");
        return default;
    }

    private static void Write(string gallery, EnrolmentReport report, SkippedFiles skipped, bool json)
    {
        foreach (var (file, kind) in skipped.Named)
            Console.Error.WriteLine($"warning: {file}: skipped ({kind})");
        foreach (var warning in report.Warnings.Take(FailuresShown))
            Console.Error.WriteLine($"warning: {warning.File}: {warning.Detail}");
        if (report.Warnings.Count > FailuresShown)
            Console.Error.WriteLine($"warning: and {report.Warnings.Count - FailuresShown:N0} more; --json lists them");
        if (json)
        {
            JsonOutput.Write(new
            {
                Gallery = gallery,
                report.Enrolled,
                report.Encounters,
                report.Duplicates,
                report.Failed,
                Skipped = skipped.Kinds,
                report.Failures,
                report.Warnings,
                ElapsedSeconds = Math.Round(report.Elapsed.TotalSeconds, 3),
            });
            return;
        }
        if (report.Failures.Count > 0)
        {
            var table = Terminal.Table("not enrolled", "reason", "detail");
            foreach (var failure in report.Failures.Take(FailuresShown))
                table.AddPlainRow(failure.Line is { } line ? $"{failure.File}:{line}" : failure.File, failure.Reason, failure.Detail);
            Terminal.Out.Write(table);
            if (report.Failed > FailuresShown)
                Console.WriteLine($"… and {report.Failed - FailuresShown:N0} more; --json lists them.");
        }
        Console.WriteLine(
            $"{report.Enrolled:N0} enrolled ({report.Encounters:N0} encounters), {report.Duplicates:N0} already there, "
                + $"{report.Failed:N0} failed, in {report.Elapsed.TotalSeconds:0.0} s.");
        if (skipped.Kinds.Count > 0)
            Console.WriteLine(
                "Skipped, as no photos: " + string.Join(", ", skipped.Kinds.Select(kind => $"{kind.Value:N0} {kind.Key}")) + ".");
    }
}
