using System.Text.RegularExpressions;

namespace MatchEngine.Vetting.MappedHttp;

/// <summary>Where something of a call goes in a request.</summary>
internal enum Placeholder
{
    /// <summary>The photo: in JSON in base64, in a multipart body as a file.</summary>
    Image,

    /// <summary>What the photo is said to be.</summary>
    MediaType,

    /// <summary>The first photo of a comparison.</summary>
    First,

    /// <summary>The second.</summary>
    Second,

    /// <summary>A subject's id.</summary>
    Subject,

    /// <summary>The gallery.</summary>
    Gallery,

    /// <summary>The longest list.</summary>
    ListLength,

    /// <summary>The score floor, on the service's own scale.</summary>
    ScoreFloor,

    /// <summary>Why: the case.</summary>
    CaseNumber,

    /// <summary>Why: the legal basis.</summary>
    Basis,

    /// <summary>Why: who asked.</summary>
    Requester,

    /// <summary>A search's id.</summary>
    SearchId,

    /// <summary>The caller's credential; in headers alone.</summary>
    Credential,
}

/// <summary>Texts with placeholders.</summary>
internal static partial class Placeholders
{
    /// <summary>Those of a text, by their names as written.</summary>
    public static IEnumerable<string> Names(string text) => Pattern().Matches(text).Select(found => found.Groups["name"].Value);

    /// <summary>The placeholder of a name; null where there is none.</summary>
    public static Placeholder? Parse(string name) => Enum.GetValues<Placeholder>()
        .Cast<Placeholder?>().FirstOrDefault(one => string.Equals(Name(one!.Value), name, StringComparison.Ordinal));

    /// <summary>How it is written, without its braces.</summary>
    public static string Name(Placeholder placeholder)
    {
        var name = placeholder.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>The one that a text is, and nothing else.</summary>
    public static Placeholder? Whole(string text) =>
        Pattern().Match(text) is { Success: true } found && found.Length == text.Length ? Parse(found.Groups["name"].Value) : null;

    /// <summary>Fills a text.</summary>
    /// <returns>The text; null where one of its placeholders has no value in this call.</returns>
    public static string? Fill(string text, Func<Placeholder, string?> value)
    {
        var missing = false;
        var filled = Pattern().Replace(text, found =>
        {
            var one = Parse(found.Groups["name"].Value) is { } placeholder ? value(placeholder) : null;
            missing |= one is null;
            return one ?? "";
        });
        return missing ? null : filled;
    }

    [GeneratedRegex(@"\{(?<name>[A-Za-z]+)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
