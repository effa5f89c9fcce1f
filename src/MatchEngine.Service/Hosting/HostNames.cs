using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Hosting;

/// <summary>The names under which the service is reached; a request for another one is refused.</summary>
internal static class HostNames
{
    private static readonly string[] ThisMachine = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>
    /// Those of the settings. Where none are set and nothing but this machine reaches the service: this machine's, so that a page whose
    /// name was turned to its address (DNS rebinding) does not. Else any.
    /// </summary>
    public static IReadOnlyList<string> Allowed(ServiceSettings settings, IEnumerable<BindingAddress> addresses)
    {
        var named = (settings.AllowedHosts ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (named.Length > 0)
            return named;
        return !Proxies.AreNamed(settings) && addresses.All(address => Addresses.IsLoopback(address.Host)) ? ThisMachine : ["*"];
    }

    public static void Add(IServiceCollection services, IReadOnlyList<string> allowed) => services.AddHostFiltering(options =>
    {
        options.AllowedHosts = [.. allowed];
        options.AllowEmptyHosts = false;
        // ErrorAnswers has the words.
        options.IncludeFailureMessage = false;
    });
}
