using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Sandbox;

/// <summary>How the settings of a service become those of a sandbox.</summary>
internal static class SandboxSettings
{
    /// <summary>The address of a sandbox where none is named: any client reaches it, without a certificate to trust.</summary>
    public const string DefaultUrl = "http://localhost:8080";

    /// <summary>Keys last as long as the clock can be moved, and beyond: who has moved it can still ask for the reset.</summary>
    private const int KeyDays = 100 * 365;

    /// <summary>The settings of the sandbox; its data folder is still to be named.</summary>
    /// <exception cref="ServiceSettingsException">A setting does not go with a sandbox.</exception>
    public static ServiceSettings Of(ServiceSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.AuditHeadFile is not null)
            throw new ServiceSettingsException(
                "--audit-head and --sandbox do not go together: a reset takes the audit back, which the file of heads would tell of");
        if (settings.NewAdministratorKey)
            throw new ServiceSettingsException("--new-administrator-key and --sandbox do not go together: sandbox.json has the keys");
        if (settings.Urls == ServiceSettings.DefaultUrl)
            settings.Urls = DefaultUrl;
        settings.Limits.KeyDays = KeyDays;
        return settings;
    }
}
