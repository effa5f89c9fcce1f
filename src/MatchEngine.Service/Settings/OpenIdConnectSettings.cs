namespace MatchEngine.Service.Settings;

/// <summary>The identity provider by which people may sign in beside their passwords; none until <see cref="Authority"/> is set.</summary>
public sealed class OpenIdConnectSettings
{
    /// <summary>
    /// The provider's address, below which its description lies (<c>/.well-known/openid-configuration</c>); null for none.
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>This service's id there.</summary>
    public string? ClientId { get; set; }

    /// <summary>This service's secret there. Give it by the environment: a command line is readable by every user of the machine.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What people call the provider: it stands on the sign-in page.</summary>
    public string Name { get; set; } = "OpenID Connect";

    /// <summary>Whether a provider is set.</summary>
    public bool IsSet => !string.IsNullOrWhiteSpace(Authority);

    /// <summary>Refuses what cannot work.</summary>
    /// <exception cref="ServiceSettingsException">The message names the setting.</exception>
    internal void Validate()
    {
        if (!IsSet)
            return;
        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var authority) || !(authority.Scheme == "https" || IsHere(authority)))
            throw new ServiceSettingsException("openIdConnect:authority is an https:// address (http:// on this machine alone)");
        if (string.IsNullOrWhiteSpace(ClientId))
            throw new ServiceSettingsException("openIdConnect:clientId is missing: it is this service's id at the provider");
    }

    /// <summary>Whether the provider is reached without TLS, which is good on this machine alone.</summary>
    internal bool IsPlain => IsSet && IsHere(new Uri(Authority!));

    private static bool IsHere(Uri authority) => authority.Scheme == "http" && authority.IsLoopback;
}
