using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using MatchEngine.Cli.Output;
using MatchEngine.Client;

namespace MatchEngine.Cli.Remote;

/// <summary><c>search --service</c>: the same table and the same JSON of a list that a service gives.</summary>
internal static class RemoteSearch
{
    /// <summary>What is asked for; null where the service decides.</summary>
    /// <param name="Top">The longest list.</param>
    /// <param name="Floor">The score floor.</param>
    /// <param name="FloorStrangers">The number of strangers that chooses one.</param>
    /// <param name="Where">Conditions on biographics.</param>
    /// <param name="Idc">Which face of a file of records.</param>
    public sealed record Terms(int? Top, float? Floor, double? FloorStrangers, string[]? Where, int? Idc);

    /// <summary>Asks and shows.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(ParseResult parsed, string path, Terms terms, CancellationToken cancellationToken)
    {
        using var connection = ServiceOptions.Open(parsed);
        using var probe = ImageArgument.Read(path);
        var sent = probe.Span.ToArray();
        try
        {
            var gallery = parsed.GetRequiredValue(SharedOptions.Gallery);
            var list = await ServiceOptions.AskAsync(() => connection.Client.SearchAsync(
                new SearchRequest
                {
                    Image = sent,
                    Galleries = [gallery],
                    ListLength = terms.Top,
                    ScoreFloor = terms.Floor,
                    ScoreFloorStrangers = terms.FloorStrangers,
                    Filter = terms.Where is { Length: > 0 } conditions ? conditions : null,
                    Idc = terms.Idc,
                    Face = ServiceOptions.Face(parsed),
                    Purpose = ServiceOptions.Purpose(parsed),
                    ApprovalId = parsed.GetValue(ServiceOptions.Approval),
                },
                cancellationToken));
            if (parsed.GetValue(SharedOptions.Json))
                JsonOutput.Write(ToJson(list, gallery, terms));
            else
                Write(list);
            return list.Candidates.Count > 0 ? ExitCode.Done : ExitCode.NothingOrPartly;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(sent);
        }
    }

    /// <summary>The keys that a list of this machine has; what a service does not tell is null.</summary>
    private static object ToJson(SearchResponse list, string gallery, Terms terms) => new
    {
        list.SearchId,
        Gallery = gallery,
        list.Model,
        list.Path,
        list.Exhaustive,
        list.GallerySize,
        Filter = terms.Where is { Length: > 0 } conditions ? conditions : null,
        SubjectsSearched = list.StrangersExpected?.Comparisons,
        list.ListLength,
        Floor = list.ScoreFloor,
        list.StrangersExpected,
        list.Notices,
        ElapsedMs = new
        {
            list.Timings.Decode, list.Timings.Detect, list.Timings.Embed, Assess = (double?)null, list.Timings.Search, list.Timings.Total,
        },
        Probe = list.Probe is { } probe
            ? new { probe.Box, probe.FacesFound, probe.ImageWidth, probe.ImageHeight, list.Quality }
            : null,
        Candidates = list.Candidates.Select(candidate => new
        {
            candidate.Rank,
            candidate.SubjectId,
            candidate.Score,
            candidate.Fmr,
            candidate.StrangersExpected,
            EncounterId = candidate.Encounter.Id,
            candidate.Encounter.Image,
            candidate.Encounter.Box,
            Quality = (double?)null,
            candidate.SourceUrl,
            candidate.Biographics,
            candidate.ScorePercent,
        }),
        list.Populations,
        Disclaimer = list.Disclaimer.Text,
        DisclaimerVersion = list.Disclaimer.Version,
        list.Withheld,
        list.FloorGaveWay,
        list.Receipt,
    };

    private static void Write(SearchResponse list)
    {
        var populations = WireRates.Populations(list.Populations);
        var floor = list.ScoreFloor is { } value ? Digits(value) : null;
        CandidateTable.Write(
            [.. list.Candidates.Select(candidate => new CandidateRow(
                candidate.Rank, candidate.SubjectId, Score(candidate), RateOutput.Text(WireRates.Range(candidate.Fmr, populations)),
                Terminal.Strangers(candidate.StrangersExpected?.Value, candidate.StrangersExpected?.High),
                CandidateRow.Photo(
                    candidate.Encounter.Image, candidate.Encounter.Face, candidate.Encounter.FacesFound, candidate.SourceUrl),
                candidate.Biographics))],
            floor is null ? "No candidates." : $"No candidates at or above the score floor {floor}.");
        Console.WriteLine(
            $"{list.Candidates.Count} of at most {list.ListLength} candidates from {list.GallerySize:N0} templates in "
                + $"{string.Join(", ", list.Galleries.Select(PlainText.Of))}{(floor is null ? "" : $", score floor {floor}")}; "
                + $"model {PlainText.Of(list.Model)}, path {PlainText.Of(list.Path)} "
                + $"({(list.Exhaustive ? "the whole gallery" : "not the whole gallery")}), {list.Timings.Total:0.0} ms (search "
                + $"{list.Timings.Search:0.00} ms).");
        if (list.StrangersExpected is { } strangers)
            Console.WriteLine(PlainText.Of(strangers.Reason == "no-floor"
                ? CandidateTable.WithoutFloor
                : CandidateTable.Expected(
                    strangers.Value, strangers.Low, strangers.High, strangers.Population, WireRates.Reason(strangers.Reason))));
        RateOutput.WritePopulations(Console.Out, [.. populations.Values]);
        foreach (var notice in list.Notices)
            Console.WriteLine(PlainText.Of($"Notice: {notice}."));
        if (list.Withheld > 0)
            Console.WriteLine($"{list.Withheld} withheld: a rule of the gallery demands more candidates than there are.");
        if (list.Quality is { } quality)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Probe quality {quality.Overall:0} of 100"));
            foreach (var advice in quality.Components.Select(component => component.Advice).OfType<string>())
                Console.WriteLine(PlainText.Of($"  {advice}"));
        }
        Console.WriteLine();
        Console.WriteLine(PlainText.Of(list.Disclaimer.Text));
    }

    // A gallery's profile may tell a percentage, or nothing.
    private static string Score(CandidateResponse candidate) => candidate switch
    {
        { Score: { } score } => Digits(score),
        { ScorePercent: { } percent } => percent.ToString("0.00", CultureInfo.InvariantCulture) + " %",
        _ => "-",
    };

    private static string Digits(double score) => Terminal.Score((float)score);
}
