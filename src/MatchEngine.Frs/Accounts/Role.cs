namespace MatchEngine.Frs.Accounts;

/// <summary>What an account may be. An account may have several roles; what each may do stands in <see cref="Policies"/>.</summary>
public static class Role
{
    /// <summary>Submits probes and reads the lists.</summary>
    public const string Agent = "agent";

    /// <summary>Approves and reviews the searches of its organisation's agents.</summary>
    public const string Supervisor = "supervisor";

    /// <summary>Keeps its organisation's list of approved services and galleries: its vetting unit.</summary>
    public const string Vetter = "vetter";

    /// <summary>Examines candidate lists.</summary>
    public const string Examiner = "examiner";

    /// <summary>Reads the audit of its organisation and verifies the log. Sees no photo and no biographics.</summary>
    public const string Auditor = "auditor";

    /// <summary>The same of the whole service: of every organisation, and of what the service does itself.</summary>
    public const string ServiceAuditor = "service-auditor";

    /// <summary>Keeps the galleries of its organisation: enrols, corrects, deletes, says who may search.</summary>
    public const string GalleryOwner = "gallery-owner";

    /// <summary>Keeps the accounts and keys of its organisation, and what its galleries are.</summary>
    public const string Administrator = "administrator";

    /// <summary>The same of the whole service: organisations, every account, every gallery, and which galleries all may use.</summary>
    public const string ServiceAdministrator = "service-administrator";

    /// <summary>The roles that hold beyond the account's organisation. Only an administrator of the service gives them.</summary>
    public static IReadOnlyList<string> OfService { get; } = [ServiceAuditor, ServiceAdministrator];

    /// <summary>Every role.</summary>
    public static IReadOnlyList<string> All { get; } = 
    [
        Agent, Supervisor, Vetter, Examiner, Auditor, ServiceAuditor, GalleryOwner, Administrator, ServiceAdministrator,
    ];
}
