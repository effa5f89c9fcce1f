using System.Diagnostics;
using Spectre.Console;

namespace MatchEngine.Cli.Output;

/// <summary>Shows on standard error which share of long work is done: a bar on a terminal, a line now and then in a log.</summary>
internal static class ProgressBar
{
    private static readonly TimeSpan LogEvery = TimeSpan.FromSeconds(10);

    /// <summary>Runs work under a bar.</summary>
    /// <param name="what">What is being done, for people.</param>
    /// <param name="work">Reports shares of 0 … 1, from any thread.</param>
    public static T Run<T>(string what, Func<IProgress<double>, T> work)
    {
        if (!Terminal.Error.Profile.Capabilities.Interactive || Console.IsErrorRedirected)
            return work(new Log(what));
        return Terminal.Error.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new Bar(context.AddTask(Markup.Escape(what)))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = 100 * value;
    }

    private sealed class Log(string what) : IProgress<double>
    {
        private long _last = Stopwatch.GetTimestamp();

        public void Report(double value)
        {
            var last = Interlocked.Read(ref _last);
            // Of several threads that come at once one writes the line.
            if (Stopwatch.GetElapsedTime(last) >= LogEvery
                && Interlocked.CompareExchange(ref _last, Stopwatch.GetTimestamp(), last) == last)
                Console.Error.WriteLine($"{what}: {value:P0}");
        }
    }
}
