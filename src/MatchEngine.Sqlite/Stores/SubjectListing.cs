using System.Globalization;
using Dapper;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Listing;
using MatchEngine.Vectors;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Stores;

/// <summary>
/// Pages of subjects that meet conditions. Ids and rows are walked in the order of the page, along an index that holds nothing else, until
/// the page is full; only those on it are read whole. What is sealed is not looked at: who meets a condition on it comes as a set of rows.
/// </summary>
/// <param name="query">Who is wanted.</param>
/// <param name="among">Only these rows; null: all.</param>
internal sealed class SubjectListing(SubjectQuery query, SubjectSet? among)
{
    // So few are named to the database, which looks them up; among more everybody is walked through.
    private const int FewRows = 1000;

    private bool IsById => query.Order == SubjectOrder.Id;

    /// <summary>Reads the page.</summary>
    public SubjectList Read(GalleryDatabase database, CancellationToken cancellationToken) => database.Read(
        connection => ReadPage(connection, cancellationToken),
        page =>
        {
            var subjects = EncounterRow.ToSubjects(page.Rows, database.Values).ToDictionary(
                subject => subject.Id, StringComparer.Ordinal);
            return new SubjectList([.. page.Ids.Select(id => subjects[id])], page.Previous, page.Next);
        });

    private FoundPage ReadPage(SqliteConnection connection, CancellationToken cancellationToken)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        // A page that ends before a place is read backwards from there. One more than it holds tells whether there is another one.
        var (from, backwards) = (query.Before ?? query.After, query.Before is not null);
        var found = Walk(from, query.Descending != backwards, query.Count + 1, connection, transaction, cancellationToken);
        var more = found.Count > query.Count;
        if (more)
            found.RemoveAt(query.Count);
        if (backwards)
            found.Reverse();
        if (found.Count == 0)
            return new FoundPage([], [], null, null);
        var (first, last) = (Place(found[0]), Place(found[^1]));
        // On the side from which the page was reached somebody is looked for: whoever stood there may be gone.
        var beyond = from is not null
            && Walk(backwards ? last : first, query.Descending == backwards, 1, connection, transaction, cancellationToken).Count > 0;
        var rows = connection.Query<EncounterRow>(
            $"SELECT {EncounterRow.Columns} WHERE s.id IN @rows ORDER BY e.id", new { rows = found.Select(one => one.Row) },
            transaction).AsList();
        return new FoundPage(
            [.. found.Select(one => one.Id)], rows, (backwards ? more : beyond) ? first : null, (backwards ? beyond : more) ? last : null);
    }

    private List<(long Row, string Id)> Walk(
        string? from, bool descending, int count, SqliteConnection connection, SqliteTransaction transaction,
        CancellationToken cancellationToken)
    {
        var found = new List<(long, string)>();
        using var command = Command("s.id, s.subject_id", connection, transaction);
        var key = IsById ? "s.subject_id" : "s.id";
        if (from is not null)
        {
            command.CommandText += $" AND {key} {(descending ? "<" : ">")} @from";
            command.Parameters.AddWithValue("@from", IsById ? from : SubjectQuery.Row(from));
        }
        command.CommandText += $" ORDER BY {key}{(descending ? " DESC" : "")}";
        using var reader = command.ExecuteReader();
        while (found.Count < count && reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.GetInt64(0) is var row && among?.Admits(row) != false)
                found.Add((row, reader.GetString(1)));
        }
        return found;
    }

    /// <summary>Counts all pages.</summary>
    public long Count(GalleryDatabase database, CancellationToken cancellationToken) => database.Read(connection =>
    {
        using var command = Command(among is null ? "count(*)" : "s.id", connection, null);
        if (among is null)
            return (long)command.ExecuteScalar()!;
        var count = 0L;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            count += among.Admits(reader.GetInt64(0)) ? 1 : 0;
        }
        return count;
    });

    private string Place((long Row, string Id) subject) => IsById ? subject.Id : subject.Row.ToString(CultureInfo.InvariantCulture);

    private SqliteCommand Command(string columns, SqliteConnection connection, SqliteTransaction? transaction)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"SELECT {columns} FROM subject s WHERE 1";
        if (among is { IsExclusion: false, Count: <= FewRows })
            command.CommandText += $" AND s.id IN ({string.Join(',', among.Members)})";
        Ask(query.IdPart is { } part ? $"%{Literal(part)}%" : null, "@id", "s.subject_id LIKE @id ESCAPE '\\'");
        Ask(query.Provider, "@provider", "s.provider = @provider");
        Ask(query.QualityBelow, "@quality", "s.id IN (SELECT subject FROM encounter WHERE quality < @quality)");
        Ask(
            query.LeastEncounters is > 1 and var least ? least : null, "@least",
            "s.id IN (SELECT subject FROM encounter GROUP BY subject HAVING count(*) >= @least)");
        Ask(
            query.Since is { } since ? StoredTime.Write(since) : null, "@since",
            "s.id IN (SELECT subject FROM encounter WHERE enrolled >= @since)");
        Ask(
            query.Until is { } until ? StoredTime.Write(until) : null, "@until",
            "s.id IN (SELECT subject FROM encounter WHERE enrolled < @until)");
        return command;

        void Ask(object? value, string name, string condition)
        {
            if (value is null)
                return;
            command.CommandText += " AND " + condition;
            command.Parameters.AddWithValue(name, value);
        }
    }

    private static string Literal(string text) => text.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_");

    /// <summary>A page as it was read: ids in its order, and the rows of these subjects in no order of theirs.</summary>
    private sealed record FoundPage(
        IReadOnlyList<string> Ids, IReadOnlyList<EncounterRow> Rows, string? Previous, string? Next);
}
