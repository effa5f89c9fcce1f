using System.Security.Cryptography;

namespace MatchEngine.Vetting.Targets;

/// <summary>The secrets that the examiner was given. They stand in no exchange, and in no text of this.</summary>
/// <param name="examiner">Of the examiner's own account; null where the target asks for none.</param>
/// <param name="otherOrganisation">Of an account of another organisation; null where there is none.</param>
public sealed class TargetCredentials(string? examiner, string? otherOrganisation)
{
    private const int MaxBytes = 8192;

    // Of a shape that a service takes for a key, and known to nobody.
    private readonly string _wrong = "me_" + RandomNumberGenerator.GetHexString(40, lowercase: true);

    /// <summary>None at all.</summary>
    public static TargetCredentials None { get; } = new(null, null);

    /// <summary>Reads each from a file that holds nothing else.</summary>
    /// <param name="examiner">The file of the examiner's; null for none.</param>
    /// <param name="otherOrganisation">The file of the other organisation's; null for none.</param>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is empty, holds several lines, or is longer than a credential is.</exception>
    public static TargetCredentials Read(string? examiner, string? otherOrganisation) => new(Read(examiner), Read(otherOrganisation));

    /// <summary>What is sent for a caller; null to send nothing.</summary>
    /// <param name="caller">Who asks.</param>
    public string? Of(Caller caller) => caller switch
    {
        Caller.Examiner => examiner,
        Caller.OtherOrganisation => otherOrganisation,
        Caller.Stranger => _wrong,
        _ => null,
    };

    /// <summary>Which there are, and none of them.</summary>
    public override string ToString() =>
        $"examiner: {(examiner is null ? "none" : "given")}, other organisation: {(otherOrganisation is null ? "none" : "given")}";

    private static string? Read(string? file)
    {
        if (file is null)
            return null;
        using var stream = File.OpenRead(file);
        var bytes = new byte[MaxBytes + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        var text = System.Text.Encoding.UTF8.GetString(bytes.AsSpan(0, length)).Trim();
        CryptographicOperations.ZeroMemory(bytes);
        return length <= MaxBytes && text.Length > 0 && !text.Any(char.IsControl)
            ? text
            : throw new InvalidDataException($"{file}: one line with a credential was expected, of at most {MaxBytes} bytes");
    }
}
