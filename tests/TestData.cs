namespace MatchEngine.Tests;

/// <summary>
/// Finds the data sets that tests measure on. They are never committed: a test whose data is absent is skipped and says so.
/// </summary>
internal static class TestData
{
    /// <summary>The root of the repository that holds the running test.</summary>
    public static string Repository { get; } = FindUpwards(AppContext.BaseDirectory, "MatchEngine.sln")
        ?? throw new InvalidOperationException("the tests run outside the repository");

    /// <summary>
    /// The folder of the data sets: <c>MATCHENGINE_DATA</c>, or <c>shared/data</c> beside the repository; null when neither is there.
    /// </summary>
    /// <remarks>Stands below <see cref="Repository"/>, which it needs: initialisers run in the order of the text.</remarks>
    public static string? Root { get; } = FindRoot();

    /// <summary>The full path of a file or folder of the data; the calling test is skipped when it is absent.</summary>
    public static string Require(string relativePath)
    {
        var path = Root is null ? null : Path.Combine(Root, relativePath.Replace('/', Path.DirectorySeparatorChar));
        if (path is null || !Path.Exists(path))
            Assert.Skip($"needs test data '{relativePath}': put the data beside the repository as ../shared/data or set MATCHENGINE_DATA");
        return path;
    }

    private static string? FindRoot()
    {
        var configured = Environment.GetEnvironmentVariable("MATCHENGINE_DATA");
        if (!string.IsNullOrEmpty(configured))
            return Directory.Exists(configured) ? configured : null;
        var beside = Path.Combine(Path.GetDirectoryName(Repository) ?? Repository, "shared", "data");
        return Directory.Exists(beside) ? beside : null;
    }

    private static string? FindUpwards(string start, string file)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, file)))
                return folder.FullName;
        return null;
    }
}
