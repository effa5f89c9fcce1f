using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Accounts;

/// <summary>The store of organisations.</summary>
public interface IOrganisations
{
    /// <summary>Every organisation, by id.</summary>
    IReadOnlyList<Organisation> List();

    /// <summary>The organisation of an id; null when there is none.</summary>
    Organisation? Find(string id);

    /// <summary>Adds one; false when the id is taken.</summary>
    bool Add(BookChange change, string id, string name);
}
