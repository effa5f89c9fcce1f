using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using MatchEngine.Galleries.Profiles;

namespace MatchEngine.Galleries.Tests.Profiles;

/// <summary>The table of Profiles/README.md is what the files say, and every source is one that exists.</summary>
public class ProfileReadmeTests
{
    private static readonly string[] Order =
        ["default", "state-lea", "dmv", "fusion-center", "obim", "ccd", "ats-p", "ngi-ips", "abis", "vendor", "smartlink"];

    private static readonly string[] Sources =
    [
        "none",
        "PIA-054, Similarity scores", "PIA-054, Accuracy", "PIA-054, Collection of probe photos", "PIA-054, Safeguards before use",
        "PIA-054, Submission", "PIA-054, Return",
        "PIA-054, State and local services", "PIA-054, Fusion centres", "PIA-054, OBIM IDENT/HART", "PIA-054, DoS CCD",
        "PIA-054, FBI NGI Interstate Photo System",
        "PIA-054, DoD ABIS", "PIA-054, Commercial vendors", "PIA-054, Principles", "ICE's reply to Senator Wyden, 12 April 2019",
        "News on children and ageing, August 2024",
    ];

    [Fact]
    public void The_table_is_what_the_files_say()
    {
        var readme = File.ReadAllText(
            Path.Combine(SourceFolder(), "..", "..", "..", "src", "MatchEngine.Galleries", "Profiles", "README.md"));
        var table = readme[(readme.IndexOf("<!-- table -->\n", StringComparison.Ordinal) + "<!-- table -->\n".Length)..readme.IndexOf(
            "<!-- end -->", StringComparison.Ordinal)];

        Assert.Equal(Table(), table);
        Assert.Equal(Profile.Names, Order.Order(StringComparer.Ordinal));
        foreach (var rule in Rules("default").EnumerateObject())
            Assert.Contains(
                $"\n| `{rule.Name}` | ", readme[readme.IndexOf("## Keys", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_names_a_test_that_there_is()
    {
        var root = Path.Combine(SourceFolder(), "..", "..", "..");
        var readme = File.ReadAllLines(Path.Combine(root, "src", "MatchEngine.Galleries", "Profiles", "README.md"));
        var tests = string.Concat(Directory.GetFiles(Path.Combine(root, "tests", "MatchEngine.Service.Tests"), "*Tests.cs",
            SearchOption.AllDirectories).Select(File.ReadAllText));
        foreach (var rule in Rules("default").EnumerateObject())
        {
            var row = readme.Last(line => line.StartsWith($"| `{rule.Name}` | ", StringComparison.Ordinal));
            Assert.Contains($"Task {row.Split('`')[^2]}(", tests, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_source_is_a_section_of_a_document_or_none() => Assert.All(
        Order.SelectMany(name => Rules(name).EnumerateObject().Select(rule => rule.Value.GetProperty("source").GetString()!)),
        source => Assert.Contains(source, Sources));

    private static string Table()
    {
        var profiles = Order.Select(Rules).ToList();
        var sources = new List<string>();
        var text = new StringBuilder(
            $"| rule | {string.Join(" | ", Order.Select(name => $"`{name}`"))} |\n|---|{string.Concat(Order.Select(_ => "---|"))}\n");
        foreach (var rule in profiles[0].EnumerateObject().Select(property => property.Name))
        {
            var cells = profiles.Select(profile => profile.GetProperty(rule))
                .Select(cell => Value(cell.GetProperty("value")) + Source(cell.GetProperty("source").GetString()!)).ToList();
            text.Append(CultureInfo.InvariantCulture, $"| `{rule}` | {string.Join(" | ", cells)} |\n");
        }
        text.Append('\n');
        for (var i = 0; i < sources.Count; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i + 1}. {sources[i]}\n");
        return text.ToString();

        string Source(string source)
        {
            if (source == "none")
                return "";
            if (!sources.Contains(source))
                sources.Add(source);
            return $" [{sources.IndexOf(source) + 1}]";
        }
    }

    private static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        JsonValueKind.Null => "–",
        JsonValueKind.Array => value.GetArrayLength() == 0 ? "–" : string.Join(", ", value.EnumerateArray()),
        JsonValueKind.Object => value.EnumerateObject().First().Name switch
        {
            "default" => $"{value.GetProperty("default")} ({value.GetProperty("min")}–{value.GetProperty("max")})",
            "decisionMinutes" =>
                $"yes within {value.GetProperty("decisionMinutes")} min, review within {value.GetProperty("reviewHours")} h",
            "course" => $"{value.GetProperty("course")}, {value.GetProperty("months")} months",
            "under" =>
                $"under {value.GetProperty("under")}: enrolment {value.GetProperty("enrolment")}, search {value.GetProperty("search")}",
            _ => $"version {value.GetProperty("version")}"
                + (value.GetProperty("renewDays") is { ValueKind: JsonValueKind.Number } days ? $", every {days} days" : ""),
        },
        _ => value.ToString(),
    };

    private static JsonElement Rules(string name) => JsonDocument.Parse(ProfileReaderTests.Resource(name)).RootElement.GetProperty("rules");

    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
