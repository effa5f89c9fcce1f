using System.Text.RegularExpressions;

namespace MatchEngine.Galleries;

/// <summary>
/// The rule for names of galleries. A name becomes the name of a folder, so it can hold nothing that a file system would read as a path.
/// </summary>
public static partial class GalleryName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 64;

    // Windows gives these names to devices, in any folder and with any extension; a data folder must be movable between systems.
    private static readonly HashSet<string> Devices = new(
        [
            "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
            "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether <paramref name="name"/> may name a gallery.</summary>
    public static bool IsValid(string? name) =>
        name is not null && Allowed().IsMatch(name) && !name.EndsWith('.') && !Devices.Contains(name.Split('.')[0]);

    /// <summary>Returns <paramref name="name"/> if it may name a gallery.</summary>
    /// <exception cref="ArgumentException">It may not; the message states the rule.</exception>
    public static string Require(string? name) => IsValid(name)
        ? name!
        : throw new ArgumentException(
            $"'{name}' cannot name a gallery: use 1 to {MaxLength} letters (a-z, A-Z), digits, '-', '_' and '.', "
                + "beginning with a letter or digit, not ending with '.', and no device name of Windows", nameof(name));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Allowed();
}
