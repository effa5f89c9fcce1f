using System.Security.Cryptography;
using System.Text;

namespace MatchEngine.Service.DropFolder;

/// <summary>
/// A submission that lies in the folder: a photo or an ANSI/NIST file, and what is asked of it in a JSON file of its name.
/// </summary>
/// <param name="Folder">The folder.</param>
/// <param name="Name">The name of the photo or ANSI/NIST file.</param>
internal sealed record DroppedFile(string Folder, string Name)
{
    /// <summary>What answers are called, behind the submission's name.</summary>
    public const string AnswerSuffix = ".answer.json", FileAnswerSuffix = ".answer.an2", PartSuffix = ".part";

    private const int MaxStem = 150;

    private static readonly string[] Interchange = [".an2", ".eft", ".nist", ".xml"];

    private static readonly string[] Photos =
        [".jpg", ".jpeg", ".png", ".webp", ".avif", ".heic", ".jp2", ".tif", ".tiff", ".bmp", ".gif", ".ppm", ".pgm", ".iso", ".bin"];

    /// <summary>Whether a file of this name is a submission, and not what goes with one.</summary>
    /// <remarks>A name that is no UTF-8 is none: it can be neither opened nor removed by what is told of it.</remarks>
    public static bool IsOne(string name) => !name.StartsWith('.') && !name.Contains('\uFFFD') && !IsAnswer(name)
        && (Interchange.Contains(Extension(name)) || Photos.Contains(Extension(name)));

    /// <summary>Whether it is an ANSI/NIST file, by its name.</summary>
    public bool IsInterchange => Interchange.Contains(Extension(Name));

    /// <summary>The full path of the submission.</summary>
    public string File => Path.Combine(Folder, Name);

    /// <summary>The full path of what is asked of it.</summary>
    public string Request => Path.Combine(Folder, Stem + ".json");

    /// <summary>The full path of its answer.</summary>
    public string Answer => Path.Combine(Folder, AnswerStem + AnswerSuffix);

    /// <summary>The full path of its answer as an ANSI/NIST file.</summary>
    public string FileAnswer => Path.Combine(Folder, AnswerStem + FileAnswerSuffix);

    private string Stem => Path.GetFileNameWithoutExtension(Name);

    // A name that is too long for more behind it, or that a terminal would obey, is told by its digest.
    private string AnswerStem => Encoding.UTF8.GetByteCount(Name) <= MaxStem && !Name.Any(char.IsControl)
        ? Name
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Name)))[..32];

    private static bool IsAnswer(string name) => name.EndsWith(AnswerSuffix, StringComparison.Ordinal)
        || name.EndsWith(FileAnswerSuffix, StringComparison.Ordinal) || name.EndsWith(PartSuffix, StringComparison.Ordinal);

    private static string Extension(string name) => Path.GetExtension(name).ToLowerInvariant();
}
