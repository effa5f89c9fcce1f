using System.CommandLine;
using System.Security.Cryptography;
using MatchEngine.Client;

namespace MatchEngine.Cli.Remote;

/// <summary>The options by which a verb asks a service instead of a data folder of this machine.</summary>
internal static class ServiceOptions
{
    /// <summary>Which service.</summary>
    public static Option<string?> Service { get; } = new("--service")
    {
        Description =
            "Ask this service, e.g. https://localhost:8443, instead of a data folder of this machine",
        HelpName = "URL",
    };

    /// <summary>Whose key.</summary>
    public static Option<string?> KeyFile { get; } = new("--key-file")
    {
        Description = "With --service: the file with the API key, and nothing else in it",
        HelpName = "FILE",
    };

    /// <summary>Whom TLS trusts.</summary>
    public static Option<string?> Certificate { get; } = new("--certificate")
    {
        Description = "With --service: the certificate (PEM) to trust in place of the system's, e.g. DATA/tls/development.pem",
        HelpName = "FILE",
    };

    /// <summary>Why: the case.</summary>
    public static Option<string?> Case { get; } = new("--case") { Description = "With --service: the case number", HelpName = "NUMBER" };

    /// <summary>Why: the legal basis.</summary>
    public static Option<string?> Basis { get; } = new("--basis")
    {
        Description = "With --service: the statutory violation or another legal basis",
        HelpName = "TEXT",
    };

    /// <summary>Why: who asked for it.</summary>
    public static Option<string?> Requester { get; } = new("--requester")
    {
        Description = "With --service: who asked for it",
        HelpName = "NAME",
    };

    /// <summary>A supervisor's approval.</summary>
    public static Option<string?> Approval { get; } = new("--approval")
    {
        Description = "With --service: the id of a supervisor's approval, where one is needed",
        HelpName = "ID",
    };

    private static IReadOnlyList<Option> Connection => [Service, KeyFile, Certificate];

    /// <summary>Those that say why something is asked.</summary>
    public static IReadOnlyList<Option> Reasons => [Case, Basis, Requester, Approval];

    /// <summary>Gives a verb the options.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="local">Its options that a service decides for itself, or that need the data folder.</param>
    /// <param name="reasons">Whether it says why it asks.</param>
    public static void Add(Command command, IReadOnlyList<Option> local, bool reasons)
    {
        foreach (var option in (IEnumerable<Option>)[.. Connection, .. reasons ? Reasons : []])
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            var remote = result.GetResult(Service) is not null;
            foreach (var option in remote ? local : [.. Connection, .. Reasons])
                if (result.GetResult(option) is { Implicit: false })
                    result.AddError(remote
                        ? $"{option.Name} does not go with --service: the service decides it"
                        : $"{option.Name} goes with --service");
            if (remote && result.GetResult(KeyFile) is null)
                result.AddError("--service needs --key-file: the file with an API key of an account there");
        });
    }

    /// <summary>Opens the connection that the command line names.</summary>
    /// <exception cref="UsageException">The address or the key cannot be used.</exception>
    public static ServiceConnection Open(ParseResult parsed)
    {
        var address = parsed.GetRequiredValue(Service)!;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var service))
            throw new UsageException($"--service takes an address such as https://localhost:8443, not '{address}'");
        var file = parsed.GetRequiredValue(KeyFile)!;
        var key = File.ReadAllText(file).Trim();
        if (key.Length is 0 or > 200 || key.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '_'))
            throw new UsageException($"{file}: no API key, which is one word such as me_…");
        try
        {
            return ServiceConnection.Open(
                service, key, new ServiceConnectionOptions { TrustedCertificateFile = parsed.GetValue(Certificate) });
        }
        catch (ArgumentException)
        {
            throw new UsageException($"--service takes an address such as https://localhost:8443, not '{address}'");
        }
        catch (CryptographicException error)
        {
            throw new UsageException($"--certificate: {error.Message}");
        }
    }

    /// <summary>Why something is asked; null where nothing is said.</summary>
    public static PurposeWire? Purpose(ParseResult parsed)
    {
        var purpose = new PurposeWire
        {
            CaseNumber = parsed.GetValue(Case), Basis = parsed.GetValue(Basis), Requester = parsed.GetValue(Requester),
        };
        return (purpose.CaseNumber ?? purpose.Basis ?? purpose.Requester) is null ? null : purpose;
    }

    /// <summary>Runs calls; what the service refuses ends the verb with the service's code and words.</summary>
    /// <exception cref="RefusedByServiceException">It was refused, or the service cannot be reached.</exception>
    public static async Task<T> AskAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (ServiceException<ProblemResponse> error)
        {
            throw new RefusedByServiceException(error.Result.Code, error.Result.Detail, error);
        }
        catch (ServiceException error)
        {
            throw new RefusedByServiceException(
                "service", $"the service's answer cannot be used (status {error.StatusCode})", error);
        }
        catch (HttpRequestException error)
        {
            throw new RefusedByServiceException("service_unreachable", $"the service cannot be reached: {error.Message}", error);
        }
        catch (TaskCanceledException error) when (error.InnerException is TimeoutException)
        {
            throw new RefusedByServiceException("service_unreachable", "the service did not answer in time", error);
        }
    }

    /// <summary>A face as the service names it; null where none was chosen.</summary>
    public static string? Face(ParseResult parsed) => parsed.GetResult(SharedOptions.Face) is { Implicit: false } chosen
        ? chosen.Tokens[0].Value
        : null;
}

/// <summary>A service refused, or could not be asked.</summary>
/// <param name="code">The problem's code.</param>
/// <param name="message">The problem's words.</param>
/// <param name="innerException">What the client said.</param>
internal sealed class RefusedByServiceException(string code, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>The problem's code.</summary>
    public string Code { get; } = code;
}
