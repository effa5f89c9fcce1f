namespace MatchEngine.Frs.Sharing;

/// <summary>The kinds of audit events whose change is that the gallery is there, or is there no longer.</summary>
public static class GalleryEvents
{
    /// <summary>It was made.</summary>
    public const string Created = "gallery.created";

    /// <summary>It was made from an archive.</summary>
    public const string Restored = "gallery.restored";

    /// <summary>It was deleted.</summary>
    public const string Deleted = "gallery.deleted";
}
