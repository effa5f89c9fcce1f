namespace MatchEngine.Frs.Accounts;

/// <summary>
/// Which role may do what: the one place. Every use case names one of these policies; whose gallery, search or request it is, is looked at
/// beside this.
/// </summary>
public static class Policies
{
    /// <summary>Whoever is signed in.</summary>
    public const string SignedIn = "signed-in";

    /// <summary>Searches, and asks for examination and details.</summary>
    public const string Search = "search";

    /// <summary>Asks a supervisor for approval: of a search, whoever searches; of a comparison, whoever compares.</summary>
    public const string AskApproval = "ask-approval";

    /// <summary>Compares images and measures their quality.</summary>
    public const string Compare = "compare";

    /// <summary>Reads what was searched.</summary>
    public const string ReadSearch = "read-search";

    /// <summary>Opens the records of candidates.</summary>
    public const string ReadRecord = "read-record";

    /// <summary>Reads second requests.</summary>
    public const string ReadDetails = "read-details";

    /// <summary>Keeps what is in galleries.</summary>
    public const string KeepGallery = "keep-gallery";

    /// <summary>Reads and ends work of one's own that goes on after its request was answered.</summary>
    public const string ReadOperation = "read-operation";

    /// <summary>Makes galleries and says what they are and who may search them.</summary>
    public const string CreateGallery = "create-gallery";

    /// <summary>Says whether the organisation takes part in a gallery that another one shares with it.</summary>
    public const string AcceptSharing = "accept-sharing";

    /// <summary>Handles persons' requests for access, correction or deletion.</summary>
    public const string HandleRedress = "handle-redress";

    /// <summary>Reads examinations.</summary>
    public const string ReadExamination = "read-examination";

    /// <summary>Examines candidate lists.</summary>
    public const string Examine = "examine";

    /// <summary>Approves and reviews searches.</summary>
    public const string Supervise = "supervise";

    /// <summary>Keeps the organisation's list of approved services and galleries.</summary>
    public const string Vet = "vet";

    /// <summary>Reads that list: who uses them, who keeps it, and who audits both.</summary>
    public const string ReadVetting = "read-vetting";

    /// <summary>Records who has completed which training.</summary>
    public const string Certify = "certify";

    /// <summary>Reads and verifies the audit.</summary>
    public const string Audit = "audit";

    /// <summary>Keeps accounts: those of the organisation, or of the service.</summary>
    public const string Administer = "administer";

    /// <summary>Keeps organisations.</summary>
    public const string AdministerService = "administer-service";

    /// <summary>The roles of each policy; any one of them suffices.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Roles { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        [SignedIn] = Role.All,
        [Search] = [Role.Agent, Role.Supervisor],
        [AskApproval] = [Role.Agent, Role.Supervisor, Role.Examiner],
        [Compare] = [Role.Agent, Role.Supervisor, Role.Examiner],
        [ReadSearch] = [Role.Agent, Role.Supervisor, Role.Examiner, Role.Auditor, Role.ServiceAuditor],
        [ReadRecord] = [Role.Agent, Role.Supervisor, Role.Examiner],
        [ReadDetails] = [Role.Agent, Role.Supervisor, Role.GalleryOwner],
        [KeepGallery] = [Role.GalleryOwner],
        [ReadOperation] = [Role.Agent, Role.Supervisor, Role.GalleryOwner],
        [CreateGallery] = [Role.GalleryOwner, Role.Administrator, Role.ServiceAdministrator],
        [AcceptSharing] = [Role.Supervisor, Role.GalleryOwner, Role.Administrator, Role.ServiceAdministrator],
        [HandleRedress] = [Role.Supervisor, Role.GalleryOwner],
        [ReadExamination] = [Role.Agent, Role.Supervisor, Role.Examiner],
        [Examine] = [Role.Examiner],
        [Supervise] = [Role.Supervisor],
        [Vet] = [Role.Vetter],
        [ReadVetting] = [Role.Agent, Role.Supervisor, Role.Examiner, Role.Vetter, Role.Auditor],
        [Certify] = [Role.Supervisor, Role.Administrator, Role.ServiceAdministrator],
        [Audit] = [Role.Auditor, Role.ServiceAuditor],
        [Administer] = [Role.Administrator, Role.ServiceAdministrator],
        [AdministerService] = [Role.ServiceAdministrator],
    };
}
