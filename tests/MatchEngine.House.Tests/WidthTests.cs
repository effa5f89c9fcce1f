using System.Text.RegularExpressions;
using MatchEngine.Tests;

namespace MatchEngine.House.Tests;

/// <summary>No line is wider than a reader's window: C# all of it, Markdown its prose.</summary>
public partial class WidthTests
{
    private const int Widest = 140;

    // The first page that a stranger sees is read in narrower windows too.
    private const int WidestOnTheFrontPage = 120;

    private static readonly HashSet<string> NotOurs = ["bin", "obj", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts"];

    [Fact]
    public void No_line_of_code_is_wider_than_140_columns() =>
        AssertNarrow("*.cs", (_, lines) => TooWide(lines, Widest));

    [Fact]
    public void No_line_of_prose_in_Markdown_is_wider_than_140_columns_and_none_of_the_front_page_wider_than_120() =>
        AssertNarrow("*.md", (path, lines) => TooWideInMarkdown(lines, path == "README.md" ? WidestOnTheFrontPage : Widest));

    [Theory]
    [InlineData(140, false)]
    [InlineData(141, true)]
    public void A_line_is_too_wide_from_the_first_column_on_that_sticks_out(int width, bool isTooWide)
    {
        string[] lines = ["class C", new('x', width), "{ }"];
        Assert.Equal(isTooWide ? [2] : [], TooWide(lines, Widest));
        Assert.Equal(isTooWide ? [2] : [], TooWideInMarkdown(["a", Words(width), "b"], Widest));
    }

    [Fact]
    public void Letters_count_once_however_they_are_encoded() =>
        Assert.Empty(TooWide([string.Concat(Enumerable.Repeat("𝔉", 140))], Widest));

    [Theory]
    [InlineData("| ", true)]
    [InlineData("# ", true)]
    [InlineData("[a link](https://example.org/", true)]
    [InlineData("- [a link](https://example.org/", true)]
    [InlineData("[reference]: https://example.org/", true)]
    [InlineData("> ", false)]
    [InlineData("- ", false)]
    [InlineData("1. see [a link](https://example.org/) and ", false)]
    public void Tables_headings_and_links_that_stand_alone_may_be_wide(string start, bool may)
    {
        var line = start.Contains("](", StringComparison.Ordinal) && may ? start + new string('x', 200) + ")" : start + Words(200);
        Assert.Equal(may ? [] : [1], TooWideInMarkdown([line], Widest));
    }

    [Fact]
    public void Code_in_fences_may_be_wide_and_what_follows_it_may_not() =>
        Assert.Equal([6], TooWideInMarkdown(["- item", "  ```sh", Words(200), "  ```", "", Words(200)], Widest));

    private static string Words(int width) => string.Concat(Enumerable.Repeat("ab ", width))[..(width - 1)] + "c";

    /// <summary>Numbers, from 1, of the lines that are wider than this.</summary>
    private static IEnumerable<int> TooWide(IEnumerable<string> lines, int widest) =>
        lines.Index().Where(line => line.Item.EnumerateRunes().Count() > widest).Select(line => line.Index + 1);

    private static IEnumerable<int> TooWideInMarkdown(string[] lines, int widest)
    {
        var prose = new bool[lines.Length];
        var isCode = false;
        foreach (var (i, line) in lines.Index())
        {
            var text = line.TrimStart();
            var isFence = text.StartsWith("```", StringComparison.Ordinal);
            prose[i] = !isCode && !isFence && !text.StartsWith('|') && !text.StartsWith('#') && !LinkAlone().IsMatch(line);
            isCode ^= isFence;
        }
        return TooWide(lines, widest).Where(number => prose[number - 1]);
    }

    private static void AssertNarrow(string pattern, Func<string, string[], IEnumerable<int>> tooWide)
    {
        var files = Files(new DirectoryInfo(TestData.Repository), pattern)
            .Select(file => Path.GetRelativePath(TestData.Repository, file.FullName).Replace(Path.DirectorySeparatorChar, '/'))
            .ToList();
        Assert.Contains(files, file => file.StartsWith("src/", StringComparison.Ordinal));
        var found = files.Order(StringComparer.Ordinal)
            .SelectMany(file => tooWide(file, File.ReadAllLines(Path.Combine(TestData.Repository, file))).Select(line => $"{file}:{line}"))
            .ToList();
        Assert.True(found.Count == 0, $"{found.Count} lines are too wide:\n{string.Join('\n', found)}");
    }

    /// <summary>The files that somebody wrote here: nothing built, fetched or hidden.</summary>
    private static IEnumerable<FileInfo> Files(DirectoryInfo folder, string pattern) =>
    [
        .. folder.EnumerateFiles(pattern),
        .. folder.EnumerateDirectories()
            .Where(inner => !NotOurs.Contains(inner.Name) && !inner.Name.StartsWith('.'))
            .SelectMany(inner => Files(inner, pattern)),
    ];

    [GeneratedRegex(@"^\s*([-*+] )?(\[[^\]]*\]\([^)\s]*\)[.,;:]?|\[[^\]]*\]: .*)$")]
    private static partial Regex LinkAlone();
}
