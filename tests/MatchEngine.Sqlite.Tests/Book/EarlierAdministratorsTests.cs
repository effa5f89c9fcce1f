using Dapper;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Tests.Contracts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Book;
using MatchEngine.Sqlite.Databases;
using Microsoft.Data.Sqlite;

namespace MatchEngine.Sqlite.Tests.Book;

/// <summary>A book of the time when an administrator was one of the whole service, and nobody noted who made a key.</summary>
public class EarlierAdministratorsTests
{
    [Fact]
    public void Administrators_become_those_of_the_service_and_keys_of_keys_know_who_made_them()
    {
        using var folder = new TemporaryFolder();
        var file = ServiceDatabase.FileIn(folder.Sub("data"));
        Directory.CreateDirectory(folder.Sub("data"));
        using (var earlier = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            earlier.Open();
            foreach (var migration in SqliteSchema.ReadMigrations("BookMigrations").Take(15))
                earlier.Execute(migration);
            earlier.Execute($"PRAGMA application_id = {ServiceDatabase.Kind.ApplicationId}; PRAGMA user_version = 15");
            earlier.Execute("INSERT INTO organisation VALUES ('o', 'o', '2026-01-01T00:00:00.000Z')");
            foreach (var (id, roles) in ((string, string)[])[
                ("a", "administrator"), ("b", "administrator agent supervisor"), ("c", "administrator service-auditor"), ("d", "agent")])
                earlier.Execute(
                    "INSERT INTO account (id, name, organisation, roles, created) "
                        + "VALUES (@id, @id, 'o', @roles, '2026-01-01T00:00:00.000Z')",
                    new { id, roles });
            foreach (var (id, account, parent) in ((string, string, string?)[])[("k1", "a", null), ("k2", "d", "k1")])
                earlier.Execute(
                    "INSERT INTO api_key (id, account, name, hash, created, parent) "
                        + "VALUES (@id, @account, 'n', zeroblob(32), '2026-01-01T00:00:00.000Z', @parent)",
                    new { id, account, parent });
        }

        using var book = SqliteServiceBook.Open(folder.Sub("data"), new BookClock(), new QuickPasswords());

        Assert.Equal(
            [
                ("a", $"{Role.Administrator} {Role.ServiceAdministrator}"),
                ("b", $"{Role.Administrator} {Role.Agent} {Role.ServiceAdministrator} {Role.Supervisor}"),
                ("c", $"{Role.Administrator} {Role.ServiceAdministrator} {Role.ServiceAuditor}"), ("d", Role.Agent),
            ],
            book.Accounts.List().Select(account => (account.Id, string.Join(' ', account.Roles))));
        Assert.Equal([null, "a"], book.ApiKeys.List(null).Select(key => key.MadeBy));
    }
}
