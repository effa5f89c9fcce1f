namespace MatchEngine.Frs;

/// <summary>Folders in which the service keeps what is nobody else's business.</summary>
public static class PrivateFolder
{
    /// <summary>Makes a folder that only its owner may enter; one that is there is left as it is.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
