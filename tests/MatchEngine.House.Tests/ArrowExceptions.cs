namespace MatchEngine.House.Tests;

/// <summary>
/// Arrows that go against the house today, by name. The list only shrinks: a new arrow is not added here but turned round, and one that
/// is gone must be taken off.
/// </summary>
internal static class ArrowExceptions
{
    /// <summary>Rooms that refer to one which is not theirs to use.</summary>
    public static IReadOnlyList<string> Rooms { get; } = [];

    /// <summary>Rooms that the house does not know.</summary>
    public static IReadOnlyList<string> Strangers { get; } = [];

    /// <summary>Rooms that show their internals to another.</summary>
    public static IReadOnlyList<string> Internals { get; } = [];

    // A line: the type that uses, the folder or group that is used, and its types.
    private const string Faces = """
        faults.AcquisitionException > Quality: FaceQuality
        """;

    private const string Galleries = "";

    private const string Service = "";

    /// <summary>Folders of a room that use one which is not below them: <c>folder.type &gt; folder.type</c>.</summary>
    public static IEnumerable<string> Folders(string room)
    {
        var text = room switch
        {
            "Faces" => Faces,
            "Galleries" => Galleries,
            _ => Service,
        };
        return
            from line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            let parts = line.Split(": ")
            from used in parts[1].Split(", ")
            select $"{parts[0]}.{used}";
    }
}
