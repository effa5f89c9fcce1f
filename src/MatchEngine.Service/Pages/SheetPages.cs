using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Pages;

/// <summary>Sheets to print: a candidate list as it was made, or the record of an examination of it.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Search">The search.</param>
/// <param name="Rows">The candidates.</param>
/// <param name="Each">How many stand on a sheet.</param>
/// <param name="Disclaimer">What every reader is told, on each sheet.</param>
/// <param name="Names">Names of accounts by their ids.</param>
/// <param name="Examination">The examination whose record it is; null for a list.</param>
/// <param name="Printed">When the page was asked for.</param>
public sealed record SheetModel(
    string Title, RecordedSearch Search, IReadOnlyList<SheetRow> Rows, int Each, Disclaimer Disclaimer,
    IReadOnlyDictionary<string, string> Names, Examination? Examination, DateTimeOffset Printed)
{
    /// <summary>The candidates sheet by sheet; one sheet of an empty list.</summary>
    public IReadOnlyList<IReadOnlyList<SheetRow>> Sheets { get; } =
        Rows.Count == 0 ? [[]] : [.. Rows.SelectMany(row => row.Parts()).Chunk(Each)];
}

/// <summary>A candidate on a sheet.</summary>
/// <param name="Rank">Its rank.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Gallery">The gallery.</param>
/// <param name="Score">The score as far as it is told.</param>
/// <param name="Said">What the examiner said, line by line; none of a list.</param>
public sealed record SheetRow(int Rank, string Subject, string Gallery, string Score, IReadOnlyList<string> Said)
{
    // A sheet has room for so many lines beside the photo, and a line for so many letters of usual width.
    private const int Lines = 34, Letters = 60;

    /// <summary>Whether it goes on with what did not fit the sheet before.</summary>
    public bool GoesOn { get; private init; }

    /// <summary>The same on as many sheets as it takes, so that none is longer than a page and each says what it belongs to.</summary>
    internal IEnumerable<SheetRow> Parts()
    {
        var (part, room, first) = (new List<string>(), Lines, true);
        foreach (var line in Said)
        {
            var takes = line.Length / Letters + 1;
            if (part.Count > 0 && takes > room)
            {
                yield return this with { Said = part, GoesOn = !first };
                (part, room, first) = ([], Lines, false);
            }
            part.Add(line);
            room -= takes;
        }
        yield return this with { Said = part, GoesOn = !first };
    }
}

/// <summary>What is printed.</summary>
internal static class SheetPages
{
    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/searches/{search}/sheet", (
                string search, int? each, HttpContext context, ReadingSearches searches, KeepingAccounts accounts, TimeProvider clock) =>
            {
                var actor = context.Actor();
                var read = searches.Read(actor, search);
                if (read.IsClosed)
                    throw new ProblemException(Problem.NotFound, "a supervisor found the search improper, and its candidates are closed");
                return context.Page<SheetView, SheetModel>(new SheetModel(
                    "Candidate list", read.Search,
                    [.. read.Candidates.Select(candidate => new SheetRow(
                        candidate.Candidate.Rank, candidate.Candidate.Subject, candidate.Candidate.Gallery,
                        Words.Score(candidate.Shown), []))],
                    Each(each), read.Disclaimer, accounts.Names(actor), null, clock.GetUtcNow()));
            })
            .For(Policies.ReadRecord);
        pages.MapGet("/examinations/{examination}/sheet", (
                string examination, HttpContext context, ExaminingLists examining, ReadingSearches searches, KeepingAccounts accounts,
                TimeProvider clock) =>
            {
                var actor = context.Actor();
                var seen = examining.Find(actor, examination);
                if (seen.Result is not { } result)
                    throw new ProblemException(Problem.NotFound, "there is no result to print before the examination is finished");
                return context.Page<SheetView, SheetModel>(new SheetModel(
                    "Record of an examination", searches.Read(actor, seen.Examination.Search).Search,
                    [.. result.Candidates.Select(candidate => new SheetRow(
                        candidate.Rank, candidate.Subject, candidate.Gallery, Words.Score(candidate.Score), [.. Said(candidate)]))],
                    1, Disclaimer.Current, accounts.Names(actor), seen.Examination, clock.GetUtcNow()));
            })
            .For(Policies.ReadRecord);
    }

    private static int Each(int? each) => each switch
    {
        null or 6 => 6,
        20 => 20,
        _ => throw new ProblemException(Problem.BadValue, "a sheet has 6 candidates or 20"),
    };

    private static IEnumerable<string> Said(ExaminedCandidate candidate)
    {
        yield return $"Level: {ExaminationView.Says(candidate)}";
        foreach (var (feature, note) in candidate.Features)
            yield return $"{feature.Replace('-', ' ')}: {note}";
        if (candidate.Comment is { } comment)
            yield return $"On the whole: {comment}";
        foreach (var done in candidate.Processing)
            yield return $"Done to the pictures: {done}";
    }
}
