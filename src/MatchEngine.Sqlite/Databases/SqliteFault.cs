using System.Data;
using System.Text.Json;
using MatchEngine.Galleries.Errors;
using MatchEngine.Vectors;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Databases;

/// <summary>
/// Says in an operator's words what an error of SQLite means. Result codes: https://sqlite.org/rescode.html.
/// </summary>
internal static class SqliteFault
{
    private const int ReadOnly = 8, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26, Busy = 5, Locked = 6,
        Permission = 3, Authorization = 23, TooBig = 18, Mismatch = 20;

    public static StoreException Of(SqliteException error, string file, SqliteKind? kind = null)
    {
        kind ??= SqliteKind.Gallery;
        return error.SqliteErrorCode switch
        {
            Full => new(
                StoreFault.DiskFull, file,
                $"{file}: the disk is full. What was acknowledged is safe; free some space and run again", error),
            Busy or Locked => new(
                StoreFault.Locked, file,
                $"{file}: another process kept the {kind.Name} locked for too long. Nothing is lost; run again when it has finished",
                error),
            Corrupt or NotADatabase or TooBig or Mismatch => Damaged(file, error.Message, error, kind),
            ReadOnly or Permission or Authorization => new(
                StoreFault.ReadOnly, file,
                $"{file}: the {kind.Name} may not be written. Give this user write permission for the file and its folder; "
                    + "without it a gallery can be searched and not changed", error),
            CannotOpen => new(
                StoreFault.Unreachable, file,
                $"{file}: the {kind.Name} cannot be opened. Check that the folder is there and that this user may write into it", error),
            IoError => new(
                StoreFault.Unreachable, file,
                $"{file}: the disk reported an error ({error.Message}). Check the disk and its free space, then run again", error),
            _ => new(StoreFault.Unreachable, file, $"{file}: the {kind.Name}'s database failed ({error.Message})", error),
        };
    }

    public static StoreException Damaged(string file, string what, Exception? cause = null, SqliteKind? kind = null)
    {
        kind ??= SqliteKind.Gallery;
        return new(
            StoreFault.Damaged, file,
            $"{file}: the {kind.Name}'s database is damaged or is no {kind.Name} ({what}). {kind.Damaged}", cause);
    }

    /// <summary>Runs work on what a database holds; its errors leave it as <see cref="StoreException"/>.</summary>
    public static T Told<T>(Func<T> work, string file, SqliteKind? kind = null)
    {
        try
        {
            return work();
        }
        catch (SqliteException e)
        {
            throw Of(e, file, kind);
        }
        // What stands in a row and is no value of the domain.
        catch (Exception e) when (
            e is TemplateFormatException or JsonException or FormatException or OverflowException or InvalidCastException or DataException)
        {
            throw Damaged(file, e.Message, e, kind);
        }
    }
}
