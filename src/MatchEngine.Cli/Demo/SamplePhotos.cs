namespace MatchEngine.Cli.Demo;

/// <summary>The group photos that come with the npm package @vladmandic/face-api (MIT); the build copies them beside the program.</summary>
internal static class SamplePhotos
{
    /// <summary>Where they come from, for the pages that show them.</summary>
    public const string Attribution = "Photos: sample images of the npm package @vladmandic/face-api by Vladimir Mandic, MIT licence.";

    /// <summary>Full paths, in the order of their numbers.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enumerable.Range(1, 6).Select(
        number => Path.Combine(AppContext.BaseDirectory, "samples", $"sample{number}.jpg"))];
}
