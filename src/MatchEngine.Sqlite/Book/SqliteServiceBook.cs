using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Batches;
using MatchEngine.Frs.Cases;
using MatchEngine.Frs.Details;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Idempotency;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Redress;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Frs.Vetting;
using MatchEngine.Frs.Webhooks;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Sqlite.Book;

/// <summary>
/// The service's own book in <c>service.db</c>: organisations, accounts, keys, approvals, searches, examinations, notifications,
/// operations. What a write acknowledged survives a power cut.
/// </summary>
public sealed class SqliteServiceBook : IDisposable
{
    private readonly ServiceDatabase _database;
    private readonly SqliteSearches _searches;

    private SqliteServiceBook(ServiceDatabase database, IPasswordHashes passwords)
    {
        (_database, _searches) = (database, new SqliteSearches(database));
        Accounts = new SqliteAccounts(database, passwords);
        ApiKeys = new SqliteApiKeys(database);
        SigningCredentials = new SqliteSigningCredentials(database);
        ClientSettings = new SqliteClientSettings(database);
        Sessions = new SqliteSessions(database);
        SecondFactors = new SqliteSecondFactors(database);
        LinkedIdentities = new SqliteLinkedIdentities(database);
        SignInAttempts = new SqliteSignInAttempts(database);
        Organisations = new SqliteOrganisations(database);
        TermsAcceptances = new SqliteTermsAcceptances(database);
        TrainingCertificates = new SqliteTrainingCertificates(database);
        VettedUses = new SqliteVettedUses(database);
        Approvals = new SqliteApprovals(database);
        Cases = new SqliteCases(database);
        RedressRequests = new SqliteRedressRequests(database);
        DetailsRequests = new SqliteDetailsRequests(database);
        Notifications = new SqliteNotifications(database);
        Examinations = new SqliteExaminations(database);
        Operations = new SqliteOperations(database);
        AnnouncedSubjects = new SqliteAnnouncedSubjects(database);
        SearchBatches = new SqliteSearchBatches(database);
        Webhooks = new SqliteWebhooks(database);
        IdempotencyKeys = new SqliteIdempotencyKeys(database);
    }

    /// <summary>Transactions over all of it.</summary>
    public IServiceStore Store => _database;

    /// <summary>What tells this installation from others.</summary>
    public IInstallation Installation => _database;

    /// <summary>The accounts.</summary>
    public IAccounts Accounts { get; }

    /// <summary>The API keys.</summary>
    public IApiKeys ApiKeys { get; }

    /// <summary>The credentials of clients that sign.</summary>
    public ISigningCredentials SigningCredentials { get; }

    /// <summary>What holds for the requests of keys.</summary>
    public IClientSettings ClientSettings { get; }

    /// <summary>The browsers that are signed in.</summary>
    public ISessions Sessions { get; }

    /// <summary>The second factors.</summary>
    public ISecondFactors SecondFactors { get; }

    /// <summary>Who accounts are at an identity provider.</summary>
    public ILinkedIdentities LinkedIdentities { get; }

    /// <summary>Attempts to sign in.</summary>
    public ISignInAttempts SignInAttempts { get; }

    /// <summary>The organisations.</summary>
    public IOrganisations Organisations { get; }

    /// <summary>Who accepted which terms.</summary>
    public ITermsAcceptances TermsAcceptances { get; }

    /// <summary>Who has completed which course.</summary>
    public ITrainingCertificates TrainingCertificates { get; }

    /// <summary>What organisations approve for their people.</summary>
    public IVettedUses VettedUses { get; }

    /// <summary>The requests for approval.</summary>
    public IApprovals Approvals { get; }

    /// <summary>The searches that were made.</summary>
    public ISearches Searches => _searches;

    /// <summary>The cases.</summary>
    public ICases Cases { get; }

    /// <summary>Persons' requests for access, correction or deletion.</summary>
    public IRedressRequests RedressRequests { get; }

    /// <summary>The second requests.</summary>
    public IDetailsRequests DetailsRequests { get; }

    /// <summary>The notifications.</summary>
    public INotifications Notifications { get; }

    /// <summary>The examinations.</summary>
    public IExaminations Examinations { get; }

    /// <summary>The operations.</summary>
    public IOperations Operations { get; }

    /// <summary>Names of people of whom a gallery has no face yet.</summary>
    public IAnnouncedSubjects AnnouncedSubjects { get; }
    /// <summary>The searches that are answered later.</summary>
    public ISearchBatches SearchBatches { get; }

    /// <summary>Where organisations are told what happens.</summary>
    public IWebhooks Webhooks { get; }

    /// <summary>The requests that are carried out once.</summary>
    public IIdempotencyKeys IdempotencyKeys { get; }

    /// <summary>Opens the book of a data folder, making or migrating it.</summary>
    /// <param name="dataFolder">The data folder.</param>
    /// <param name="clock">Gives the times that are recorded.</param>
    /// <param name="passwords">Hash the passwords.</param>
    /// <exception cref="StoreException">It cannot be read or written, or a newer version wrote it.</exception>
    public static SqliteServiceBook Open(string dataFolder, TimeProvider clock, IPasswordHashes passwords) =>
        new(ServiceDatabase.Open(dataFolder, clock), passwords);

    /// <summary>
    /// Fills the searches of a folder that an earlier version kept, from its audit: before anybody is served. One whose event is gone stays
    /// unreadable, as it was.
    /// </summary>
    /// <param name="log">The folder's audit.</param>
    /// <returns>How many were filled; none the second time.</returns>
    /// <exception cref="StoreException">The book or the audit cannot be used.</exception>
    public int FillSearches(AuditLog log)
    {
        ArgumentNullException.ThrowIfNull(log);
        return _searches.FillFrom(
            number => log.Read(after: number - 1, count: 1).FirstOrDefault(written => written.Sequence == number));
    }

    /// <summary>Moves links between subjects that an earlier version kept here into their galleries.</summary>
    /// <param name="galleries">The galleries.</param>
    /// <param name="trail">Takes the events.</param>
    /// <returns>What could not be moved now.</returns>
    /// <exception cref="StoreException">The book cannot be used.</exception>
    public IReadOnlyList<FailedMove> MoveLinks(OpenGalleries galleries, AuditTrail trail) =>
        new LinkMove(_database).Run(galleries, trail);

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();
}
