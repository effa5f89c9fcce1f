using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Stores;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Galleries.Tests.Stores;

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

    [Fact]
    public void Errors_of_the_file_system_become_faults_too()
    {
        Assert.Equal(StoreFault.ReadOnly, SqliteFault.Of(new UnauthorizedAccessException(), "f").Fault);
        Assert.Equal(StoreFault.DiskFull, SqliteFault.Of(new IOException("full", 28), "f").Fault);
        Assert.Equal(StoreFault.DiskFull, SqliteFault.Of(new IOException("full", unchecked((int)0x80070070)), "f").Fault);
        Assert.Equal(StoreFault.Unreachable, SqliteFault.Of(new IOException("other"), "f").Fault);
    }
}
