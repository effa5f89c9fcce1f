using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Vetting.Runs;

namespace MatchEngine.Vetting.Dossiers;

/// <summary>The files of a dossier.</summary>
public static class DossierFolder
{
    /// <summary>The dossier.</summary>
    public const string JsonName = "dossier.json";

    /// <summary>The page.</summary>
    public const string PageName = "dossier.html";

    /// <summary>What describes <see cref="JsonName"/>.</summary>
    public const string SchemaName = "dossier.schema.json";

    /// <summary>The run's journal, from which an interrupted run goes on; it is no part of the dossier.</summary>
    public const string JournalName = "run.jsonl";

    private const string Searches = "identification", Comparisons = "verification";
    private const long LargestDossier = 256 << 20;

    /// <summary>Writes a dossier with its page, its schema and the reports of its accuracy, and signs them.</summary>
    /// <param name="dossier">The dossier.</param>
    /// <param name="folder">The folder; made when it is missing. Files of the same name are replaced, each as a whole.</param>
    /// <param name="key">The key.</param>
    /// <param name="prints">Whether the page is printed too, where there is a <see cref="PrintedPage.Printer"/>.</param>
    /// <param name="cancellationToken">Ends it; a folder without a signature was not finished.</param>
    /// <returns>The files that were written, without the folder.</returns>
    /// <exception cref="VettingException">The folder cannot be written to, or the page not be printed.</exception>
    public static async Task<IReadOnlyList<string>> WriteAsync(
        Dossier dossier, string folder, ECDsa key, bool prints, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dossier);
        ArgumentNullException.ThrowIfNull(key);
        var json = DossierJson.Make(dossier);
        try
        {
            Directory.CreateDirectory(folder);
            // What a run before this one left would not belong to what is signed now.
            File.Delete(Path.Combine(folder, DossierSignature.FileName));
            File.Delete(Path.Combine(folder, PrintedPage.FileName));
            var files = new List<string> { JsonName, PageName, SchemaName };
            Put(folder, JsonName, DossierJson.Write(json));
            Put(folder, PageName, DossierPage.Make(json));
            Put(folder, SchemaName, Schema());
            foreach (var (name, report) in new[]
            {
                (Searches, dossier.Accuracy?.Identification), (Comparisons, dossier.Accuracy?.Verification),
            })
            {
                if (report is not null)
                    files.AddRange(
                        ReportWriter.Write(report, Path.Combine(folder, name)).Select(file => $"{name}/{Path.GetFileName(file)}"));
            }
            if (prints && PrintedPage.Printer is not null)
            {
                await PrintedPage.MakeAsync(
                    Path.Combine(folder, PageName), Path.Combine(folder, PrintedPage.FileName), cancellationToken).ConfigureAwait(false);
                files.Add(PrintedPage.FileName);
            }
            // The signature last: a folder without it was not finished.
            Put(folder, DossierSignature.FileName, DossierSignature.Sign(folder, files, key));
            return [.. files, DossierSignature.FileName];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VettingException($"{folder}: the dossier cannot be written ({error.Message})", error);
        }
    }

    /// <summary>Reads the JSON of a dossier.</summary>
    /// <param name="place">Its folder, or the file.</param>
    /// <exception cref="VettingException">There is none, or it is none.</exception>
    public static JsonObject Read(string place)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(place);
        var file = Directory.Exists(place) ? Path.Combine(place, JsonName) : place;
        try
        {
            if (new FileInfo(file).Length > LargestDossier)
                throw new VettingException($"{file}: a dossier is smaller than {LargestDossier >> 20} MiB");
            if (JsonNode.Parse(File.ReadAllBytes(file)) is JsonObject read && read["schema"] is JsonValue schema
                && schema.GetValueKind() == JsonValueKind.String && schema.GetValue<string>() == Dossier.Schema)
                return read;
            throw new VettingException($"{file}: this is no dossier of {Dossier.Schema}");
        }
        catch (JsonException error)
        {
            throw new VettingException($"{file}: this is no dossier ({error.Message})", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new VettingException($"{file}: cannot be read ({error.Message})", error);
        }
    }

    /// <summary>The report of searches of a dossier, whether or not it is there.</summary>
    internal static string Report(string place) =>
        Path.Combine(Directory.Exists(place) ? place : Path.GetDirectoryName(Path.GetFullPath(place))!, Searches, "report.json");

    /// <summary>The JSON Schema of <see cref="JsonName"/>.</summary>
    public static string Schema()
    {
        using var stream = typeof(DossierFolder).Assembly.GetManifestResourceStream(SchemaName)
            ?? throw new InvalidOperationException($"the resource {SchemaName} is missing from the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void Put(string folder, string name, string content)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file + ".tmp", content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        File.Move(file + ".tmp", file, overwrite: true);
    }
}
