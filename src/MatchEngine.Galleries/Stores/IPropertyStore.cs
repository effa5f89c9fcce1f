using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Galleries.Stores;

/// <summary>
/// Whose a gallery is and who may do what with it. Faults arrive as <see cref="StoreException"/>,
/// writes to a deleted gallery as <see cref="GalleryNotFoundException"/>.
/// </summary>
public interface IPropertyStore
{
    /// <summary>Whose the gallery is and how it may be used, as it stands now.</summary>
    GalleryProperties Read();

    /// <summary>Replaces the properties.</summary>
    void Write(GalleryProperties properties, ChangeRecord record);

    /// <summary>The permissions in the ordinal order of the organisations.</summary>
    IReadOnlyList<GalleryPermission> ReadPermissions();

    /// <summary>
    /// Offers a permission, or replaces that of its organisation: one that was accepted stays so, any other is offered anew. The state
    /// that <paramref name="permission"/> has plays no part.
    /// </summary>
    void WritePermission(GalleryPermission permission, ChangeRecord record);

    /// <summary>Writes what an organisation says to its permission; false when it has none, or has said so already.</summary>
    bool AnswerPermission(string organisation, bool accepted, ChangeRecord record);

    /// <summary>Removes the permission of an organisation; false when it has none.</summary>
    bool RemovePermission(string organisation, ChangeRecord record);
}
