using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Hosting;

/// <summary>Names at the start what other users of this machine can read and should not.</summary>
internal sealed class OthersAccess(ServiceSettings settings, ILogger<OthersAccess> log) : IHostedService
{
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            return Task.CompletedTask;
        foreach (var folder in new[] { settings.DataFolder, settings.ImportFolder }.Where(Directory.Exists).Where(IsOpen))
            log.LogWarning(
                "{Folder}: other users of this machine can reach what is in it ({Mode}); end that with: chmod -R go-rwx '{Same}'",
                folder, File.GetUnixFileMode(folder), folder);
        foreach (var file in new[] { settings.DataKeyFile, settings.CertificateKey }.OfType<string>().Where(File.Exists).Where(IsOpen))
            log.LogWarning(
                "{File}: other users of this machine can read this key ({Mode}); end that with: chmod go-rwx '{Same}'",
                file, File.GetUnixFileMode(file), file);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static bool IsOpen(string path) => (File.GetUnixFileMode(path) & Others) != UnixFileMode.None;
}
