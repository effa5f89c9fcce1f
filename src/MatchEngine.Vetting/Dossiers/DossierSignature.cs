using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Dossiers;

/// <summary>What a check of a dossier found.</summary>
/// <param name="Problems">What is not as it was signed, in sentences; empty where everything is.</param>
/// <param name="Files">The files that were signed and are whole.</param>
/// <param name="Fingerprint">SHA-256 of the public key that the signature belongs to; null where there is none that can be read.</param>
/// <param name="IsTrusted">Whether that key is the one that was expected; null where none was named.</param>
public sealed record DossierCheck(
    IReadOnlyList<string> Problems, IReadOnlyList<string> Files, string? Fingerprint, bool? IsTrusted)
{
    /// <summary>Whether every file is as it was signed, by the key that was expected.</summary>
    public bool IsWhole => Problems.Count == 0;
}

/// <summary>
/// Signs the files of a dossier, and checks them: <c>signature.json</c> names each with its SHA-256 and holds an ECDSA signature (P-256,
/// SHA-256) over these names and digests, with the public key. A signature alone says that nothing was changed since; who made it, only the
/// key's fingerprint can say, when it is known from elsewhere.
/// </summary>
public static class DossierSignature
{
    /// <summary>The file's name.</summary>
    public const string FileName = "signature.json";

    private const string Schema = "matchengine-signature/1";
    private const string Algorithm =
        "ECDSA P-256 SHA-256, IEEE P1363, over the lines 'digest two-spaces name' of all files, sorted by name";
    private const int LargestSignature = 4 << 20;
    private const int MostFiles = 10_000;

    /// <summary>Reads a private key of P-256 from a PEM file, or makes one for this dossier alone.</summary>
    /// <param name="file">The file; null makes a key that is kept nowhere.</param>
    /// <exception cref="VettingException">The file holds no such key.</exception>
    public static ECDsa Key(string? file)
    {
        if (file is null)
            return ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = Read(file);
        try
        {
            // What has no private part does not sign.
            key.SignHash(new byte[32]);
            return key;
        }
        catch (CryptographicException error)
        {
            key.Dispose();
            throw new VettingException($"{file} holds a public key; signing needs the private one", error);
        }
    }

    /// <summary>Signs files of a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="files">Their names within it.</param>
    /// <param name="key">The key.</param>
    /// <returns>The content of <c>signature.json</c>.</returns>
    internal static string Sign(string folder, IEnumerable<string> files, ECDsa key)
    {
        var digests = files.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .ToDictionary(name => name, name => Digest(Path.Combine(folder, name)));
        return new JsonObject
        {
            ["schema"] = Schema,
            ["algorithm"] = Algorithm,
            ["publicKey"] = key.ExportSubjectPublicKeyInfoPem(),
            ["fingerprint"] = Fingerprint(key),
            ["files"] = new JsonObject([.. digests.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value))]),
            ["signature"] = Convert.ToBase64String(key.SignData(Signed(digests), HashAlgorithmName.SHA256)),
        }.ToJsonString(VettingJson.Indented) + "\n";
    }

    /// <summary>Checks a dossier.</summary>
    /// <param name="folder">Its folder, or a file in it.</param>
    /// <param name="expected">PEM file of the key that must have signed it, public or private; null where any will do.</param>
    /// <exception cref="VettingException">There is no dossier, or the expected key cannot be read.</exception>
    public static DossierCheck Check(string folder, string? expected = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var root = File.Exists(folder) ? Path.GetDirectoryName(Path.GetFullPath(folder))! : Path.GetFullPath(folder);
        var signature = Path.Combine(root, FileName);
        if (!File.Exists(signature))
            throw new VettingException($"{root}: there is no {FileName}, so nothing can be checked");
        using var trusted = expected is null ? null : Read(expected);
        var (problems, whole) = (new List<string>(), new List<string>());
        try
        {
            if (new FileInfo(signature).Length > LargestSignature)
                throw new FormatException("it is too large");
            var read = JsonNode.Parse(File.ReadAllBytes(signature))!.AsObject();
            if (read["schema"]?.GetValue<string>() != Schema)
                throw new FormatException($"it is not of {Schema}");
            var digests = read["files"]!.AsObject().ToDictionary(f => f.Key, f => f.Value!.GetValue<string>(), StringComparer.Ordinal);
            if (digests.Count is 0 or > MostFiles)
                throw new FormatException($"it names {digests.Count} files");
            using var key = ECDsa.Create();
            key.ImportFromPem(read["publicKey"]!.GetValue<string>());
            if (!IsP256(key))
                throw new FormatException("its key is not one of P-256");
            var signed = Convert.FromBase64String(read["signature"]!.GetValue<string>());
            if (!key.VerifyData(Signed(digests), signed, HashAlgorithmName.SHA256))
                problems.Add($"{FileName}: the signature does not belong to these names and digests.");
            // What people read of it, and spellings that decode to the same, are as they were written too.
            if (read["algorithm"]?.GetValue<string>() != Algorithm || read["fingerprint"]?.GetValue<string>() != Fingerprint(key)
                || read["publicKey"]!.GetValue<string>() != key.ExportSubjectPublicKeyInfoPem()
                || read["signature"]!.GetValue<string>() != Convert.ToBase64String(signed))
                problems.Add($"{FileName}: it was changed.");
            foreach (var (name, digest) in digests)
            {
                if (Problem(root, name, digest) is { } problem)
                    problems.Add(problem);
                else
                    whole.Add(name);
            }
            if (!digests.ContainsKey(DossierFolder.JsonName))
                problems.Add($"{FileName}: it does not cover {DossierFolder.JsonName}.");
            foreach (var file in Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Take(MostFiles)
                .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)
                .Where(file => file != FileName && file != DossierFolder.JournalName && !digests.ContainsKey(file)))
                problems.Add($"{ToldText.Of(file, 200)}: it is not part of the dossier.");
            bool? isTrusted = trusted is null ? null : Fingerprint(trusted) == Fingerprint(key);
            if (isTrusted == false)
                problems.Add("The signature was made with another key than the one that was expected.");
            return new DossierCheck(problems, whole, Fingerprint(key), isTrusted);
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or NullReferenceException
            or CryptographicException or ArgumentException or NotSupportedException)
        {
            return new DossierCheck([$"{FileName} cannot be read: {error.Message}"], [], null, trusted is null ? null : false);
        }
    }

    private static string? Problem(string root, string name, string digest)
    {
        // A name from outside: it leads to a file of the folder, or nowhere.
        var path = Path.GetFullPath(Path.Combine(root, name));
        if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) || name.Any(char.IsControl))
            return $"{FileName}: it names a file that is not of this folder.";
        try
        {
            if (!File.Exists(path) || new FileInfo(path).LinkTarget is not null)
                return $"{name}: the file is missing.";
            return Digest(path) == digest ? null : $"{name}: the file was changed.";
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"{name}: the file cannot be read.";
        }
    }

    private static ECDsa Read(string file)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(file));
            if (IsP256(key))
                return key;
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException or NotSupportedException)
        {
            key.Dispose();
            throw new VettingException($"{file}: no key in PEM that can be read, without password ({error.Message})", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            key.Dispose();
            throw new VettingException($"{file}: the key cannot be read ({error.Message})", error);
        }
        key.Dispose();
        throw new VettingException($"{file}: the key is not one of P-256");
    }

    private static bool IsP256(ECDsa key) => key.KeySize == 256
        && key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == "1.2.840.10045.3.1.7";

    private static string Fingerprint(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    private static byte[] Signed(Dictionary<string, string> digests) => Encoding.UTF8.GetBytes(string.Concat(
        digests.OrderBy(d => d.Key, StringComparer.Ordinal).Select(
            d => string.Create(CultureInfo.InvariantCulture, $"{d.Value}  {d.Key}\n"))));

    private static string Digest(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
