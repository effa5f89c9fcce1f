using System.Diagnostics;
using MatchEngine.Galleries.Enrolment;
using Spectre.Console;

namespace MatchEngine.Cli.Output;

/// <summary>Shows on standard error how far an enrolment has come: a bar on a terminal, a line now and then in a log.</summary>
internal static class EnrolmentProgressBar
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);

    /// <summary>Runs an enrolment under a bar.</summary>
    /// <param name="source">Counted beforehand, so that the bar has an end.</param>
    /// <param name="enrol">Starts the enrolment.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    public static async Task<EnrolmentReport> RunAsync(
        IEnrolmentSource source, Func<IProgress<EnrolmentProgress>, Task<EnrolmentReport>> enrol, CancellationToken cancellationToken)
    {
        if (!Terminal.Error.Profile.Capabilities.Interactive || Console.IsErrorRedirected)
            return await enrol(new Log());
        var total = await Task.Run(() => source.Read(cancellationToken).LongCount(), cancellationToken);
        return await Terminal.Error.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask("Enrolling", maxValue: Math.Max(1, total));
                return await enrol(new Bar(bar, total));
            });
    }

    private static string Describe(EnrolmentProgress progress) =>
        $"{progress.Done:N0} photos: {progress.Enrolled:N0} enrolled, {progress.Duplicates:N0} already there, {progress.Failed:N0} failed, "
        + $"{progress.Done / Math.Max(0.001, progress.Elapsed.TotalSeconds):0.0}/s";

    // Not System.Progress: it posts to the thread pool, where reports overtake each other.
    private sealed class Bar(ProgressTask task, long total) : IProgress<EnrolmentProgress>
    {
        public void Report(EnrolmentProgress value)
        {
            task.Value = value.Done;
            task.Description =
                $"Enrolling {value.Done:N0} of {total:N0} ({value.Failed:N0} failed, "
                    + $"{value.Done / Math.Max(0.001, value.Elapsed.TotalSeconds):0.0}/s)";
        }
    }

    private sealed class Log : IProgress<EnrolmentProgress>
    {
        private long _last = Stopwatch.GetTimestamp();

        public void Report(EnrolmentProgress value)
        {
            if (Stopwatch.GetElapsedTime(_last) < LogEvery)
                return;
            _last = Stopwatch.GetTimestamp();
            Console.Error.WriteLine(Describe(value));
        }
    }
}
