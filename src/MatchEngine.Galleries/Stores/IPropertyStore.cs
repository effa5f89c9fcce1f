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

    /// <summary>Adds a permission, or replaces that of its organisation.</summary>
    void WritePermission(GalleryPermission permission, ChangeRecord record);

    /// <summary>Removes the permission of an organisation; false when it has none.</summary>
    bool RemovePermission(string organisation, ChangeRecord record);
}
