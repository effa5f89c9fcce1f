using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using MatchEngine.Evaluation.Inputs;

namespace MatchEngine.Evaluation.Protocols;

/// <summary>
/// Reads the protocols of <c>eval/</c>. A key that the schema does not have is refused: a misspelt one would silently do nothing.
/// </summary>
public static class ProtocolFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = false,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Finds a protocol: a path of a file, or the name of one that lies in <paramref name="folder"/>.</summary>
    /// <param name="nameOrPath">A path, or a name such as <c>lfw-view2</c>.</param>
    /// <param name="folder">Where the shipped protocols lie; <c>eval</c> beside the program when null.</param>
    /// <returns>The full path.</returns>
    /// <exception cref="EvaluationException">There is none.</exception>
    public static string Find(string nameOrPath, string? folder = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrPath);
        if (File.Exists(nameOrPath))
            return Path.GetFullPath(nameOrPath);
        folder ??= Path.Combine(AppContext.BaseDirectory, "eval");
        var shipped = Path.Combine(folder, nameOrPath + ".json");
        if (File.Exists(shipped))
            return shipped;
        string[] names = Directory.Exists(folder)
            ? Directory.GetFiles(folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal).ToArray()
            : [];
        throw new EvaluationException($"there is no protocol '{nameOrPath}'; give a file, or one of {string.Join(", ", names)}");
    }

    /// <summary>Reads and checks a protocol file.</summary>
    /// <exception cref="EvaluationException">The file cannot be read, is not JSON, has a key that is not known,
    /// or a value out of range.</exception>
    public static Protocol Read(string file)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        try
        {
            var protocol = JsonSerializer.Deserialize<Protocol>(File.ReadAllText(file), Options)
                ?? throw new EvaluationException(file, 0, "the file is empty");
            protocol.Validate();
            return protocol;
        }
        catch (JsonException error)
        {
            throw new EvaluationException(
                $"{file}:{(error.LineNumber ?? 0) + 1}: not a protocol ({error.Message}); eval/README.md lists the keys", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new EvaluationException($"{file}: cannot be read ({error.Message})", error);
        }
    }

    /// <summary>SHA-256 over all values of a protocol, the defaults included, lower-case hexadecimal.</summary>
    public static string Digest(Protocol protocol) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(protocol, Options)));
}
