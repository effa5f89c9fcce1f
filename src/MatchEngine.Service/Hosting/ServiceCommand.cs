using System.CommandLine;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Sandbox;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Hosting;

/// <summary>The command line: each option is a setting of <see cref="ServiceSettings"/>; what is not given comes from the environment or
/// <c>appsettings.json</c>.</summary>
internal static class ServiceCommand
{
    private const int Unwell = 1, Failed = 2;

    public static RootCommand Create()
    {
        var settings = new (Option Option, string Key)[]
        {
            (Text(
                "--data", "DIR",
                "Data folder: galleries, audit, accounts, models, cache. Default: MATCHENGINE_DATA_DIR, or a folder of the user's"),
                nameof(ServiceSettings.DataDir)),
            (Text("--urls", "URLS", $"Addresses, separated by ';'. Default: {ServiceSettings.DefaultUrl}"), nameof(ServiceSettings.Urls)),
            (Switch("--allow-http", "Serve plain HTTP to other machines too, for example behind a proxy that ends TLS"),
                nameof(ServiceSettings.AllowHttp)),
            (Text("--proxies", "ADDRESSES",
                "Reverse proxies that are believed about client, scheme and host: addresses or networks, separated by ';'. Default: none"),
                nameof(ServiceSettings.Proxies)),
            (Text("--allowed-hosts", "NAMES", "Names under which the service is reached, separated by ';'. Default: any"),
                nameof(ServiceSettings.AllowedHosts)),
            (Text("--certificate", "FILE", "Certificate for TLS: PFX, or PEM. Default: a development certificate, made at the first start"),
                nameof(ServiceSettings.Certificate)),
            (Text("--certificate-key", "FILE", "PEM file of the certificate's key"), nameof(ServiceSettings.CertificateKey)),
            (Text("--profile", "NAME|FILE", "Whose rules the service follows: a profile's name, or a JSON file. Default: default"),
                nameof(ServiceSettings.Profile)),
            (Text(
                "--profiles", "FILES",
                "Further profiles of one's own that galleries can follow: JSON files, separated by ';'. Default: none"),
                nameof(ServiceSettings.Profiles)),
            (Text("--model", "ID", $"Embedder of new galleries, comparisons and quality. Default: {ModelCatalog.DefaultEmbedder}"),
                nameof(ServiceSettings.Model)),
            (Text(
                "--data-key-file", "FILE",
                "Keys for the encryption at rest of images and biographics. Default: as "
                    + "MATCHENGINE_DATA_KEY_FILE or MATCHENGINE_DATA_KEY says"), nameof(ServiceSettings.DataKeyFile)),
            (Text("--audit-head", "FILE", "A file elsewhere to which the head of the audit log is appended. Default: none"),
                nameof(ServiceSettings.AuditHead)),
            (Text("--drop-folder", "DIR", "Folder in which submissions are laid, and their answers beside them. Default: none"),
                nameof(ServiceSettings.DropFolder)),
            (Text("--drop-account", "ID", "Id of the account that searches with what lies in the drop folder"),
                nameof(ServiceSettings.DropAccount)),
            (Text("--webhook-hosts", "NAMES", "Hosts that webhooks may lead to, beside this machine, separated by ';'. Default: none"),
                nameof(ServiceSettings.WebhookHosts)),
            (Text("--imports", "DIR", "Folder with a folder of photos for each organisation. Default: imports in the data folder"),
                nameof(ServiceSettings.Imports)),
            (Text("--reports", "DIR", "Folder whose evaluation reports the web pages show. Default: reports in the data folder"),
                nameof(ServiceSettings.Reports)),
            (Switch(
                "--isolate-decoder",
                "Decode images in processes of their own, so that a crash of a codec costs one image and not the service"),
                nameof(ServiceSettings.IsolateDecoder)),
            (Text("--telemetry", "URL", "Where OpenTelemetry data goes (OTLP). Default: nowhere"),
                nameof(ServiceSettings.TelemetryEndpoint)),
            (Text("--metrics", "URL", "An address of its own for Prometheus (/metrics), like http://127.0.0.1:9464. Default: none"),
                nameof(ServiceSettings.Metrics)),
            (Switch("--json-logs", "Write the log as JSON"), nameof(ServiceSettings.JsonLogs)),
            (Switch(
                "--sandbox",
                "Serve invented people from a folder of its own (a new one that goes at the end, or --data), for trying clients: "
                    + "/v1/sandbox makes answers faulty, moves the time and brings everything back"),
                nameof(ServiceSettings.Sandbox)),
            (Switch("--allow-faults", "Let administrators of the service make answers faulty on purpose (/v1/sandbox/faults)"),
                nameof(ServiceSettings.AllowFaults)),
            (Switch("--new-administrator-key", "Print a further administrator key, in case all were lost"),
                nameof(ServiceSettings.NewAdministratorKey)),
        };
        var command = new RootCommand(
            "A face recognition service over galleries. Every other setting, limits included: "
                + "appsettings.json or MATCHENGINE_… in the environment");
        foreach (var (option, _) in settings)
        {
            option.Recursive = true;
            command.Options.Add(option);
        }
        var health = new Command(
            "health", "Ask the service that runs with these settings on this machine whether it lives; ends with 0 or 1");
        health.SetAction((parsed, cancellationToken) => HealthAsync(Given(parsed), cancellationToken));
        command.Subcommands.Add(health);
        command.SetAction((parsed, cancellationToken) => RunAsync(Given(parsed), cancellationToken));
        return command;

        IEnumerable<KeyValuePair<string, string?>> Given(ParseResult parsed) => settings
            .Where(setting => parsed.GetResult(setting.Option) is { Implicit: false })
            .Select(setting => KeyValuePair.Create(
                setting.Key, setting.Option is Option<bool> ? "true" : parsed.GetValue((Option<string>)setting.Option)));
    }

    private static async Task<int> HealthAsync(IEnumerable<KeyValuePair<string, string?>> given, CancellationToken cancellationToken)
    {
        try
        {
            return await HealthCheck.LivesAsync(ServiceHost.Settings(given), cancellationToken) ? 0 : Unwell;
        }
        catch (ServiceSettingsException e)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return Failed;
        }
    }

    private static async Task<int> RunAsync(IEnumerable<KeyValuePair<string, string?>> given, CancellationToken cancellationToken)
    {
        try
        {
            var settings = ServiceHost.Settings(given);
            if (settings.Sandbox)
                return await SandboxAsync(settings, cancellationToken);
            using var folder = DataFolderLock.Take(settings.DataFolder);
            await using var app = ServiceHost.Build(settings);
            app.AdmitFirstAdministrator(Console.Out);
            await app.StartAsync(cancellationToken);
            foreach (var address in app.Urls)
                Console.WriteLine($"MatchEngine service: {address}");
            if (string.IsNullOrWhiteSpace(settings.Certificate) && app.Urls.Any(url => url.StartsWith("https:", StringComparison.Ordinal)))
                Console.WriteLine($"Development certificate: {ServerCertificate.DevelopmentFile(settings.DataFolder)} (curl --cacert)");
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        }
        catch (Exception e) when (e is ServiceSettingsException or StoreException or ModelException or DataKeyException or ProfileException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message}");
            return Failed;
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"error: {e.Message} Choose another address with --urls");
            return Failed;
        }
    }

    private static async Task<int> SandboxAsync(ServiceSettings settings, CancellationToken cancellationToken)
    {
        NewFiles.BelongToTheirOwnerAlone();
        using var folder = SandboxFolder.Take(settings.DataDir);
        using var held = DataFolderLock.Take(folder.Root);
        Console.WriteLine($"Making the sandbox in {folder.Root} ...");
        await using var sandbox = await SandboxHost.StartAsync(
            SandboxSettings.Of(settings), folder, new SandboxParts(ServiceHost.Listener, ServiceHost.Build), cancellationToken);
        SandboxTable.Write(Console.Out, sandbox, folder);
        await sandbox.Listener.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static Option<string> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    private static Option<bool> Switch(string name, string description) => new(name) { Description = description };
}
