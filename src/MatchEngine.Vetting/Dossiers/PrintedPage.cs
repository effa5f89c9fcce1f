using System.ComponentModel;
using MatchEngine.Vetting.Programs;
using MatchEngine.Vetting.Runs;

namespace MatchEngine.Vetting.Dossiers;

/// <summary>The page on paper: a PDF, printed by Chromium where that is installed.</summary>
public static class PrintedPage
{
    /// <summary>The file's name.</summary>
    public const string FileName = "dossier.pdf";

    private const int MostWords = 1 << 20;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "chrome.exe"];

    /// <summary>The program that prints; null where none is installed.</summary>
    public static string? Printer { get; } = Names
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    /// <summary>Prints a page.</summary>
    /// <param name="page">The page's file.</param>
    /// <param name="pdf">The file that is written.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="VettingException">Chromium did not print it.</exception>
    /// <exception cref="InvalidOperationException">There is no <see cref="Printer"/>.</exception>
    internal static async Task MakeAsync(string page, string pdf, CancellationToken cancellationToken)
    {
        var program = Printer ?? throw new InvalidOperationException("there is no Chromium");
        var profile = Directory.CreateTempSubdirectory("matchengine-print-");
        using var late = new CancellationTokenSource(Patience);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var run = await ProgramRun.MakeAsync(
                [
                    program, "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-background-networking",
                    $"--user-data-dir={profile.FullName}",
                    // Chromium refuses to work for root within its sandbox.
                    .. Environment.IsPrivilegedProcess ? (string[])["--no-sandbox"] : [],
                    "--no-pdf-header-footer", $"--print-to-pdf={Path.GetFullPath(pdf)}", new Uri(Path.GetFullPath(page)).AbsoluteUri,
                ],
                default, MostWords, ended.Token).ConfigureAwait(false);
            if (run.ExitCode != 0 || !File.Exists(pdf))
                throw Failed($"exit code {run.ExitCode}: {run.Complaints}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed($"it did not end within {Patience.TotalSeconds:0} s");
        }
        catch (Exception error) when (error is Win32Exception or ProgramOutputException)
        {
            throw Failed(error.Message);
        }
        finally
        {
            Delete(profile);
        }

        VettingException Failed(string why) => new($"{pdf}: {program} did not print it ({why}); leave it out with --no-pdf");
    }

    private static void Delete(DirectoryInfo profile)
    {
        try
        {
            profile.Delete(recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A process of the browser still writes there; the folder is the system's to clear away.
        }
    }
}
