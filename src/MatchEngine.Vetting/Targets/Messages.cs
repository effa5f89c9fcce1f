namespace MatchEngine.Vetting.Targets;

/// <summary>What was sent to a target: never an image, a template or a secret.</summary>
/// <param name="Verb">What was done with the address: a method of HTTP, or <c>run</c>, <c>call</c>, <c>write</c>.</param>
/// <param name="Address">Where to: an address without user and password, a program's name, a file's name.</param>
/// <param name="Headers">Those that tell no secret.</param>
/// <param name="Digest">SHA-256 of the body in lower-case hexadecimal digits; null for none.</param>
/// <param name="Size">The body's length in bytes.</param>
public sealed record SentMessage(
    string Verb, string Address, IReadOnlyDictionary<string, string> Headers, string? Digest, long Size)
{
    /// <summary>Nothing was sent.</summary>
    public static SentMessage Nothing { get; } = new("none", "", new Dictionary<string, string>(), null, 0);
}

/// <summary>What came back from a target.</summary>
/// <param name="Status">The status of HTTP, or a program's exit code; null where the way has none.</param>
/// <param name="Headers">Those that tell no secret.</param>
/// <param name="Digest">SHA-256 of the body in lower-case hexadecimal digits; null for none.</param>
/// <param name="Size">How many bytes of the body were read.</param>
/// <param name="Excerpt">The body's beginning where it is text, at most <see cref="MaxExcerpt"/> characters, without long values.</param>
public sealed record ReceivedMessage(
    int? Status, IReadOnlyDictionary<string, string> Headers, string? Digest, long Size, string Excerpt)
{
    /// <summary>The longest excerpt in characters.</summary>
    public const int MaxExcerpt = 600;
}
