using MatchEngine.Faces.Images;
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

namespace MatchEngine.Frs.Tests.Contracts;

/// <summary>A store's ports, all over one book, which is closed when this is disposed of.</summary>
public sealed record BookUnderTest(
    IServiceStore Store, IInstallation Installation, IOrganisations Organisations, IAccounts Accounts, IApiKeys ApiKeys,
    ISigningCredentials SigningCredentials, IClientSettings ClientSettings, ISessions Sessions, ISignInAttempts SignInAttempts,
    ISecondFactors SecondFactors, ILinkedIdentities Identities,
    ITermsAcceptances Terms, ITrainingCertificates Training, IVettedUses Vetting, IApprovals Approvals, ISearches Searches,
    ICases Cases, IRedressRequests Redress,
    IDetailsRequests Details, INotifications Notifications,
    IExaminations Examinations, IOperations Operations, IAnnouncedSubjects AnnouncedSubjects, ISearchBatches Batches, IWebhooks Webhooks,
    IIdempotencyKeys IdempotencyKeys, IDisposable Closing) : IDisposable
{
    /// <summary>An account of an organisation, as the actor of a request.</summary>
    public Actor Person(string name, string organisation = "org", params string[] roles)
    {
        Organisations.Add(BookChange.None, organisation, organisation);
        return Actor.Of(Accounts.Add(BookChange.None, name, organisation, roles, null)!, "r");
    }

    public void Dispose() => Closing.Dispose();
}

/// <summary>A time that tests move.</summary>
public sealed class BookClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>Passwords that are quickly hashed; the prefix is the make of the hash.</summary>
public sealed class QuickPasswords : IPasswordHashes
{
    public string Make { get; set; } = "new";

    public string Hash(string account, string password) => $"{Make}:{account}:{password}";

    public PasswordVerdict Verify(string account, string hash, string password) =>
        !hash.EndsWith($":{account}:{password}", StringComparison.Ordinal) ? PasswordVerdict.Wrong
            : hash.StartsWith(Make + ":", StringComparison.Ordinal) ? PasswordVerdict.Right : PasswordVerdict.RightAndOld;
}

/// <summary>
/// What every store of the service's book must do, port by port: an abstract class each, run over every store in that store's own tests.
/// </summary>
public abstract class BookContract : IDisposable
{
    private readonly Lazy<BookUnderTest> _book;

    protected BookContract() => _book = new Lazy<BookUnderTest>(() => Open(Clock, Passwords));

    protected BookClock Clock { get; } = new();

    protected QuickPasswords Passwords { get; } = new();

    protected BookUnderTest Book => _book.Value;

    /// <summary>Opens the book, each time the same one of this test.</summary>
    protected abstract BookUnderTest Open(BookClock clock, QuickPasswords passwords);

    /// <summary>A search that was made now.</summary>
    protected RecordedSearch Search(Actor actor, string? approval = null, string? exigent = null)
    {
        // Ids rise with time, by the millisecond.
        Clock.Now = Clock.Now.AddMilliseconds(1);
        return new RecordedSearch(
            Guid.CreateVersion7(Clock.Now).ToString(), actor.Account, actor.Organisation, Clock.Now, 7, Clock.Now.AddYears(7))
        {
            Galleries = ["a", "b"],
            Purpose = new SearchPurpose("C-1", "basis", null),
            ListLength = 20,
            Floor = 0.25f,
            FloorGaveWay = true,
            ProbeQuality = 71.25,
            ProbeFaces = 2,
            Model = "model",
            Path = "exact",
            GallerySize = 1234,
            Profile = "default",
            DisclaimerVersion = "1",
            Approval = approval,
            Exigent = exigent,
            ReviewDue = exigent is null ? null : Clock.Now.AddHours(72),
            Preparation = new ImagePreparation(new PhotoCrop(1, 2, 300, 400), -12.5, Brightness: 120),
            ProbeDigest = new string('a', 64),
            ProbeBox = new Faces.Geometry.BoundingBox(1.5f, 2, 30, 40.5f),
        };
    }

    /// <summary>Ids as a list gives them, the newest first. Of two that were made in one millisecond nobody knows which is newer.</summary>
    protected static IEnumerable<string> NewestFirst(params string[] ids) => ids.OrderDescending(StringComparer.Ordinal);

    protected static IReadOnlyList<RecordedCandidate> Candidates { get; } =
        [new(1, "a", "S1", "e1", 0.9123f), new(2, "b", "S 2/ü", "e2", -0.5f)];

    public virtual void Dispose()
    {
        if (_book.IsValueCreated)
            _book.Value.Dispose();
        GC.SuppressFinalize(this);
    }
}
