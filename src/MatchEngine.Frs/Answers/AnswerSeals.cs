using System.Security.Cryptography;
using System.Text.Json;
using MatchEngine.Frs.Accounts;

namespace MatchEngine.Frs.Answers;

/// <summary>
/// Seals what is kept for an account for a while: answers, the requests that wait for them, templates of their probes. The keys do not lie
/// in the book (<see cref="IAccountSecrets"/>).
/// </summary>
/// <param name="secrets">Have the keys.</param>
public sealed class AnswerSeals(IAccountSecrets secrets)
{
    /// <summary>Seals a value for an account.</summary>
    public byte[] Seal<T>(string account, T value)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(value);
        try
        {
            return secrets.Seal(account, plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Opens what was sealed for this account; null when it was changed, or its key is gone.</summary>
    public T? Open<T>(string account, ReadOnlyMemory<byte> @sealed) where T : class
    {
        if (secrets.Open(account, @sealed.ToArray()) is not { } plain)
            return null;
        try
        {
            return JsonSerializer.Deserialize<T>(plain);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
