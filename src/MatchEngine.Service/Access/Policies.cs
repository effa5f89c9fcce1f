using Microsoft.AspNetCore.Authorization;

namespace MatchEngine.Service.Access;

/// <summary>
/// Which role may do what: the one place. Every endpoint names one of these policies or is open to all by name (<c>/health</c>,
/// <c>/ready</c>, the description of the interface, signing in). Whose gallery, search or request it is, is checked by the endpoint beside
/// this.
/// </summary>
internal static class Policies
{
    public const string SignedIn = "signed-in";
    public const string Search = "search";
    public const string Compare = "compare";
    public const string ReadSearch = "read-search";
    public const string ReadRecord = "read-record";
    public const string ReadDetails = "read-details";
    public const string KeepGallery = "keep-gallery";
    public const string CreateGallery = "create-gallery";
    public const string ReadExamination = "read-examination";
    public const string Examine = "examine";
    public const string Supervise = "supervise";
    public const string Audit = "audit";
    public const string Administer = "administer";

    /// <summary>The roles of each policy; any one of them suffices.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Roles { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        [SignedIn] = Role.All,
        [Search] = [Role.Agent, Role.Supervisor],
        [Compare] = [Role.Agent, Role.Supervisor, Role.Examiner],
        [ReadSearch] = [Role.Agent, Role.Supervisor, Role.Examiner, Role.Auditor],
        [ReadRecord] = [Role.Agent, Role.Supervisor, Role.Examiner],
        [ReadDetails] = [Role.Agent, Role.Supervisor, Role.GalleryOwner],
        [KeepGallery] = [Role.GalleryOwner],
        [CreateGallery] = [Role.GalleryOwner, Role.Administrator],
        [ReadExamination] = [Role.Agent, Role.Supervisor, Role.Examiner],
        [Examine] = [Role.Examiner],
        [Supervise] = [Role.Supervisor],
        [Audit] = [Role.Auditor],
        [Administer] = [Role.Administrator],
    };

    public static void Add(AuthorizationOptions options)
    {
        // Whatever is mapped without a word about access is closed.
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        foreach (var (name, roles) in Roles)
            options.AddPolicy(name, policy => policy.RequireAuthenticatedUser().RequireRole(roles));
    }
}
