namespace MatchEngine.Galleries.Profiles;

/// <summary>Who of the gallery's owner decides on a person's request for access, correction or deletion.</summary>
public enum RedressRule
{
    /// <summary>One of its gallery owners, another one than who recorded it.</summary>
    GalleryOwner,

    /// <summary>One of its supervisors.</summary>
    Supervisor,
}
