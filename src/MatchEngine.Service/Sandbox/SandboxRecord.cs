namespace MatchEngine.Service.Sandbox;

/// <summary>An account of the sandbox, and the key by which one acts for it.</summary>
/// <param name="Organisation">Its organisation.</param>
/// <param name="Role">What it is: one role, but for the first administrator's, who has four.</param>
/// <param name="Name">Its name.</param>
/// <param name="Account">Its id.</param>
/// <param name="Key">The key's text.</param>
public sealed record SandboxAccount(string Organisation, string Role, string Name, string Account, string Key);

/// <summary>A credential by which a client of the Rekognition dialect signs for an account of the sandbox.</summary>
/// <param name="Organisation">The account's organisation.</param>
/// <param name="Role">What it is.</param>
/// <param name="AccessKeyId">The credential's id.</param>
/// <param name="SecretAccessKey">Its secret.</param>
public sealed record SandboxCredential(string Organisation, string Role, string AccessKeyId, string SecretAccessKey);

/// <summary>A gallery of the sandbox.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Profile">Its profile.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Subjects">How many people it holds.</param>
public sealed record SandboxGallery(string Name, string Profile, string Owner, int Subjects);

/// <summary>What there is in a sandbox, as <c>sandbox.json</c> tells it. What a dialect needs beside keys is a list of its own
/// here.</summary>
public sealed record SandboxRecord
{
    /// <summary>The form of the file that this version writes.</summary>
    public const int PresentFormat = 2;

    /// <summary>The form of the file.</summary>
    public int Format { get; init; } = PresentFormat;

    /// <summary>Whether all of it was made.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>When it was made (UTC).</summary>
    public DateTimeOffset Made { get; init; }

    /// <summary>The accounts: organisations in the order in which they were made, in each the roles in theirs.</summary>
    public IReadOnlyList<SandboxAccount> Accounts { get; init; } = [];

    /// <summary>Credentials for clients that sign: the agent of investigations searches with hers, the administrator of the service makes
    /// collections.</summary>
    public IReadOnlyList<SandboxCredential> SigningCredentials { get; init; } = [];

    /// <summary>The galleries, by name.</summary>
    public IReadOnlyList<SandboxGallery> Galleries { get; init; } = [];

    /// <summary>The people, each with a photo <c>photos/PERSON.jpg</c>.</summary>
    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>The ids of what there is to decide and to look at.</summary>
    public IReadOnlyDictionary<string, string> Items { get; init; } = new Dictionary<string, string>();
}
