using System.CommandLine;
using MatchEngine.Cli.Output;
using MatchEngine.Cli.Remote;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Faces;
using MatchEngine.Frs.Errors;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Cli;

/// <summary>Runs a command line: usage errors, known errors and interruption become one line and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>Parses and runs.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        var json = parsed.CommandResult.Command.Options.Contains(SharedOptions.Json) && parsed.GetValue(SharedOptions.Json);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync($"'{CommandPath(parsed)} --help' shows the usage.");
            if (json)
                JsonOutput.WriteError("usage", parsed.Errors[0].Message);
            return ExitCode.BadUsage;
        }
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return Fail("interrupted", "interrupted; what was finished stays", json, ExitCode.Interrupted);
        }
        catch (AggregateException error) when (error.InnerExceptions is [var only] && Reason(only) is { } reason)
        {
            return Fail(reason, only.Message, json, Exit(only));
        }
        catch (AcquisitionException error)
        {
            return Fail(error.Reason.ToCode(), error.Message, json, Exit(error), QualityOutput.ToJson(error.Quality));
        }
        catch (Exception error) when (Reason(error) is { } reason)
        {
            return Fail(reason, error.Message, json, Exit(error));
        }
    }

    private static int Fail(string reason, string message, bool json, int code, object? quality = null)
    {
        Console.Error.WriteLine("matchengine: " + message);
        if (json)
            JsonOutput.WriteError(reason, message, quality);
        return code;
    }

    private static string CommandPath(ParseResult parsed)
    {
        var names = new List<string>();
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, result.Command is RootCommand ? "matchengine" : result.Command.Name);
        return string.Join(' ', names);
    }

    /// <summary>
    /// The code of an error that a user can do something about; null for what is a fault of ours and must come with its stack.
    /// </summary>
    private static string? Reason(Exception error) => ErrorCodes.Of(error) ?? error switch
    {
        UsageException => "usage",
        RefusedByServiceException refused => refused.Code,
        EvaluationException => "evaluation",
        AnswersPendingException => "answers_pending",
        VettingException => "vetting",
        TargetUnusableException => "target_unusable",
        TargetOutOfReachException => "owner_agreement",
        DllNotFoundException => "native_library",
        FileNotFoundException or DirectoryNotFoundException => "not_found",
        IOException or UnauthorizedAccessException => "io",
        _ => null,
    };

    // What was asked for is done in part, and goes on another time.
    private static int Exit(Exception error) =>
        ErrorExits.Of(error) ?? (error is AnswersPendingException ? ExitCode.NothingOrPartly : ExitCode.BadUsage);
}

/// <summary>The command line asks for something that makes no sense.</summary>
/// <param name="message">Says what and what to do instead.</param>
internal sealed class UsageException(string message) : Exception(message);
