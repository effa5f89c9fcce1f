namespace MatchEngine.Frs;

/// <summary>Ids of what the service keeps in its own book.</summary>
public static class TimeOrderedId
{
    /// <summary>A new id that sorts by time (a UUID of version 7 without dashes).</summary>
    public static string New() => Guid.CreateVersion7().ToString("N");
}
