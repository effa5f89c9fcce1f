namespace MatchEngine.Service.Tests.Fakes;

/// <summary>
/// The files of the system's folder for temporary files and of ASP.NET Core's own, so that a test can look through those that are new.
/// </summary>
internal sealed class TemporaryFiles
{
    private readonly HashSet<string> _before = List();

    private TemporaryFiles()
    {
    }

    public static TemporaryFiles Now() => new();

    /// <summary>A file that was not there and holds these bytes; null when there is none.</summary>
    public string? NewOneWith(ReadOnlySpan<byte> sought)
    {
        foreach (var file in List())
        {
            if (!_before.Contains(file) && Holds(file, sought))
                return file;
        }
        return null;
    }

    private static HashSet<string> List() => [.. new[] { Path.GetTempPath(), Environment.GetEnvironmentVariable("ASPNETCORE_TEMP") }
        .Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder!))];

    private static bool Holds(string file, ReadOnlySpan<byte> sought)
    {
        try
        {
            // Pipes of other programs are empty files to look at, and would be waited for.
            return new FileInfo(file).Length > 0 && File.ReadAllBytes(file).AsSpan().IndexOf(sought) >= 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
