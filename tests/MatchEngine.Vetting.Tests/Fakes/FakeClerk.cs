using System.Globalization;
using System.Text;
using System.Text.Json;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Searches;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Fakes;

/// <summary>Who answers submissions: enrols what lies in the gallery, asks a service, and lays its answers beside them.</summary>
/// <param name="folder">The folder of the target.</param>
/// <param name="service">The service.</param>
internal sealed class FakeClerk(string folder, FakeService service)
{
    /// <summary>The submissions without an answer, by number.</summary>
    public IReadOnlyList<string> Unanswered =>
    [
        .. Directory.GetFiles(Path.Combine(folder, "submissions"), "*.an2").Select(file => Path.GetFileNameWithoutExtension(file)!)
            .Where(number => Directory.GetFiles(Path.Combine(folder, "answers"), number + ".*").Length == 0)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Answers one.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="extension">How the answer's name ends: in which form it is.</param>
    /// <param name="reference">The submission that it names; null for the right one.</param>
    /// <returns>The list; null where it was refused, in JSON whatever was wanted.</returns>
    public SearchAnswer? Answer(string number, string extension, string? reference = null)
    {
        Enrol();
        var transaction = Transaction.Read(File.ReadAllBytes(Path.Combine(folder, "submissions", number + ".an2")));
        var terms = SearchTerms.Read(transaction)!;
        SearchAnswer answer;
        try
        {
            answer = service.Search(
                Caller.Examiner,
                new SearchQuery(new PhotoInput(SearchSubmission.From(transaction).Image.Data.ToArray()))
                {
                    ListLength = terms.ListLength,
                    ScoreFloor = terms.Floor,
                    Purpose = terms.CaseNumber is { } name ? new SearchPurpose(name, terms.Basis!, terms.Requester!) : null,
                });
        }
        catch (FakeRefusal refusal)
        {
            Lay(number + ".json", JsonSerializer.SerializeToUtf8Bytes(new
            {
                error = new { kind = JsonNamingPolicy.CamelCase.ConvertName(refusal.Kind.ToString()), detail = refusal.Message },
            }));
            return null;
        }
        Lay(number + extension, extension switch
        {
            ".json" => JsonSerializer.SerializeToUtf8Bytes(new
            {
                candidates = answer.Candidates.Select(one => new { rank = one.Rank, subject = one.Subject, score = one.Score }),
                disclaimer = answer.Disclaimer,
                model = answer.Model,
                searchId = answer.SearchId,
                withheld = answer.Withheld,
                strangersExpected = answer.StrangersExpected is { } strangers ? new { value = strangers.Value } : null,
            }),
            ".csv" => Encoding.UTF8.GetBytes("Rank;Subject;Score\r\n" + string.Concat(answer.Candidates.Select(
                one => string.Create(CultureInfo.InvariantCulture, $"{one.Rank};{one.Subject};{one.Score}\r\n")))),
            _ => new CandidateResponse
            {
                SearchId = answer.SearchId!,
                Gallery = "g",
                Model = answer.Model!,
                GallerySize = 5,
                ListLength = 3,
                DisclaimerVersion = "1",
                Disclaimer = answer.Disclaimer!,
                Candidates = [.. answer.Candidates.Select(one => new ResponseCandidate
                {
                    Rank = one.Rank, SubjectId = one.Subject, Score = one.Score!.Value,
                })],
            }.Write(new TransactionBuilder
            {
                TransactionType = CandidateResponse.SearchResults,
                Time = DateTimeOffset.UnixEpoch,
                DestinationAgency = "V",
                OriginatingAgency = "S",
                ControlNumber = "1",
                ControlReference = reference ?? transaction.Header.ControlNumber,
            }),
        });
        return answer;
    }

    private void Enrol()
    {
        var metadata = Path.Combine(folder, "gallery", "metadata.csv");
        foreach (var row in File.Exists(metadata) ? File.ReadAllLines(metadata).Skip(1).Select(row => row.Split(',')) : [])
            service.Enrol(
                Caller.Examiner, new EnrolmentQuery(row[1], new PhotoInput(File.ReadAllBytes(Path.Combine(folder, "gallery", row[0])))));
    }

    private void Lay(string name, byte[] answer) => File.WriteAllBytes(Path.Combine(folder, "answers", name), answer);
}
