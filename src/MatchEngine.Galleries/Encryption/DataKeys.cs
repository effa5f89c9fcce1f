using System.Security.Cryptography;
using System.Text;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Encryption;

/// <summary>
/// The keys under which galleries keep images and biographics: AES-256 in GCM. The first key seals; all of them open,
/// so that a key can be replaced.
/// </summary>
/// <remarks>
/// A sealed value is nonce (12 random bytes) ‖ ciphertext ‖ tag (16 bytes). The row it belongs to is authenticated with it, so that values
/// cannot be moved from one row to another. Random nonces are safe for some billions of values under one key (NIST SP 800-38D, 8.3).
/// </remarks>
public sealed class DataKeys
{
    /// <summary>Holds the path of a file of keys.</summary>
    public const string FileVariable = "MATCHENGINE_DATA_KEY_FILE";

    /// <summary>Holds a key, or several with white space between them.</summary>
    public const string KeyVariable = "MATCHENGINE_DATA_KEY";

    private const int KeyBytes = 32, NonceBytes = 12, TagBytes = 16;

    private readonly OrderedDictionary<string, byte[]> _keys;

    private DataKeys(OrderedDictionary<string, byte[]> keys) => _keys = keys;

    /// <summary>
    /// The id of the key that seals: the first 16 hexadecimal digits of SHA-256("MatchEngine data key" ‖ key).
    /// It does not give the key away.
    /// </summary>
    public string CurrentId => _keys.GetAt(0).Key;

    /// <summary>The ids of all keys.</summary>
    public IReadOnlyCollection<string> Ids => _keys.Keys;

    /// <summary>
    /// The keys that the environment names: the file of <see cref="FileVariable"/>,
    /// else <see cref="KeyVariable"/>; null when it names none.
    /// </summary>
    /// <exception cref="DataKeyException">What it names cannot be used.</exception>
    public static DataKeys? FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file)
            return Read(file);
        return Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } text ? Parse(text, KeyVariable) : null;
    }

    /// <summary>
    /// Reads a file of keys: one a line, 64 hexadecimal digits or the base64 of 32 bytes;
    /// empty lines and lines that begin with # are passed over.
    /// </summary>
    /// <exception cref="DataKeyException">The file cannot be read or holds something else.</exception>
    public static DataKeys Read(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        try
        {
            return Parse(string.Join('\n', File.ReadLines(file).Where(line => !line.TrimStart().StartsWith('#'))), file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataKeyException($"{file}: the keys cannot be read ({e.Message})", e);
        }
    }

    /// <summary>Takes keys from text: 64 hexadecimal digits or the base64 of 32 bytes each, with white space between them.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Where it comes from, for messages.</param>
    /// <exception cref="DataKeyException">The text holds something else.</exception>
    public static DataKeys Parse(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        var keys = new OrderedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (word, number) in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select((word, i) => (word, i + 1)))
        {
            // The word itself is never printed: it may be a key with a slip of the pen.
            var key = Decode(word) ?? throw new DataKeyException(
                $"{source}: key {number} is neither 64 hexadecimal digits nor the base64 of {KeyBytes} bytes; "
                    + $"'openssl rand -hex {KeyBytes}' makes one");
            if (!keys.TryAdd(IdOf(key), key))
                throw new DataKeyException($"{source}: key {number} stands there twice");
        }
        return keys.Count > 0
            ? new DataKeys(keys)
            : throw new DataKeyException($"{source}: there is no key; 'openssl rand -hex {KeyBytes}' makes one");
    }

    /// <summary>The shortest sealed value, in bytes.</summary>
    internal const int LeastSealed = NonceBytes + TagBytes;

    /// <summary>Whether a text can be the id of a key.</summary>
    public static bool IsId(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length == 16 && text.All(char.IsAsciiHexDigitLower);
    }

    /// <summary>Whether a key of this id is here.</summary>
    public bool Contains(string id) => _keys.ContainsKey(id);

    internal byte[] Seal(ReadOnlySpan<byte> plain, string row)
    {
        var result = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(result.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_keys.GetAt(0).Value, TagBytes);
        aes.Encrypt(
            result.AsSpan(0, NonceBytes), plain, result.AsSpan(NonceBytes, plain.Length),
            result.AsSpan(NonceBytes + plain.Length), Encoding.UTF8.GetBytes(row));
        return result;
    }

    /// <exception cref="CryptographicException">The value was changed, or belongs to another row.</exception>
    internal byte[] Open(string id, ReadOnlySpan<byte> value, string row)
    {
        if (value.Length < NonceBytes + TagBytes)
            throw new CryptographicException("the value is too short to be sealed");
        var plain = new byte[value.Length - NonceBytes - TagBytes];
        using var aes = new AesGcm(_keys[id], TagBytes);
        aes.Decrypt(value[..NonceBytes], value[NonceBytes..^TagBytes], value[^TagBytes..], plain, Encoding.UTF8.GetBytes(row));
        return plain;
    }

    private static byte[]? Decode(string word)
    {
        if (word.Length == 2 * KeyBytes && word.All(char.IsAsciiHexDigit))
            return Convert.FromHexString(word);
        var key = new byte[KeyBytes];
        return Convert.TryFromBase64String(word, key, out var length) && length == KeyBytes ? key : null;
    }

    private static string IdOf(byte[] key) => Convert.ToHexStringLower(SHA256.HashData([.. "MatchEngine data key"u8, .. key]).AsSpan(0, 8));
}
