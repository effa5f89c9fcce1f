using MatchEngine.Evaluation.Reports;

namespace MatchEngine.Cli.Evaluation;

/// <summary>Writes a finished evaluation to its folder and tells what it says.</summary>
internal static class EvaluationOutput
{
    /// <summary>Writes the report.</summary>
    /// <returns>The exit code: 1 when something of the input was left out.</returns>
    public static int Write(EvaluationReport report, string folder, ReportOptions options, bool json)
    {
        var files = ReportWriter.Write(report, folder, options);
        foreach (var fault in report.Faults.First.Take(10))
            Console.Error.WriteLine($"left out: {(fault.Line > 0 ? $"{fault.File}:{fault.Line}" : fault.File)}: {fault.Reason}");
        if (report.Faults.Total > 10)
            Console.Error.WriteLine($"left out: {report.Faults.Total:N0} in all; report.json counts them by kind");
        if (json)
        {
            using var output = Console.OpenStandardOutput();
            output.Write(System.Text.Encoding.UTF8.GetBytes(ReportJson.Write(report)));
        }
        else
        {
            foreach (var sentence in Conclusions.Of(report))
                Console.WriteLine(sentence);
            Console.WriteLine();
            foreach (var file in files.Take(2))
                Console.WriteLine(Path.GetFullPath(file));
            Console.WriteLine($"and {files.Count - 2} tables beside them");
        }
        return report.Faults.Total > 0 ? ExitCode.NothingOrPartly : ExitCode.Done;
    }
}
