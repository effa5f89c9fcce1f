using MatchEngine.Cli.Output;
using MatchEngine.Vetting.Runs;
using Spectre.Console;

namespace MatchEngine.Cli.Vetting;

/// <summary>
/// Shows on standard error how an examination goes: on a terminal a bar for each step with a live line of figures, in a log a line a step.
/// </summary>
internal static class VetProgress
{
    private const int WidestDetail = 80;

    /// <summary>Runs an examination under it.</summary>
    public static Task<T> RunAsync<T>(Func<IProgress<RunProgress>, Task<T>> work)
    {
        if (!Terminal.Error.Profile.Capabilities.Interactive || Console.IsErrorRedirected)
            return work(new Log());
        return Terminal.Error.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(context => work(new Bars(context)));
    }

    private sealed class Bars(ProgressContext context) : IProgress<RunProgress>
    {
        private readonly Lock _gate = new();
        private string? _step;
        private ProgressTask? _task;

        public void Report(RunProgress value)
        {
            lock (_gate)
            {
                if (value.Step != _step)
                {
                    if (_task is { } done)
                        done.Value = 100;
                    (_step, _task) = (value.Step, context.AddTask(Markup.Escape(value.Step)));
                }
                _task!.Value = 100 * value.Share;
                if (value.Detail is { } detail)
                    _task.Description = Markup.Escape(
                        $"{value.Step}: {(detail.Length > WidestDetail ? detail[..WidestDetail] : detail)}");
            }
        }
    }

    private sealed class Log : IProgress<RunProgress>
    {
        private readonly Lock _gate = new();
        private string? _step;

        public void Report(RunProgress value)
        {
            lock (_gate)
            {
                if (value.Step == _step)
                    return;
                _step = value.Step;
                Console.Error.WriteLine(value.Step);
            }
        }
    }
}
