namespace MatchEngine.Galleries.Properties;

/// <summary>What an organisation other than the owner may do with a gallery. It takes effect when that organisation accepts it.</summary>
/// <param name="Organisation">The organisation.</param>
/// <param name="MaySearch">Whether the owner lets it search.</param>
/// <param name="Fields">Which biographics it sees.</param>
public sealed record GalleryPermission(string Organisation, bool MaySearch, BiographicFields Fields)
{
    /// <summary>Whether the owner lets it enrol: what it enrols is its own data.</summary>
    public bool MayEnrol { get; init; }

    /// <summary>What the organisation has said to it.</summary>
    public SharingState State { get; init; }

    /// <summary>What it amounts to: nothing until it is accepted.</summary>
    public GalleryPermission InEffect() =>
        State == SharingState.Accepted ? this : this with { MaySearch = false, MayEnrol = false, Fields = BiographicFields.None };
}

/// <summary>What an organisation has said to the sharing of a gallery with it.</summary>
public enum SharingState
{
    /// <summary>Nothing yet: the owner offers it.</summary>
    Offered,

    /// <summary>It takes part.</summary>
    Accepted,

    /// <summary>It does not, or no longer.</summary>
    Declined,
}
