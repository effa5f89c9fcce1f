using MatchEngine.Frs.Tests.Contracts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Book;

namespace MatchEngine.Sqlite.Tests.Book;

/// <summary>A book in a folder of the test's own.</summary>
internal sealed class TestBook : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BookUnderTest Open(BookClock clock, QuickPasswords passwords)
    {
        var book = SqliteServiceBook.Open(_folder.Sub("data"), clock, passwords);
        return new BookUnderTest(
            book.Store, book.Installation, book.Organisations, book.Accounts, book.ApiKeys, book.SigningCredentials,
            book.ClientSettings, book.Sessions,
            book.SignInAttempts, book.SecondFactors, book.LinkedIdentities, book.TermsAcceptances,
            book.TrainingCertificates, book.VettedUses, book.Approvals,
            book.Searches, book.Cases, book.RedressRequests, book.DetailsRequests,
            book.Notifications, book.Examinations, book.Operations, book.AnnouncedSubjects, book.SearchBatches, book.Webhooks,
            book.IdempotencyKeys, book);
    }

    public void Dispose() => _folder.Dispose();
}

public sealed class SqliteAccountsTests : AccountsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteOrganisationsTests : OrganisationsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteApiKeysTests : ApiKeysContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteLinkedIdentitiesTests : LinkedIdentitiesContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteTrainingCertificatesTests : TrainingCertificatesContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteVettedUsesTests : VettedUsesContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteSecondFactorsTests : SecondFactorsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteSigningCredentialsTests : SigningCredentialsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteAnnouncedSubjectsTests : AnnouncedSubjectsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteClientSettingsTests : ClientSettingsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteSessionsTests : SessionsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteSignInAttemptsTests : SignInAttemptsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteApprovalsTests : ApprovalsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteDetailsRequestsTests : DetailsRequestsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteTermsAcceptancesTests : TermsAcceptancesContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteSearchesTests : SearchesContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteCasesTests : CasesContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteRedressRequestsTests : RedressRequestsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteExaminationsTests : ExaminationsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteNotificationsTests : NotificationsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteOperationsTests : OperationsContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteSearchBatchesTests : SearchBatchesContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteWebhooksTests : WebhooksContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteIdempotencyKeysTests : IdempotencyKeysContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}

public sealed class SqliteServiceStoreTests : ServiceStoreContract
{
    private readonly TestBook _book = new();

    public override void Dispose()
    {
        base.Dispose();
        _book.Dispose();
    }

    protected override BookUnderTest Open(BookClock clock, QuickPasswords passwords) => _book.Open(clock, passwords);
}
