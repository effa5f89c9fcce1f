using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using MatchEngine.Vetting.Dossiers;

namespace MatchEngine.Vetting.Tests.Dossiers;

/// <summary>The page as Chromium prints it for the command. Without Chromium the tests are skipped and say so.</summary>
public sealed partial class PrintedPageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("printed-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_dossier_is_printed_on_sheets_of_one_size_and_the_signature_covers_them()
    {
        Assert.SkipWhen(PrintedPage.Printer is null, "needs a browser: install Debian's package chromium");
        using var key = DossierSignature.Key(null);
        var files = await DossierFolder.WriteAsync(
            SampleDossier.Of(told: SampleDossier.Hostile), _folder, key, prints: true, Token);
        Assert.Contains("dossier.pdf", files);
        var pdf = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(_folder, "dossier.pdf"), Token));
        Assert.StartsWith("%PDF-", pdf, StringComparison.Ordinal);
        var boxes = MediaBox().Matches(pdf).Select(box => (Width: Points(box, "w"), Height: Points(box, "h"))).ToList();
        // A sheet of A4 in points.
        Assert.All(boxes, box => Assert.True(Math.Abs(box.Width - 595.3) < 1 && Math.Abs(box.Height - 841.9) < 1, $"{box}"));
        Assert.InRange(boxes.Count, 3, 60);
        Assert.True(DossierSignature.Check(_folder).IsWhole);
        Assert.Contains("dossier.pdf", DossierSignature.Check(_folder).Files);

        // Written again without it, the one from before does not stay beside what is signed then.
        await DossierFolder.WriteAsync(SampleDossier.Of(), _folder, key, prints: false, Token);
        Assert.False(File.Exists(Path.Combine(_folder, "dossier.pdf")));
        Assert.True(DossierSignature.Check(_folder).IsWhole);

        static double Points(Match box, string side) => double.Parse(box.Groups[side].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"/MediaBox\s*\[\s*0\s+0\s+(?<w>[0-9.]+)\s+(?<h>[0-9.]+)\s*\]", RegexOptions.ExplicitCapture)]
    private static partial Regex MediaBox();
}
