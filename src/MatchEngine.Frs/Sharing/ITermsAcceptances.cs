using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Sharing;

/// <summary>The store of who accepted which terms, and when.</summary>
public interface ITermsAcceptances
{
    /// <summary>When the account accepted this version (UTC); null: not yet.</summary>
    /// <param name="account">The account.</param>
    /// <param name="terms">The profile whose terms they are.</param>
    /// <param name="version">Their version.</param>
    DateTimeOffset? Find(string account, string terms, string version);

    /// <summary>Notes the acceptance; a second one changes nothing and gives false, unless the first has to be renewed.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="account">The account.</param>
    /// <param name="terms">The profile whose terms they are.</param>
    /// <param name="version">Their version.</param>
    /// <param name="renewDays">After how many days an acceptance is renewed; null: never.</param>
    bool Accept(BookChange change, string account, string terms, string version, int? renewDays = null);
}
