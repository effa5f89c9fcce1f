using System.Security.Cryptography;
using System.Text;
using OtpNet;

namespace MatchEngine.Frs.Accounts;

/// <summary>
/// One-time codes by the clock (TOTP, RFC 6238) as every authenticator app makes them: SHA-1, 30 seconds, 6 digits; and the recovery codes
/// for who lost the app.
/// </summary>
public static class OneTimeCodes
{
    /// <summary>Bytes of a secret: the length of the hash, as RFC 4226, 4 (R6) recommends.</summary>
    public const int SecretBytes = 20;

    /// <summary>How many recovery codes there are.</summary>
    public const int RecoveryCodes = 10;

    private const int StepSeconds = 30, Digits = 6, RecoveryBytes = 10;

    /// <summary>The step of which a code is: the present one, or one beside it, for clocks that differ; null when it is of none.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="code">What was typed; blanks in it do not count.</param>
    /// <param name="now">The present time.</param>
    public static long? StepOf(byte[] secret, string code, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(code);
        return new Totp(secret, StepSeconds, OtpHashMode.Sha1, Digits).VerifyTotp(
            now.UtcDateTime, string.Concat(code.Where(c => !char.IsWhiteSpace(c))), out var step,
            VerificationWindow.RfcSpecifiedNetworkDelay) ? step : null;
    }

    /// <summary>The secret as an app takes it: base32.</summary>
    public static string Text(byte[] secret) => Base32Encoding.ToString(secret).TrimEnd('=');

    /// <summary>The secret as a picture for an app holds it.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="issuer">Who asks for the codes.</param>
    /// <param name="name">Whose they are.</param>
    public static string Address(byte[] secret, string issuer, string name) =>
        new OtpUri(OtpType.Totp, Text(secret), name, issuer, OtpHashMode.Sha1, Digits, StepSeconds).ToString();

    /// <summary>A new recovery code: 80 random bits, of which nobody guesses one.</summary>
    public static string NewRecoveryCode() => string.Join(
        '-', Base32Encoding.ToString(RandomNumberGenerator.GetBytes(RecoveryBytes)).ToLowerInvariant().Chunk(4).Select(c => new string(c)));

    /// <summary>What is kept of a recovery code: nothing slow, for there is nothing to guess.</summary>
    public static byte[] RecoveryHash(string code)
    {
        ArgumentNullException.ThrowIfNull(code);
        return SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(code.Where(char.IsLetterOrDigit)).ToLowerInvariant()));
    }
}
