using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Stores;

/// <summary>
/// Whose data the subjects of a gallery are, where that is not the gallery's owner, and with whom these providers share them. Faults arrive
/// as <see cref="StoreException"/>.
/// </summary>
public interface IProviderStore
{
    /// <summary>Whether a subject is this organisation's.</summary>
    bool Provides(string organisation);

    /// <summary>With which organisations a provider shares its data, in ordinal order.</summary>
    IReadOnlyList<string> ReadSharing(string provider);

    /// <summary>Shares a provider's data with an organisation, or ends that; false when it is so already.</summary>
    bool WriteSharing(string provider, string organisation, bool shared, ChangeRecord record);

    /// <summary>The rows of the subjects that an organisation does not see: those of providers who do not share with it.</summary>
    IReadOnlyList<long> HiddenRows(string organisation);

    /// <summary>Whether a subject is one of those.</summary>
    bool IsHidden(string subjectId, string organisation);
}
