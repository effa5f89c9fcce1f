using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Vetting.Accuracy;
using MatchEngine.Vetting.Dossiers;
using MatchEngine.Vetting.Examinations;
using MatchEngine.Vetting.Load;

namespace MatchEngine.Cli.Vetting;

/// <summary><c>vet run</c>, and <c>vet</c> alone: examines a service and writes its dossier.</summary>
internal static class VetRun
{
    // Where the engine in this process keeps its gallery for the length of an examination.
    private const string WorkFolder = "run.gallery";

    public static Command Create()
    {
        var command = new Command("run", "Examine a service: what it is, accuracy and bias, conduct, load; and write the dossier");
        AddTo(command);
        return command;
    }

    /// <summary>Gives a command the options and the action.</summary>
    public static void AddTo(Command command)
    {
        foreach (var option in VetOptions.All)
            command.Options.Add(option);
        command.SetAction(RunAsync);
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        var folder = parsed.GetRequiredValue(VetOptions.Out);
        var work = Path.Combine(folder, WorkFolder);
        // What is wrong with the command line is told before anything is asked of anybody.
        using var key = DossierSignature.Key(parsed.GetValue(VetOptions.SigningKey));
        var questions = OpenQuestion.Answered(parsed.GetValue(VetOptions.Answers));
        var accuracy = Accuracy(parsed);
        if (Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar)
            == Path.GetFullPath(accuracy.Folder).TrimEnd(Path.DirectorySeparatorChar))
            throw new UsageException("--out is the data set's own folder; a dossier lies in one of its own");
        var parts = Parts(parsed);
        var load = parts.Contains("load") ? Load(parsed) : null;
        Dossier dossier;
        bool isEngine;
        await using (var target = await VetTargets.OpenAsync(parsed, work, cancellationToken))
        {
            isEngine = target is EngineTarget;
            if (target is EngineTarget engine)
                load = load is null ? null : load with { TemplateDimension = load.TemplateDimension ?? engine.Dimension };
            var plan = new ExaminationPlan
            {
                Folder = folder,
                Accuracy = accuracy,
                Conduct = parts.Contains("conduct") ? VetConduct.Of(parsed, target) : null,
                Load = load,
                Settings = new Dictionary<string, string?>
                {
                    ["gallery"] = parsed.GetValue(VetOptions.TargetGallery),
                    ["model"] = isEngine ? parsed.GetValue(VetOptions.Model) : null,
                    ["disclaimer"] = parsed.GetValue(VetOptions.Disclaimer),
                },
                NotExamined = VetOptions.AllParts.Except(parts).ToDictionary(part => part, _ => "it was left out of --parts."),
                Agreement = parsed.GetValue(VetOptions.OwnerAgreed),
                ProcessId = isEngine ? Environment.ProcessId : parsed.GetValue(VetOptions.ProcessId),
                ValidMonths = parsed.GetValue(VetOptions.ValidMonths),
                Questions = questions,
                Photos = parts.Contains("photos") ? VetPhotos.Measured(parsed, accuracy, cancellationToken) : [],
            };
            dossier = await VetProgress.RunAsync(
                progress => Examination.RunAsync(target, plan, TimeProvider.System, progress, cancellationToken));
        }
        var files = await DossierFolder.WriteAsync(dossier, folder, key, !parsed.GetValue(VetOptions.NoPdf), cancellationToken);
        if (isEngine)
            Directory.Delete(work, recursive: true);
        var check = DossierSignature.Check(folder);
        var verdicts = VerdictTable.Of(dossier);
        if (parsed.GetValue(SharedOptions.Json))
            JsonOutput.Write(new
            {
                Dossier = Path.GetFullPath(Path.Combine(folder, DossierFolder.JsonName)), check.Fingerprint, Verdicts = verdicts,
                Files = files,
            });
        else
            Write(verdicts, folder, check);
        return ExitCode.Done;
    }

    private static void Write(IReadOnlyList<VerdictRow> verdicts, string folder, DossierCheck check)
    {
        var table = Terminal.Table("subject", "standing", "what can be concluded");
        foreach (var row in verdicts)
            table.AddPlainRow(
                row.Subject, System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(row.Standing.ToString()).Replace('-', ' '),
                string.Join(' ', row.Concluded));
        Terminal.Out.Write(table);
        Console.WriteLine(Path.GetFullPath(Path.Combine(folder, DossierFolder.PageName)));
        Console.WriteLine($"Signed; fingerprint of the key: {check.Fingerprint}");
        Console.WriteLine("What cannot be concluded stands in the dossier. Whether the service may be used is for people to decide.");
    }

    private static AccuracyPlan Accuracy(ParseResult parsed)
    {
        if (parsed.GetValue(VetOptions.ListLength) is < 2 or > 10_000)
            throw new UsageException("--list-length takes a number from 2 to 10000");
        if (parsed.GetValue(VetOptions.Comparisons) is < 0 or > 1_000_000 || parsed.GetValue(VetOptions.AtATime) is < 1 or > 64)
            throw new UsageException("--comparisons takes 0 to 1000000, --at-a-time 1 to 64");
        if (parsed.GetValue(VetOptions.ValidMonths) is < 1 or > 60)
            throw new UsageException("--valid-months takes 1 to 60");
        var protocol = ProtocolFile.Read(ProtocolFile.Find(parsed.GetRequiredValue(VetOptions.Protocol)));
        if (parsed.GetValue(VetOptions.By) is { } by)
            protocol = protocol.SlicedBy(by);
        if (parsed.GetValue(VetOptions.Floor) is { Length: > 0 } floors)
            protocol = protocol with { Thresholds = floors };
        var claims = new Dictionary<double, ClaimedRate>();
        if (parsed.GetValue(VetOptions.ThresholdFrom) is { } file)
        {
            var reported = ReportedThresholds.Read(file, searches: true);
            protocol = protocol with { Thresholds = [.. protocol.Thresholds.Concat(reported.Select(r => r.Threshold)).Distinct()] };
            claims = reported.Where(r => r.Claim is not null).ToDictionary(r => r.Threshold, r => r.Claim!);
        }
        protocol.Validate();
        var folder = parsed.GetRequiredValue(VetOptions.DataSet);
        return new AccuracyPlan
        {
            Folder = folder,
            Images = DataSetReader.Read(folder, new InputFaults(strict: true)),
            Protocol = protocol,
            Claims = claims,
            ListLength = parsed.GetValue(VetOptions.ListLength),
            MaxComparisons = parsed.GetValue(VetOptions.Comparisons),
            AtATime = parsed.GetValue(VetOptions.AtATime),
        };
    }

    private static string[] Parts(ParseResult parsed)
    {
        var parts = parsed.GetRequiredValue(VetOptions.Parts)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return parts.Except(VetOptions.AllParts).Any() || !parts.Contains("accuracy")
            ? throw new UsageException($"--parts takes {string.Join(", ", VetOptions.AllParts)}, comma-separated, and accuracy among them")
            : parts;
    }

    private static LoadPlan Load(ParseResult parsed)
    {
        if (!(parsed.GetValue(VetOptions.P99) is > 0 and <= 3_600_000) || !(parsed.GetValue(VetOptions.Errors) is >= 0 and < 1)
            || !(parsed.GetValue(VetOptions.MaxRate) is > 0 and <= 100_000) || !(parsed.GetValue(VetOptions.LoadSeconds) is > 0 and <= 3600)
            || !(parsed.GetValue(VetOptions.LoadMinutes) is > 0 and <= 1440))
            throw new UsageException(
                "--p99 (at most 3600000), --max-rate (100000), --load-seconds (3600) and --load-minutes (1440) are above 0, --errors a "
                    + "share below 1");
        if (parsed.GetValue(VetOptions.TemplateDimension) is { } dimension
            && !(System.Numerics.BitOperations.IsPow2(dimension) && Vectors.Template.IsSupportedDimension(dimension)))
            throw new UsageException("--template-dimension is a power of two from 16 to 4096");
        if (parsed.GetValue(VetOptions.GallerySizes) is { } sizes && sizes.Any(size => size is < 1 or > 100_000_000))
            throw new UsageException("--gallery-sizes takes numbers from 1 to 100000000");
        if (parsed.GetValue(VetOptions.ProcessId) is { } process)
        {
            using var watch = ProcessWatch.Of(process)
                ?? throw new UsageException($"--process-id {process}: there is no such process here");
        }
        var seconds = TimeSpan.FromSeconds(parsed.GetValue(VetOptions.LoadSeconds));
        return new LoadPlan
        {
            Rising = new RisingRatesPlan
            {
                Objective = new LoadObjective(
                    TimeSpan.FromMilliseconds(parsed.GetValue(VetOptions.P99)), parsed.GetValue(VetOptions.Errors)),
                MaxRate = parsed.GetValue(VetOptions.MaxRate),
                StepDuration = seconds,
                MaxDuration = TimeSpan.FromMinutes(parsed.GetValue(VetOptions.LoadMinutes)),
            },
            ClosedDuration = seconds,
            GallerySizes = parsed.GetValue(VetOptions.GallerySizes) ?? [],
            TemplateDimension = parsed.GetValue(VetOptions.TemplateDimension),
        };
    }
}
