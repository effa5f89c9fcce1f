using MatchEngine.Galleries.Errors;
using MatchEngine.Sqlite.Databases;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Databases;

public class SqliteFaultTests
{
    // Result codes from https://sqlite.org/rescode.html.
    [Theory]
    [InlineData(13, StoreFault.DiskFull)]
    [InlineData(5, StoreFault.Locked)]
    [InlineData(6, StoreFault.Locked)]
    [InlineData(11, StoreFault.Damaged)]
    [InlineData(26, StoreFault.Damaged)]
    [InlineData(8, StoreFault.ReadOnly)]
    [InlineData(3, StoreFault.ReadOnly)]
    [InlineData(14, StoreFault.Unreachable)]
    [InlineData(10, StoreFault.Unreachable)]
    [InlineData(1, StoreFault.Unreachable)]
    public void Every_result_code_becomes_a_fault_that_names_the_file(int code, StoreFault fault)
    {
        var cause = new SqliteException("says SQLite", code);

        var error = SqliteFault.Of(cause, "/data/gallery.db");

        Assert.Equal((fault, "/data/gallery.db"), (error.Fault, error.File));
        Assert.StartsWith("/data/gallery.db: ", error.Message, StringComparison.Ordinal);
        Assert.Same(cause, error.InnerException);
    }
}
