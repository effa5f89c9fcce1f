using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Accounts;

/// <summary>The store of linked identities.</summary>
public interface ILinkedIdentities
{
    /// <summary>Those of an account, or all of them, by the time they were linked.</summary>
    IReadOnlyList<LinkedIdentity> List(string? account);

    /// <summary>The one of an issuer and a subject, both to the letter; null when there is none.</summary>
    LinkedIdentity? Find(string issuer, string subject);

    /// <summary>Links one; null when it is linked already, to whomever.</summary>
    LinkedIdentity? Link(BookChange change, string account, string issuer, string subject);

    /// <summary>Takes the link away, and signs the account out everywhere; false when the account has no such link.</summary>
    bool Unlink(BookChange change, string account, string id);
}
