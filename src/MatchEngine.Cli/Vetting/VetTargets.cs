using System.CommandLine;
using MatchEngine.Vetting.CompreFace;
using MatchEngine.Vetting.Folders;
using MatchEngine.Vetting.MappedHttp;
using MatchEngine.Vetting.Programs;
using MatchEngine.Vetting.Rekognition;
using MatchEngine.Vetting.Rest;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Cli.Vetting;

/// <summary>Opens what a command line names: the one place that knows every kind of target.</summary>
internal static class VetTargets
{
    /// <summary>Opens a target.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="work">A folder for what a target keeps in this process.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UsageException">There is no such kind of target, or a file of a credential holds none.</exception>
    /// <exception cref="TargetUnusableException">It cannot be used.</exception>
    public static async Task<ISystemUnderTest> OpenAsync(ParseResult parsed, string work, CancellationToken cancellationToken)
    {
        var form = parsed.GetRequiredValue(VetOptions.Target);
        var (kind, rest) = form.Split(':', 2) is [var head, var tail] ? (head, tail) : (form, "");
        return (kind, rest) switch
        {
            ("matchengine", "") => EngineTarget.Open(
                work, parsed.GetRequiredValue(SharedOptions.Data), parsed.GetRequiredValue(VetOptions.Model), TimeProvider.System),
            ("matchengine", _) => await RestTarget.OpenAsync(Address(form, rest), Options(parsed), cancellationToken),
            ("http", _) when rest.StartsWith("//", StringComparison.Ordinal) => throw new UsageException(
                $"--target {form}: of which kind is it? matchengine:{form} is a MatchEngine service; http:MAPPING.json describes another"),
            ("http", _) => MappedTarget.Open(rest, Options(parsed)),
            ("rekognition", _) => await RekognitionTarget.OpenAsync(Address(form, rest), Options(parsed), cancellationToken),
            ("compreface", _) => CompreFaceTarget.Open(Address(form, rest), Options(parsed)),
            ("command", { Length: > 0 }) => await ProgramTarget.OpenAsync(Words(form, rest), Options(parsed), cancellationToken),
            ("folder", { Length: > 0 }) => FolderTarget.Open(rest, Options(parsed)),
            _ => throw new UsageException($"--target takes {VetOptions.Forms}, not '{form}'"),
        };
    }

    private static IReadOnlyList<string> Words(string form, string text)
    {
        try
        {
            return CommandWords.Split(text);
        }
        catch (FormatException error)
        {
            throw new UsageException($"--target {form}: {error.Message}");
        }
    }

    private static Uri Address(string form, string text) => Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https"
            ? address
            : throw new UsageException($"--target {form}: that is no address of HTTP");

    private static TargetOptions Options(ParseResult parsed)
    {
        if (!(parsed.GetValue(VetOptions.Timeout) is > 0 and <= 3600))
            throw new UsageException("--timeout takes seconds above 0, at most 3600");
        try
        {
            return new TargetOptions
            {
                Gallery = parsed.GetRequiredValue(VetOptions.TargetGallery),
                Credentials = TargetCredentials.Read(parsed.GetValue(VetOptions.Credential), parsed.GetValue(VetOptions.OtherCredential)),
                Timeout = TimeSpan.FromSeconds(parsed.GetValue(VetOptions.Timeout)),
                Reach = new Reach(parsed.GetValue(VetOptions.OwnerAgreed)),
                TrustedCertificateFile = parsed.GetValue(VetOptions.Certificate),
            };
        }
        catch (InvalidDataException error)
        {
            throw new UsageException(error.Message);
        }
    }
}
