using MatchEngine.Cli.Output;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Cli.Galleries;

/// <summary>What a verb says when it is done, in two forms of which one is written.</summary>
/// <param name="Json">What <c>--json</c> prints.</param>
/// <param name="Text">Prints it for people.</param>
internal sealed record GalleryReport(object Json, Action Text)
{
    /// <summary>A sentence.</summary>
    public GalleryReport(object json, string sentence)
        : this(json, () => Console.WriteLine(sentence))
    {
    }

    /// <summary>How the command ends.</summary>
    public int ExitCode { get; init; } = Cli.ExitCode.Done;

    /// <summary>What a gallery holds and how it may be used. It is read now: the gallery may be closed when this is printed.</summary>
    public static GalleryReport Of(Gallery gallery)
    {
        var (summary, quality, properties, permissions) = (
            gallery.Summarize(), gallery.SummarizeQuality(), gallery.Properties, gallery.Permissions);
        return new GalleryReport(
            new
            {
                summary.Name,
                Model = summary.Model.Id,
                ModelDigest = summary.Model.Digest.ToString(),
                summary.Created,
                summary.Subjects,
                summary.Encounters,
                summary.Templates,
                summary.Bytes,
                Quality = quality,
                properties.Owner,
                properties.Profile,
                properties.Approved,
                properties.Retention,
                Permissions = permissions.Select(
                    permission => new
                    {
                        permission.Organisation, permission.MaySearch, Fields = permission.Fields.Keys, permission.State,
                    }),
            },
            () => Print(summary, quality, properties, permissions));
    }

    /// <summary>A gallery in a list, where its quality is not summed up.</summary>
    public static object Row(GallerySummary summary) => new
    {
        summary.Name,
        Model = summary.Model.Id,
        ModelDigest = summary.Model.Digest.ToString(),
        summary.Created,
        summary.Subjects,
        summary.Encounters,
        summary.Templates,
        summary.Bytes,
        Quality = (GalleryQuality?)null,
    };

    private static void Print(
        GallerySummary summary, GalleryQuality quality, GalleryProperties properties, IReadOnlyList<GalleryPermission> permissions)
    {
        var retention = properties.Retention is { } rule
            ? $"{rule.Days:N0} days from {(rule.Basis == RetentionBasis.Captured ? "capture" : "enrolment")}"
            : "until removed";
        Console.WriteLine($"""
            gallery     {summary.Name}
            model       {summary.Model.Id} ({summary.Model.Digest.ToString()[..16]}…, {summary.Model.Dimension} dimensions)
            created     {summary.Created:yyyy-MM-dd HH:mm:ss} UTC
            owner       {properties.Owner}
            profile     {properties.Profile}{(properties.Approved ? "" : " (not approved)")}
            retention   {retention}
            subjects    {summary.Subjects:N0}
            encounters  {summary.Encounters:N0}
            templates   {summary.Templates:N0}
            size        {Terminal.Bytes(summary.Bytes)}
            """);
        foreach (var permission in permissions)
        {
            var seen = permission.Fields.Keys is { } keys
                ? keys.Count == 0 ? "no biographics" : string.Join(", ", keys)
                : "all biographics";
            Console.WriteLine(
                $"permission  {permission.Organisation}: {(permission.MaySearch ? "may search" : "may not search")}, sees {seen} "
                    + $"({permission.State.ToString().ToLowerInvariant()})");
        }
        if (quality is { Mean: { } mean, Lowest: { } lowest })
            Console.WriteLine($"quality     {mean:0} on average, {lowest:0} at worst ({quality.Assessed:N0} assessed)");
    }
}
