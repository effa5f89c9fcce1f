using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Evaluation.Cohorts;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Subjects;
using MatchEngine.Rates.Cohorts;

namespace MatchEngine.Cli.Evaluation;

/// <summary><c>eval cohort</c>: whether the strangers that searches foretell are those that come, for each group.</summary>
internal static class EvalCohort
{
    public static Command Create()
    {
        var options = new EvaluationOptions("cohort");
        var probes = new Option<string?>("--probes")
        {
            Description = "Folder of another data set whose photos are searched with; none of its people is taken to be enrolled. "
                + "Without it the people of --data-set are searched with their own photos, each with and without its person enrolled",
            HelpName = "DIR",
        };
        var floors = new Option<double[]>("--floor")
        {
            Description = "Score floors, −1 … 1, at which strangers are predicted and counted",
            HelpName = "F…",
            AllowMultipleArgumentsPerToken = true,
            Required = true,
        };
        var enrolled = new Option<int>("--enrolled")
        {
            Description = "How many photos of a person are enrolled, the first by name; 0 for all",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var corrected = new Option<string?>("--corrections")
        {
            Description = "A file of known mistakes of --data-set's metadata, or the name of a shipped one (lfw-a), to be put right first",
            HelpName = "NAME|FILE",
        };
        var output = new Option<string?>("--out")
        {
            Description = "Folder for cohort.json, cohort.csv and cohort.md; without it the table is only shown",
            HelpName = "DIR",
        };
        var command = new Command(
            "cohort", "1:N: strangers that searches predict from their own scores against those that were counted, by slice")
        {
            options.DataSet, probes, floors, enrolled, options.Protocol, options.By, options.Half, corrected, output, options.Strict,
            options.Model, EvaluationOptions.Faces, SharedOptions.Data, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (protocol, protocolFile) = options.ReadProtocol(parsed);
            var folder = parsed.GetValue(options.DataSet) ?? throw new UsageException("give the gallery's photos with --data-set");
            var plan = new CohortPlan
            {
                Floors = [.. parsed.GetRequiredValue(floors).Order()],
                EnrolledPerSubject = parsed.GetValue(enrolled) is > 0 and var most ? most : null,
            };
            plan.Validate();
            var faults = new InputFaults(parsed.GetValue(options.Strict));
            var corrections = EvaluationInput.CorrectionsFile(parsed.GetValue(corrected), protocol, protocolFile) is { } file
                ? Corrections.Read(file)
                : null;
            var model = parsed.GetRequiredValue(options.Model);
            (DataSet Images, EmbeddingSet Embeddings) Extract(string from)
            {
                var images = DataSetReader.Read(from, faults);
                return (images, EvaluationInput.Extract(
                    parsed.GetRequiredValue(SharedOptions.Data), from, images, model, parsed.GetValue(EvaluationOptions.Faces), faults,
                    cancellationToken));
            }
            var people = Extract(folder);
            var set = corrections?.Apply(people.Images, faults) ?? people.Images;
            var others = parsed.GetValue(probes) is { } other ? Extract(other) : ((DataSet Images, EmbeddingSet Embeddings)?)null;
            var result = ProgressBar.Run("Searching", progress => others is var (images, embeddings)
                ? CohortEvaluation.Run(people.Embeddings, set, embeddings, images, protocol, plan, faults, progress, cancellationToken)
                : CohortEvaluation.Run(people.Embeddings, set, protocol, plan, faults, progress, cancellationToken));
            var report = new CohortReport(result, protocol, model, people.Embeddings.ModelDigest, corrections?.Source);
            var files = parsed.GetValue(output) is { } target ? report.Write(target) : [];
            foreach (var fault in faults.First.Take(10))
                Console.Error.WriteLine($"left out: {(fault.Line > 0 ? $"{fault.File}:{fault.Line}" : fault.File)}: {fault.Reason}");
            if (parsed.GetValue(SharedOptions.Json))
                Console.Write(report.ToJson());
            else
                Write(report, files);
            return Task.FromResult(faults.Total > 0 ? ExitCode.NothingOrPartly : ExitCode.Done);
        });
        return command;
    }

    private static void Write(CohortReport report, IReadOnlyList<string> files)
    {
        Console.WriteLine(report.Heading());
        foreach (var mate in report.Result.Rows.GroupBy(row => row.Mate))
        {
            Console.WriteLine();
            Console.WriteLine(mate.Key == MateEnrolment.Enrolled ? "Enrolled with another photo" : "Not enrolled");
            var table = Terminal.Table(
                "slice", ">floor", ">people", ">searches", ">predicted", ">counted", ">ratio", ">95 % by person", "holds");
            foreach (var slice in mate)
            {
                var row = slice.Row;
                table.AddPlainRow(
                    slice.Name, $"{row.Floor:0.00##}", $"{row.People:N0}", $"{row.Searches:N0}", $"{row.Predicted:N1}", $"{row.Counted:N0}",
                    Ratio(row.Ratio), $"{Ratio(row.Low)} … {Ratio(row.High)}",
                    !slice.IsJudged ? "-" : (row.Holds ? "yes" : "NO") + (slice.IsJudgedByCount ? "" : " (interval)"));
            }
            Terminal.Out.Write(table);
        }
        Console.WriteLine();
        Console.WriteLine(report.Verdict());
        Console.WriteLine(
            $"With {CohortRow.LeastCounted} counted or more the ratio is judged, to lie within 1.5 (within 3 below a tenth of a stranger a "
                + "search); with fewer its interval, to reach into that.");
        if (report.Result.Rows.Sum(row => row.Row.Unsaid) is > 0 and var unsaid)
            Console.WriteLine($"In {unsaid:N0} searches and slices no number could be said: the gallery has too few people.");
        foreach (var note in report.Result.Notes)
            Console.WriteLine(note);
        foreach (var file in files)
            Console.WriteLine(Path.GetFullPath(file));
    }

    private static string Ratio(double value) => double.IsFinite(value) ? $"{value:0.00}" : "-";
}
