using System.Globalization;
using MatchEngine.Faces.Geometry;
using MatchEngine.Rates.Tails;

namespace MatchEngine.Service.Pages;

/// <summary>How numbers and times are written on pages.</summary>
internal static class Words
{
    public static string Score(double score) => score.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>A score on a scale of 0 … 100; see <see cref="Frs.Searching.ShownScore.ToPercent"/>.</summary>
    public static string Percent(double percent) => percent.ToString("0.00", CultureInfo.InvariantCulture) + " %";

    /// <summary>A score as far as it is told, on one line.</summary>
    public static string Score(Frs.Searching.ShownScore shown) => shown switch
    {
        { Score: { } score } => Score(score),
        { Percent: { } percent } => Percent(percent),
        _ => "not told",
    };

    /// <summary>The floor of a list: one for all galleries, each one's own, or none.</summary>
    public static string Floor(float? floor, IReadOnlyList<Galleries.Audit.GalleryFloor>? floors) => (floor, floors) switch
    {
        ({ } one, _) => $"floor {Score(one)}",
        (_, { Count: > 0 } each) => "floor " + string.Join(
            ", ", each.Select(gallery => $"{(gallery.Floor is { } own ? Score(own) : "none")} in {gallery.Gallery}")),
        _ => "no floor",
    };

    /// <summary>A rate as people read it, with its number; or the bound, or that nothing can be said.</summary>
    public static string Rate(double? rate, double? below) => (Supported(rate), Supported(below)) switch
    {
        ({ } known, _) when known > 0 => string.Create(CultureInfo.InvariantCulture, $"about 1 in {1 / known:N0} ({known:0.#e+0})"),
        (0, _) => "0",
        (_, { } bound) when bound > 0 => string.Create(CultureInfo.InvariantCulture, $"below 1 in {1 / bound:N0} ({bound:0.#e+0})"),
        _ => "not known",
    };

    /// <summary>How many strangers to expect, in a sentence.</summary>
    /// <param name="said">The number, or why there is none.</param>
    /// <param name="does">What they do: "reach the floor".</param>
    public static string Strangers(StrangersExpected said, string does) => said switch
    {
        { Reason: UnsaidReason.NoFloor } =>
            "where a gallery has no floor every place of its part is filled, with strangers when the person is not enrolled",
        { Value: { } value } => string.Create(
            CultureInfo.InvariantCulture,
            $"about {Rough(value)} other people are expected to {does}, on average ({Rough(said.Low)} to {Rough(said.High)}); measured in "
                + $"this search on {said.Population}"),
        { High: { } bound } => string.Create(
            CultureInfo.InvariantCulture,
            $"fewer than {Rough(bound)} other people are expected to {does}, on average; measured in this search on {said.Population}"),
        _ => $"how many other people are expected to {does} cannot be said: {said.Reason.ToWords()} ({said.Population})",
    };

    /// <summary>The same of those who score as high as a candidate, in as few words as a row of a list has room for.</summary>
    public static string StrangersInShort(StrangersExpected said) => said switch
    {
        { Value: { } value } => string.Create(
            CultureInfo.InvariantCulture, $"about {Rough(value)} {(value < 1.5 && value >= 0.95 ? "stranger" : "strangers")}")
            + $" of {Count(said.Comparisons)}",
        { High: { } bound } => $"fewer than {Rough(bound)} strangers of {Count(said.Comparisons)}",
        _ => "strangers: cannot be said",
    };

    /// <summary>Where a face is, for the script: left, top, width and height in pixels, to a tenth.</summary>
    public static string Of(BoundingBox box) => string.Join(
        ' ',
        new[] { box.X, box.Y, box.Width, box.Height }.Select(side => Math.Round((double)side, 1).ToString(CultureInfo.InvariantCulture)));

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number of things: 1 subject, 2 subjects.</summary>
    public static string Count(long count, string thing) => $"{Count(count)} {thing}{(count == 1 ? "" : "s")}";

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string MachineTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Number(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);

    // Two digits are more than such an estimate supports.
    private static string Rough(double? number) => number?.ToString(number < 10 ? "G2" : "N0", CultureInfo.InvariantCulture) ?? "";

    // To four significant digits: no table supports more.
    private static double? Supported(double? rate) =>
        rate is { } value and > 0 ? double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : rate;

    /// <summary>A state or finding in words: <c>FollowUp</c> → <c>follow-up</c>.</summary>
    public static string Of(Enum value) => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
