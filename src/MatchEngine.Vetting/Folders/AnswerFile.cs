using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CsvHelper;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Searches;
using MatchEngine.Vetting.MappedHttp;
using MatchEngine.Vetting.Rest;
using MatchEngine.Vetting.Targets;
using MatchEngine.Vetting.Transport;

namespace MatchEngine.Vetting.Folders;

/// <summary>Somebody's answer to a submission: a candidate list, or why there is none, as CSV, JSON or ANSI/NIST.</summary>
internal static class AnswerFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    private static readonly Dictionary<string, Func<byte[], string, SearchAnswer>> Readers = new(StringComparer.OrdinalIgnoreCase)
    {
        [".json"] = (bytes, _) => OfJson(bytes), [".csv"] = (bytes, _) => OfCsv(bytes), [".an2"] = OfTransaction,
    };

    /// <summary>How the names of answers end.</summary>
    public static IReadOnlyCollection<string> Extensions => Readers.Keys;

    /// <summary>Takes an answer apart.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="extension">How its name ends.</param>
    /// <param name="control">The TCN of the submission, to which an ANSI/NIST file refers.</param>
    /// <exception cref="TargetAnswerException">It says why there is no list, or cannot be read.</exception>
    public static SearchAnswer Read(byte[] bytes, string extension, string control) => Readers[extension](bytes, control);

    private static SearchAnswer OfJson(byte[] bytes)
    {
        var told = JsonSerializer.Deserialize<ListShape>(bytes, Json) ?? throw TargetAnswerException.Broken("the file holds null");
        if (told.Error is { } error)
            throw new TargetAnswerException(new TargetFailure(error.Kind, null, ToldText.Of(error.Detail)));
        var candidates = told.Candidates ?? throw TargetAnswerException.Broken("neither 'candidates' nor 'error' is there");
        return new SearchAnswer(Bounded(candidates.Select((one, place) => new CandidateAnswer(
            one.Rank ?? place + 1, one.Subject, Finite(one.Score, $"candidates[{place}].score"))
        {
            Biographics = [.. (one.Biographics ?? []).Take(50).Select(name => ToldText.Of(name)!)],
        })))
        {
            SearchId = ToldText.Of(told.SearchId),
            Disclaimer = told.Disclaimer,
            Model = ToldText.Of(told.Model),
            StrangersExpected = told.StrangersExpected is { } strangers ? Strangers(strangers) : null,
            Withheld = Math.Max(told.Withheld, 0),
        };
    }

    private static SearchAnswer OfCsv(byte[] bytes)
    {
        var header = Encoding.UTF8.GetString(bytes.AsSpan()[..Math.Max(bytes.AsSpan().IndexOf((byte)'\n'), 0)]);
        using var reader = CsvReader.Create(
            new MemoryStream(bytes),
            CsvReaderOptions.Default with
            {
                Separator = header.Contains('\t') ? '\t' : header.Count(c => c == ';') > header.Count(c => c == ',') ? ';' : ',',
                HasHeader = false,
                SkipEmptyLines = true,
                TrackLineNumbers = true,
                Encoding = Encoding.UTF8,
                FieldCountMismatch = CsvFieldCountHandling.Allow,
                MalformedData = CsvMalformedDataHandling.Skip,
                AllowLineBreaksInQuotes = false,
                OnMalformedRecord = record => throw TargetAnswerException.Broken($"line {record.LineNumber}: the quotes are wrong"),
            },
            leaveOpen: false);
        return new SearchAnswer(Bounded(Rows(reader)));
    }

    private static IEnumerable<CandidateAnswer> Rows(CsvReader csv)
    {
        var columns = csv.Read()
            ? Enumerable.Range(0, csv.FieldCount).Select(at => csv.GetString(at).Trim().ToLowerInvariant()).ToList()
            : [];
        var (subject, rank, score) = (columns.IndexOf("subject"), columns.IndexOf("rank"), columns.IndexOf("score"));
        if (subject < 0)
            throw TargetAnswerException.Broken("the first line names the columns: subject, and rank and score where there are such");
        for (var place = 1; csv.Read(); place++)
            yield return new CandidateAnswer(
                Field(csv, rank) is not { } told ? place
                    : int.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                    : throw Wrong(csv, "rank", told),
                Field(csv, subject) ?? throw Wrong(csv, "subject", ""),
                Field(csv, score) is not { } similar ? null
                    : double.TryParse(similar, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                        ? value
                    : throw Wrong(csv, "score", similar));
    }

    private static TargetAnswerException Wrong(CsvReader csv, string column, string text) => TargetAnswerException.Broken(
        $"line {csv.LineNumber}: {(text.Length == 0 ? $"no {column}" : $"{column} '{ToldText.Of(text, 40)}' is no number")}");

    private static string? Field(CsvReader csv, int column) =>
        column >= 0 && column < csv.FieldCount && csv.GetString(column).Trim() is { Length: > 0 } text ? text : null;

    private static SearchAnswer OfTransaction(byte[] bytes, string control)
    {
        try
        {
            var transaction = Transaction.Read(bytes);
            if (transaction.Header.ControlReference is { } reference && reference != control)
                throw TargetAnswerException.Broken($"1.010 refers to another submission, and not to {control}");
            if (ErrorResponse.Read(transaction) is { } error)
                throw new TargetAnswerException(RestFailures.Of(error.Code, error.Detail, error.Status, retryAfter: null));
            var list = CandidateResponse.Read(transaction);
            return new SearchAnswer(Bounded(list.Candidates.Select(one => new CandidateAnswer(one.Rank, one.SubjectId, one.Score)
            {
                Biographics = [.. one.Biographics.Keys.Take(50).Select(name => ToldText.Of(name)!)],
                StrangersExpected = Strangers(one.StrangersExpected),
            })))
            {
                SearchId = ToldText.Of(list.SearchId),
                Disclaimer = list.Disclaimer,
                Model = ToldText.Of(list.Model),
                StrangersExpected = Strangers(list.StrangersExpected),
                Notices = [.. list.Notices.Take(20).Select(notice => ToldText.Of(notice)!)],
            };
        }
        catch (InterchangeException error)
        {
            throw TargetAnswerException.Broken(ToldText.Of(error.Message)!);
        }
    }

    private static ExpectedStrangers Strangers(StrangersShape told) => new(
        Finite(told.Value, "strangersExpected.value")!.Value, Finite(told.Low, "strangersExpected.low"),
        Finite(told.High, "strangersExpected.high"));

    private static ExpectedStrangers? Strangers(ResponseStrangers? told) =>
        told?.Value is { } value ? new ExpectedStrangers(value, told.Low, told.High) : null;

    private static List<CandidateAnswer> Bounded(IEnumerable<CandidateAnswer> candidates)
    {
        var list = candidates.Take(MappedTarget.MaxCandidates + 1).ToList();
        return list.Count <= MappedTarget.MaxCandidates
            ? list
            : throw TargetAnswerException.Broken($"more than {MappedTarget.MaxCandidates} candidates");
    }

    private static double? Finite(double? score, string member) =>
        score is null || double.IsFinite(score.Value) ? score : throw TargetAnswerException.Broken($"{member} is no finite number");

    private sealed record ListShape(
        IReadOnlyList<CandidateShape>? Candidates = null, ErrorShape? Error = null, string? SearchId = null, string? Disclaimer = null,
        string? Model = null, int Withheld = 0, StrangersShape? StrangersExpected = null);

    private sealed record StrangersShape(double Value, double? Low = null, double? High = null);

    private sealed record CandidateShape(string Subject, int? Rank = null, double? Score = null, IReadOnlyList<string>? Biographics = null);

    private sealed record ErrorShape(FailureKind Kind, string? Detail = null);
}
