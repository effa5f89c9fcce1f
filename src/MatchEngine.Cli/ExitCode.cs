namespace MatchEngine.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCode
{
    /// <summary>Done, wholly.</summary>
    public const int Done = 0;

    /// <summary>Nothing was found, or some of it failed.</summary>
    public const int NothingOrPartly = 1;

    /// <summary>Bad usage or input; nothing was done.</summary>
    public const int BadUsage = 2;

    /// <summary>Ended by Ctrl-C or SIGTERM (128 + SIGINT, as shells count).</summary>
    public const int Interrupted = 130;
}
