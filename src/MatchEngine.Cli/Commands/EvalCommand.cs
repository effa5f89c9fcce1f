using System.CommandLine;
using MatchEngine.Cli.Evaluation;
using MatchEngine.Cli.Output;
using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.CrossComparison;
using MatchEngine.Evaluation.Identification;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.PairedReports;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Evaluation.Scores;
using MatchEngine.Evaluation.Subjects;
using MatchEngine.Evaluation.Verification;
using MatchEngine.Faces.Models;
using MatchEngine.Vectors;
using MatchEngine.Vectors.Exact;
using MatchEngine.Vectors.Hnsw;

namespace MatchEngine.Cli.Commands;

/// <summary>
/// <c>eval init|verify|identify|cohort|compare|scores</c>: error rates by demographic slice, of this engine or of any system's scores.
/// </summary>
internal static class EvalCommand
{
    public static Command Create() =>
        new("eval", "Measure error rates by demographic slice, 1:1 and 1:N, with intervals") {
            Init(), Verify(), Identify(), EvalCohort.Create(), Compare(), Scores(),
        };

    private static Command Init()
    {
        var folder = new Argument<string>("folder") { Description = "Folder of photos", HelpName = "DIR" };
        var subjects = new Option<SubjectNaming?>("--subjects")
        {
            Description = "Where the subject of a photo is read from, instead of judging by what is there: its folder, its file name or a "
                + "table",
            HelpName = "folder|fileName|table",
        };
        var command = new Command("init", "Write metadata.csv and dataset.json for a folder of photos, and say what is left to fill in")
        {
            folder, subjects, SharedOptions.Json,
        };
        command.SetAction(parsed =>
        {
            var place = parsed.GetRequiredValue(folder);
            var (metadata, description) = (Path.Combine(place, "metadata.csv"), Path.Combine(place, "dataset.json"));
            if (Array.Find([metadata, description], File.Exists) is { } there)
                throw new UsageException($"{there} is there already and is not written over; move it away to begin anew");
            var draft = DataSetDraft.Of(place, parsed.GetValue(subjects));
            File.WriteAllText(metadata, draft.Metadata());
            File.WriteAllText(description, draft.Description());
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new
                {
                    Metadata = metadata, Description = description, Subjects = draft.Subjects, Photos = draft.Photos, From = draft.Naming,
                    draft.Table, draft.Absent, draft.Malformed, draft.Contradicted, draft.Mated, draft.Impostors, draft.Columns,
                });
            else
                Tell(draft, place);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Tell(DataSetDraft draft, string folder)
    {
        var from = draft.Naming switch
        {
            SubjectNaming.Folder => "the folder of each photo",
            SubjectNaming.FileName => "the name of each photo",
            _ => draft.Table,
        };
        Console.WriteLine($"{draft.Photos:N0} photos of {draft.Subjects:N0} subjects, by {from}. If that is wrong: --subjects, or edit "
            + "metadata.csv.");
        if (draft.Absent > 0)
            Console.WriteLine($"{draft.Absent:N0} rows of {draft.Table} name no photo that is there, or no subject, and were left out.");
        if (draft.Malformed > 0)
            Console.WriteLine($"{draft.Malformed:N0} rows of {draft.Table} cannot be read (quotes, or another number of fields than the "
                + "header), and were left out.");
        if (draft.Contradicted.Count > 0)
            Console.WriteLine($"{draft.Contradicted.Count:N0} photos stand under more than one subject in {draft.Table}, and were left out "
                + $"until that is settled: {string.Join(", ", draft.Contradicted.Take(5))}{(draft.Contradicted.Count > 5 ? ", …" : "")}.");
        Console.WriteLine(draft.Mated == 0
            ? "No subject has two photos: there is no mated comparison, and nothing can be said of misses. Put two photos of each person "
                + "there."
            : $"{draft.WithSeveral:N0} subjects have more than one photo: {draft.Mated:N0} mated and {draft.Impostors:N0} impostor "
                + "comparisons.");
        Console.WriteLine(
            (draft.Impostors < 10 ? "So few impostor comparisons support no FMR"
                : $"The lowest FMR that so many impostor comparisons support is {10.0 / draft.Impostors:0.0e-0}")
                + (draft.Subjects < 30 ? "; fewer than 30 subjects give no groups to compare." : "."));
        Console.WriteLine($"To fill in: the questions in {Path.Combine(folder, "dataset.json")}, and columns such as sex, race, age or "
            + "captured_on in");
        Console.WriteLine($"{Path.Combine(folder, "metadata.csv")}, where you want rates by them. Then:");
        Console.WriteLine($"  matchengine eval verify --data-set {folder} --out report");
    }

    private static Command Verify()
    {
        var options = new EvaluationOptions("all-pairs");
        var genuine = new Option<string?>("--genuine")
        {
            Description = "With --impostor instead of --scores: one mated score a line",
            HelpName = "FILE",
        };
        var impostor = new Option<string?>("--impostor") { Description = "With --genuine: one impostor score a line", HelpName = "FILE" };
        var corrected = new Option<string?>("--corrections")
        {
            Description =
                "A file of known mistakes of the metadata, or the name of a shipped one (lfw-a): results are given with and without it",
            HelpName = "NAME|FILE",
        };
        var checkpoint = new Option<string?>("--checkpoint")
        {
            Description = "File into which an all-pairs run saves its state now and then, and from which it goes on after an interruption",
            HelpName = "FILE",
        };
        var command = new Command("verify", "1:1: FMR, FNMR, DET, EER, accuracy over folds, differentials between groups")
        {
            options.DataSet, options.Scores, genuine, impostor, options.Format, options.Distances, options.Protocol,
            options.Out, options.By, options.Replicates, options.Threshold, options.ThresholdFrom,
            options.Strict, options.Thumbnails, options.Model, options.Quality, options.Half, corrected, checkpoint,
                EvaluationOptions.Faces, EvaluationOptions.MinQuality,
            SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (read, protocolFile) = options.ReadProtocol(parsed);
            var (protocol, claims) = options.WithReported(parsed, read, searches: false);
            var faults = new InputFaults(parsed.GetValue(options.Strict));
            var twoFiles = parsed.GetValue(genuine) is { } mated && parsed.GetValue(impostor) is { } other
                ? (mated, other)
                : ((string, string)?)null;
            if (twoFiles is null && (parsed.GetValue(genuine) ?? parsed.GetValue(impostor)) is not null)
                throw new UsageException("--genuine and --impostor belong together");
            var folder = twoFiles is null ? options.Folder(parsed) : parsed.GetValue(options.DataSet);
            var images = folder is null ? null : DataSetReader.Read(folder, faults);
            var distances = parsed.GetValue(options.Distances);
            EvaluationReport report;
            MeasuredTime[] times = [];
            if (twoFiles is { } files)
            {
                var comparisons = ScoreReader.ReadTwoFiles(files.Item1, files.Item2, faults, distances, cancellationToken);
                report = OfScores(comparisons, protocol, faults, claims, [files.Item1, files.Item2], cancellationToken);
            }
            else if (parsed.GetValue(options.Scores) is { } scores)
            {
                var comparisons = ProgressBar.Run("Reading scores", progress => ScoreReader.Read(
                    scores, ScoreReader.ParseFormat(parsed.GetRequiredValue(options.Format)), images, faults,
                    distances, progress, cancellationToken));
                report = OfScores(comparisons, protocol, faults, claims, [scores], cancellationToken);
            }
            else
            {
                var qualities = parsed.GetValue(options.Quality) is { } names
                    ? new QualityInput(names, images!, Path.Combine(folder!, "metadata.csv"), faults)
                    : null;
                EmbedderCard? card = null;
                var embeddings = EvaluationInput.Extract(
                    parsed.GetRequiredValue(SharedOptions.Data), folder!, images!, parsed.GetRequiredValue(options.Model),
                    parsed.GetValue(EvaluationOptions.Faces), faults, cancellationToken, qualities,
                        parsed.GetValue(EvaluationOptions.MinQuality),
                    (used, took) => (card, times) = (used, took is null ? [] : [took]));
                qualities?.Write(parsed.GetRequiredValue(options.Out));
                var how = new AllPairsOptions { Checkpoint = parsed.GetValue(checkpoint) };
                var corrections = EvaluationInput.CorrectionsFile(parsed.GetValue(corrected), protocol, protocolFile) is { } file
                    ? Corrections.Read(file)
                    : null;
                VerificationResult Run(DataSet set, InputFaults named, AllPairsOptions? all) => ProgressBar.Run(
                    "Comparing and drawing", progress => VerificationEvaluation.Run(
                        embeddings, set, protocol, folder, named, all, qualities?.Measures, progress, cancellationToken));
                report = new EvaluationReport
                {
                    Protocol = protocol,
                    Faults = faults,
                    DataSet = images,
                    System = parsed.GetRequiredValue(options.Model),
                    ModelDigest = embeddings.ModelDigest,
                    TemplateBytes = EvaluationInput.TemplateBytes(embeddings),
                    Gates = EvaluationOptions.Gates(parsed),
                    Claims = CardClaims.Of(card!, protocol.Thresholds, claims),
                    Verification = Run(images!, faults, how),
                    // What is wrong with the photos was named in the first run.
                    Corrected = corrections is null ? null : Run(corrections.Apply(images!, faults), new InputFaults(strict: false), null),
                    CorrectionsSource = corrections?.Source,
                };
            }
            return Task.FromResult(EvaluationOutput.Write(
                report, parsed.GetRequiredValue(options.Out), options.Report(parsed, times), parsed.GetValue(SharedOptions.Json)));
        });
        return command;
    }

    private static EvaluationReport OfScores(
        Comparisons comparisons, Protocol protocol, InputFaults faults, IReadOnlyDictionary<double, ClaimedRate> claims, string[] files,
        CancellationToken cancellationToken) => new()
        {
            Protocol = protocol,
            Faults = faults,
            // Not what was given but what the scores belong to.
            DataSet = comparisons.Images,
            Claims = claims,
            InputDigests = EvaluationInput.Digests(files),
            Verification = ProgressBar.Run(
                "Drawing", progress => VerificationEvaluation.Run(comparisons, protocol, null, faults, progress, cancellationToken)),
        };

    private static Command Identify()
    {
        var options = new EvaluationOptions("identification-open-set");
        var enrolment = new Option<string?>("--enrolment-log")
        {
            Description = "With --scores: the FRTE enrolment log, which says what was enrolled",
            HelpName = "FILE",
        };
        var mates = new Option<string?>("--mates")
        {
            Description = "With --scores in pyeer's layout: the true template of each query",
            HelpName = "FILE",
        };
        var index = new Option<bool>("--index-cost")
        {
            Description =
                "Also search with the approximate index (HNSW at its defaults) and say which mates it loses that the exact one finds",
        };
        var command = new Command("identify", "1:N: FNIR, FPIR, CMC, how they move with the gallery's size")
        {
            options.DataSet, options.Scores, enrolment, mates, options.Distances, options.Protocol,
            options.Out, options.By, options.Replicates, options.Threshold, options.ThresholdFrom,
            options.Strict, options.Thumbnails, options.Model, options.Half, index, EvaluationOptions.Faces, EvaluationOptions.MinQuality,
            SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (read, _) = options.ReadProtocol(parsed);
            var (protocol, claims) = options.WithReported(parsed, read, searches: true);
            var faults = new InputFaults(parsed.GetValue(options.Strict));
            var folder = options.Folder(parsed);
            var images = folder is null ? null : DataSetReader.Read(folder, faults);
            EvaluationReport report;
            MeasuredTime[] times = [];
            if (parsed.GetValue(options.Scores) is { } log)
            {
                var set = (parsed.GetValue(mates), parsed.GetValue(enrolment)) switch
                {
                    ({ } pairs, _) => SearchReader.ReadPyeer(log, pairs, faults, parsed.GetValue(options.Distances)),
                    (_, { } enrolled) when images is not null => SearchReader.ReadFrte(
                        log, images, SearchReader.ReadEnrolment(enrolled, faults), null, faults, parsed.GetValue(options.Distances)),
                    _ => throw new UsageException("a search log needs --enrolment-log and --data-set (FRTE), or --mates (pyeer)"),
                };
                report = new EvaluationReport
                {
                    Protocol = protocol,
                    Faults = faults,
                    DataSet = set.Images,
                    Claims = claims,
                    InputDigests = EvaluationInput.Digests(log, parsed.GetValue(mates), parsed.GetValue(enrolment)),
                    Identification = IdentificationEvaluation.Run([set], protocol, faults, cancellationToken),
                };
            }
            else
            {
                EmbedderCard? card = null;
                var embeddings = EvaluationInput.Extract(
                    parsed.GetRequiredValue(SharedOptions.Data), folder!, images!, parsed.GetRequiredValue(options.Model),
                    parsed.GetValue(EvaluationOptions.Faces), faults, cancellationToken, null,
                        parsed.GetValue(EvaluationOptions.MinQuality),
                    (used, took) => (card, times) = (used, took is null ? [] : [took]));
                var found = ProgressBar.Run(
                    "Searching and drawing",
                    progress => IdentificationEvaluation.Run(embeddings, images!, protocol, faults, progress, cancellationToken));
                report = new EvaluationReport
                {
                    Protocol = protocol,
                    Faults = faults,
                    DataSet = images,
                    System = parsed.GetRequiredValue(options.Model),
                    ModelDigest = embeddings.ModelDigest,
                    TemplateBytes = EvaluationInput.TemplateBytes(embeddings),
                    Gates = EvaluationOptions.Gates(parsed),
                    Claims = CardClaims.Of(card!, protocol.Thresholds, claims, found.Searches.GallerySize),
                    Identification = found,
                    IndexCosts = parsed.GetValue(index) ? CostsOfIndex(embeddings, images!, protocol, cancellationToken) : [],
                };
            }
            return Task.FromResult(EvaluationOutput.Write(
                report, parsed.GetRequiredValue(options.Out), options.Report(parsed, times), parsed.GetValue(SharedOptions.Json)));
        });
        return command;
    }

    /// <summary>What HNSW loses against the exhaustive scan, at each rank of the protocol.</summary>
    private static IReadOnlyList<IndexCost> CostsOfIndex(
        EmbeddingSet embeddings, DataSet images, Protocol protocol, CancellationToken cancellationToken)
    {
        var chosen = PhotoFilter.Apply(images, protocol.Filter, protocol.PhotosPerSubject, protocol.Half);
        var wanted = PhotoFilter.Only(embeddings, images, chosen);
        var model = ModelDigest.Parse(embeddings.ModelDigest!);
        SearchSet Search(string what, IVectorIndex empty) => ProgressBar.Run(
            // The same photos were found wanting in the exhaustive run already.
            what, progress => IndexSearch.Run(
                empty, wanted, chosen, protocol.Identification, new InputFaults(strict: false), progress: progress,
                cancellationToken: cancellationToken));
        var exact = Search("Searching exhaustively", new ExactIndex(model, embeddings.Dimension));
        var approximate = Search("Searching the graph", new HnswIndex(model, embeddings.Dimension));
        return [.. protocol.Identification.Ranks.Distinct().Order()
            .Select(rank => IndexCost.Of(exact, approximate, rank, null, protocol.Bootstrap))];
    }

    private static Command Compare()
    {
        var first = new Argument<string>("first") { Description = "report.json of one system, with its tables beside it", HelpName =
            "FIRST" };
        var second = new Argument<string>("second") { Description = "report.json of the other", HelpName = "SECOND" };
        var output = new Option<string>("--out")
        {
            Description = "Folder for comparison.json, comparison.html and comparison.csv",
            HelpName = "DIR",
            Required = true,
        };
        var replicates = new Option<int>("--replicates") { Description = "Draws of the people", HelpName = "N", DefaultValueFactory = _ =>
            2000 };
        var command = new Command("compare", "Two reports side by side: who misses fewer, of whom, by drawing the same people for both")
        {
            first, second, output, replicates, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(replicates) < 100)
                throw new UsageException("--replicates takes a number from 100 on");
            var (one, other) = (ReportFile.Read(parsed.GetRequiredValue(first)), ReportFile.Read(parsed.GetRequiredValue(second)));
            var comparison = ReportComparison.Of(one, other, parsed.GetValue(replicates), cancellationToken: cancellationToken);
            var files = ComparisonOutput.Write(
                comparison, parsed.GetRequiredValue(output), DateOnly.FromDateTime(DateTime.UtcNow));
            if (parsed.GetValue(SharedOptions.Json))
                Console.WriteLine(File.ReadAllText(files[0]).TrimEnd());
            else
            {
                foreach (var sentence in ComparisonOutput.Summary(comparison))
                    Console.WriteLine(sentence);
                Console.WriteLine();
                foreach (var file in files)
                    Console.WriteLine(Path.GetFullPath(file));
            }
            return Task.FromResult(ExitCode.Done);
        });
        return command;
    }

    private static Command Scores()
    {
        var options = new EvaluationOptions("all-pairs");
        var output = new Option<string>("--out") { Description = "The file that is written", HelpName = "FILE", Required = true };
        var layout = new Option<string>("--layout")
        {
            Description = "csv or frte-1:1 (comparisons), frte-search (candidate lists)",
            HelpName = "NAME",
            DefaultValueFactory = _ => ScoreFiles.Csv,
        };
        layout.AcceptOnlyFromAmong(ScoreFiles.Csv, ScoreFiles.FrteMatch, ScoreFiles.FrteSearch);
        var command = new Command("scores", "Write the scores that a protocol wants to a file, so that other tools can check us")
        {
            options.DataSet, options.Protocol, layout, output, options.Strict, options.Model, EvaluationOptions.Faces,
                EvaluationOptions.MinQuality,
            SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (protocol, _) = options.ReadProtocol(parsed);
            var faults = new InputFaults(parsed.GetValue(options.Strict));
            var folder = parsed.GetValue(options.DataSet) ?? throw new UsageException("give the photos with --data-set");
            var file = parsed.GetRequiredValue(output);
            var images = DataSetReader.Read(folder, faults);
            var embeddings = EvaluationInput.Extract(
                parsed.GetRequiredValue(SharedOptions.Data), folder, images, parsed.GetRequiredValue(options.Model),
                parsed.GetValue(EvaluationOptions.Faces), faults, cancellationToken, null, parsed.GetValue(EvaluationOptions.MinQuality));
            ScoreFiles.Write(parsed.GetRequiredValue(layout), file, embeddings, images, protocol, folder, faults, cancellationToken);
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(new { File = Path.GetFullPath(file), LeftOut = faults.Counts });
            else
                Console.WriteLine(Path.GetFullPath(file));
            return Task.FromResult(faults.Total > 0 ? ExitCode.NothingOrPartly : ExitCode.Done);
        });
        return command;
    }
}
