namespace MatchEngine.Galleries.Listing;

/// <summary>In what order subjects are listed.</summary>
public enum SubjectOrder
{
    /// <summary>The byte order of their ids in UTF-8.</summary>
    Id,

    /// <summary>The order in which they first came into the gallery.</summary>
    Came,
}
