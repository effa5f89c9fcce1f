using System.Text.RegularExpressions;
using MatchEngine.Tests;

namespace MatchEngine.House.Tests;

/// <summary>
/// What the text of a project says that its compiled form does not: constants are copied, names in <c>nameof</c> and in comments leave
/// nothing. A line stands only where it is needed (IDE0005 is an error), so each is a use of something in that folder.
/// </summary>
internal static partial class UsingLines
{
    /// <summary>The uses of a project's folders by its files: a file stands for its types, <c>*</c> for whatever it uses.</summary>
    /// <remarks>A file without a namespace is a program, which starts the rest and is below nothing.</remarks>
    public static IEnumerable<TypeUse> Of(string project)
    {
        var folder = Path.Combine(TestData.Repository, "src", project);
        return
            from file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            let place = Path.GetRelativePath(folder, Path.GetDirectoryName(file)!).Replace(Path.DirectorySeparatorChar, '.')
            where !place.StartsWith("obj", StringComparison.Ordinal) && !place.StartsWith("bin", StringComparison.Ordinal)
            let user = new TypeName(place == "." ? "" : place, Path.GetFileNameWithoutExtension(file))
            let text = File.ReadAllText(file)
            from line in Lines().Matches(text)
            let name = line.Groups["name"].Value
            where text.Contains("\nnamespace ", StringComparison.Ordinal) && name.StartsWith(project + ".", StringComparison.Ordinal)
            select new TypeUse(user, new TypeName(name[(project.Length + 1)..], "*"));
    }

    [GeneratedRegex(@"^using (?<name>MatchEngine[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Lines();
}
