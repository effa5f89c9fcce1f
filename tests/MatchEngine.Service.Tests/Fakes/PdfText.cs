using System.Diagnostics;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>What a printed sheet says, read back with poppler's tools. Where they are not installed the calling test is skipped and says
/// so.</summary>
internal static class PdfText
{
    /// <summary>The text of each page.</summary>
    public static async Task<IReadOnlyList<string>> PagesAsync(byte[] pdf)
    {
        var text = await RunAsync("pdftotext", pdf, "-layout", "-enc", "UTF-8", "-", "-");
        // Each page ends with a form feed.
        return text.Split('\f')[..^1];
    }

    /// <summary>On which page each picture is drawn, from 1: one that is cut by the end of a page is drawn on two.</summary>
    public static async Task<IReadOnlyList<int>> PicturesAsync(byte[] pdf)
    {
        var table = await RunAsync("pdfimages", pdf, "-list", "-");
        // Two lines of head; a mask belongs to its picture.
        return
        [
            .. table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2)
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(row => row[2] == "image").Select(row => int.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture)),
        ];
    }

    private static async Task<string> RunAsync(string program, byte[] input, params string[] arguments)
    {
        Assert.SkipUnless(
            (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(
                folder => File.Exists(Path.Combine(folder, program))),
            $"needs {program}: install Debian's package poppler-utils");
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(input, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return await output;
    }
}
