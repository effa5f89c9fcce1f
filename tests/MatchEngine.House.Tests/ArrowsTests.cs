using System.Xml.Linq;
using MatchEngine.Tests;

namespace MatchEngine.House.Tests;

public class ArrowsTests
{
    // Who may refer to whom. Cli and Service put all together and may use every room below them.
    private static readonly Dictionary<string, string[]> Rooms = new()
    {
        ["Vectors"] = [],
        ["Rates"] = [],
        ["Interchange"] = [],
        ["Client"] = [],
        ["Faces"] = ["Rates"],
        ["Codecs"] = ["Faces"],
        ["Galleries"] = ["Faces", "Vectors", "Rates"],
        ["Evaluation"] = ["Vectors", "Rates"],
        ["Frs"] = ["Galleries", "Interchange"],
        ["Sqlite"] = ["Galleries", "Frs"],
        ["Postgres"] = ["Galleries", "Frs"],
        ["Cluster"] = ["Galleries", "Vectors", "Rates"],
        ["Vetting"] = ["Evaluation", "Interchange", "Faces", "Vectors", "Client"],
        ["Service"] =
        [
            "Codecs", "Vetting", "Cluster", "Frs", "Sqlite", "Postgres", "Client",
            "Evaluation", "Galleries", "Faces", "Interchange", "Rates", "Vectors",
        ],
        ["Cli"] =
        [
            "Codecs", "Service", "Vetting", "Cluster", "Frs", "Sqlite", "Postgres", "Client",
            "Evaluation", "Galleries", "Faces", "Interchange", "Rates", "Vectors",
        ],
    };

    [Fact]
    public void A_room_refers_to_none_but_those_below_it()
    {
        var found = Projects("src").SelectMany(room => References(room.File)
            .Where(to => !Rooms.TryGetValue(room.Name, out var allowed) || !allowed.Contains(to))
            .Select(to => $"{room.Name} > {to}"));
        AssertNone(found);
    }

    [Fact]
    public void Every_room_has_its_place_in_the_house() =>
        Assert.DoesNotContain(Projects("src"), room => !Rooms.ContainsKey(room.Name));

    [Fact]
    public void No_room_shows_its_internals_to_another()
    {
        var found = Projects("src").SelectMany(room => Items(room.File, "InternalsVisibleTo").Select(Room)
            .Where(to => to != "Benchmarks" && to != room.Name + ".Tests")
            .Select(to => $"{room.Name} > {to}"));
        AssertNone(found);
    }

    [Fact]
    public void Tests_of_a_room_refer_to_it_and_to_what_it_may_use()
    {
        var found =
            from tests in Projects("tests")
            // Beside rooms lies what a test builds: the client that a generator made, outside of the solution.
            where tests.Name != "House.Tests" && tests.Name.EndsWith(".Tests", StringComparison.Ordinal)
            let room = tests.Name[..^".Tests".Length]
            from to in References(tests.File)
            where to != room && !Rooms.GetValueOrDefault(room, []).Contains(to)
            // The galleries' tests run over the embedded store: a gallery without one holds nobody.
            where (room, to) != ("Galleries", "Sqlite")
            select $"{tests.Name} > {to}";
        Assert.Empty(found);
    }

    public static TheoryData<string> Layered => ["Evaluation", "Faces", "Galleries", "Service", "Vetting"];

    [Theory]
    [MemberData(nameof(Layered))]
    public void A_folder_uses_none_but_those_below_it(string room)
    {
        var layers = LayersOf(room);
        var compiled = TypeUses.Of(layers.Project);
        Assert.NotEmpty(compiled);
        var known = compiled.Select(use => (layers.Place(use.From), layers.Place(use.To))).ToHashSet();
        var written = UsingLines.Of(layers.Project).Where(use => !known.Contains((layers.Place(use.From), layers.Place(use.To))));
        var found = compiled.Concat(written).Where(use => !layers.Allows(use)).Select(use => Line(layers, use));
        AssertNone(found);
    }

    [Theory]
    [MemberData(nameof(Layered))]
    public void Every_folder_stands_on_a_floor_and_no_floor_holds_one_that_is_gone(string room)
    {
        var layers = LayersOf(room);
        var types = TypeUses.Types(layers.Project);
        Assert.Empty(types.Where(type => layers.Floor(type) is null).Select(type => type.Folder).Distinct());
        Assert.Empty(layers.Floors.SelectMany(floor => floor).Except(types.Select(layers.Place)));
        Assert.Empty(layers.Groups.Keys.Except(types));
    }

    private static Layers LayersOf(string room) => room switch
    {
        "Evaluation" => Layers.Evaluation,
        "Faces" => Layers.Faces,
        "Galleries" => Layers.Galleries,
        "Vetting" => Layers.Vetting,
        _ => Layers.Service,
    };

    private static string Line(Layers layers, TypeUse use) =>
        $"{layers.Place(use.From)}.{use.From.Name} > {layers.Place(use.To)}.{use.To.Name}";

    // An arrow that is found is turned round, not excepted.
    private static void AssertNone(IEnumerable<string> found)
    {
        var arrows = found.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(arrows.Count == 0, $"arrows that the house does not allow:\n{string.Join('\n', arrows)}");
    }

    private static IEnumerable<(string Name, string File)> Projects(string folder) =>
        Directory.EnumerateDirectories(Path.Combine(TestData.Repository, folder))
            .SelectMany(project => Directory.EnumerateFiles(project, "*.csproj"))
            .Select(file => (Room(Path.GetFileNameWithoutExtension(file)), file));

    private static IEnumerable<string> References(string project) =>
        Items(project, "ProjectReference").Select(path => Room(Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))));

    private static IEnumerable<string> Items(string project, string item) =>
        XDocument.Load(project).Descendants(item).Select(element => (string?)element.Attribute("Include")).OfType<string>();

    private static string Room(string project) =>
        project.StartsWith("MatchEngine.", StringComparison.Ordinal) ? project["MatchEngine.".Length..] : project;
}
