using System.Text;
using System.Text.Json;
using MatchEngine.Cli.Output;
using MatchEngine.Galleries.Duplicates;

namespace MatchEngine.Cli.Galleries;

/// <summary>
/// The pairs of a search for duplicates as a file that grows while it runs: JSON, an object a line. The first says what is compared; then
/// come the pairs, and after those of some subjects a line with <c>through</c>, the last of them. A search that was cut off goes on behind
/// the last such line. When all is done the groups follow, and a line with <c>done</c>.
/// </summary>
internal sealed class DuplicatesFile : IDisposable
{
    private const string Kind = "duplicates";

    private readonly FileStream _file;
    private readonly List<DuplicateLink> _links;

    private DuplicatesFile(FileStream file, string? through, int subjects, List<DuplicateLink> links)
    {
        (_file, Through, Subjects, _links) = (file, through, subjects, links);
    }

    /// <summary>The last subject of an earlier run; null where there was none.</summary>
    public string? Through { get; private set; }

    /// <summary>How many subjects were searched with, in all runs.</summary>
    public int Subjects { get; private set; }

    /// <summary>The pairs of all runs.</summary>
    public IReadOnlyList<DuplicateLink> Links => _links;

    /// <summary>Begins a file.</summary>
    /// <param name="path">Where.</param>
    /// <param name="compared">What is compared; a run that goes on must compare the same.</param>
    /// <param name="head">What else the first line says.</param>
    /// <exception cref="UsageException">The file is there, or cannot be written.</exception>
    public static DuplicatesFile Begin(string path, Compared compared, object head)
    {
        if (File.Exists(path))
            throw new UsageException($"{path} is there already: go on with it by --resume, or choose another file");
        var file = new DuplicatesFile(Opened(path, FileMode.CreateNew), null, 0, []);
        file.Write(new { Kind, Version = 1, Compared = compared, About = head });
        file._file.Flush(flushToDisk: true);
        return file;
    }

    /// <summary>The floor of a file that an earlier run left.</summary>
    /// <exception cref="UsageException">As for <see cref="Resume"/>.</exception>
    public static float FloorOf(string path)
    {
        using var file = Opened(path, FileMode.Open);
        return Read(path, () => (float)Head(Lines(file).Select(line => line.Line).FirstOrDefault() ?? "", path).Floor);
    }

    /// <summary>Goes on with a file that an earlier run left; what it told of subjects that it did not finish is cut off.</summary>
    /// <param name="path">The file.</param>
    /// <param name="compared">What this run compares.</param>
    /// <exception cref="UsageException">There is no such file, it cannot be written, it is no such file or of another comparison, or it is
    /// finished.</exception>
    public static DuplicatesFile Resume(string path, Compared compared)
    {
        var file = Opened(path, FileMode.Open);
        try
        {
            return Read(path, () => GoOn(path, file, compared));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds what was found of some subjects.</summary>
    public void Add(DuplicatePage page)
    {
        foreach (var pair in page.Pairs)
            Write(ToJson(pair));
        Write(new { page.Through, page.Subjects, page.Templates });
        _file.Flush();
        _links.AddRange(page.Pairs.Select(pair => pair.Link));
        (Through, Subjects) = (page.Through, Subjects + page.Subjects);
    }

    /// <summary>Ends the file with the groups.</summary>
    public void End(IReadOnlyList<DuplicateGroup> groups)
    {
        foreach (var group in groups)
            Write(ToJson(group));
        Write(new { Done = true, Subjects, Pairs = _links.Count, Groups = groups.Count });
        _file.Flush(flushToDisk: true);
    }

    /// <summary>A pair with its encounters.</summary>
    public static object ToJson(DuplicatePair pair) => new { pair.Score, First = ToJson(pair.First), Second = ToJson(pair.Second) };

    /// <summary>A group.</summary>
    public static object ToJson(DuplicateGroup group) => new { Group = group.Members, group.Pairs, group.Weakest, group.Strongest };

    public void Dispose() => _file.Dispose();

    private static object ToJson(DuplicateSide side) => new
    {
        side.Gallery,
        side.Encounter.SubjectId,
        EncounterId = side.Encounter.Id,
        side.Encounter.Image,
        side.Encounter.Face,
    };

    private void Write(object line)
    {
        _file.Write(JsonOutput.Line(line));
        _file.WriteByte((byte)'\n');
    }

    private static FileStream Opened(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException(e is FileNotFoundException or DirectoryNotFoundException
                ? $"{path} is not there" + (mode == FileMode.Open ? ": begin without --resume" : "")
                : e.Message);
        }
    }

    /// <summary>The whole lines, each with where the next one begins; what stands behind the last line's end was cut off.</summary>
    private static IEnumerable<(string Line, long After)> Lines(FileStream file)
    {
        var line = new List<byte>();
        for (var after = 1L; file.ReadByte() is >= 0 and var next; after++)
        {
            if (next != '\n')
                line.Add((byte)next);
            else
            {
                yield return (Encoding.UTF8.GetString([.. line]), after);
                line.Clear();
            }
        }
    }

    private static DuplicatesFile GoOn(string path, FileStream file, Compared compared)
    {
        var links = new List<DuplicateLink>();
        var (end, kept, subjects) = (0L, 0, 0);
        string? through = null;
        foreach (var (line, after) in Lines(file))
        {
            if (end == 0)
            {
                if (Head(line, path) is var before && before != compared)
                    throw new UsageException($"{path} is of another comparison ({before}) than this one ({compared}); choose another file");
                end = after;
                continue;
            }
            using var parsed = JsonDocument.Parse(line);
            var root = parsed.RootElement;
            if (root.TryGetProperty("done", out _))
                throw new UsageException($"{path} is finished: there is nothing to go on with");
            if (root.TryGetProperty("score", out var score))
                links.Add(new DuplicateLink(Member(root, "first"), Member(root, "second"), score.GetSingle()));
            else if (root.TryGetProperty("through", out var last))
                (through, end, kept, subjects) = (last.GetString(), after, links.Count, subjects + root.GetProperty("subjects").GetInt32());
        }
        if (end == 0)
            throw new UsageException($"{path} holds no duplicates that matchengine was looking for: choose another file");
        file.SetLength(end);
        file.Seek(0, SeekOrigin.End);
        return new DuplicatesFile(file, through, subjects, links[..kept]);
    }

    private static T Read<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new UsageException($"{path} holds no duplicates that matchengine was looking for, or is damaged; choose another file");
        }
    }

    private static Compared Head(string line, string path)
    {
        using var parsed = JsonDocument.Parse(line);
        return parsed.RootElement.TryGetProperty("kind", out var kind) && kind.GetString() == Kind
            && parsed.RootElement.GetProperty("compared").Deserialize<Compared>(JsonSerializerOptions.Web) is { } compared
            ? compared
            : throw new UsageException($"{path} holds no duplicates that matchengine was looking for: choose another file");
    }

    private static DuplicateMember Member(JsonElement root, string side)
    {
        var member = root.GetProperty(side);
        return new DuplicateMember(
            member.GetProperty("gallery").GetString() ?? "", member.GetProperty("subjectId").GetString() ?? "");
    }

    /// <summary>What is compared, so that no run goes on with another one's file.</summary>
    /// <param name="Gallery">The gallery whose subjects are searched with.</param>
    /// <param name="Identity">Its identity, which a restored copy does not share.</param>
    /// <param name="Other">Where they are searched.</param>
    /// <param name="OtherIdentity">Its identity.</param>
    /// <param name="Model">The digest of the model.</param>
    /// <param name="Floor">The score that pairs reach.</param>
    internal sealed record Compared(
        string Gallery, string Identity, string Other, string OtherIdentity, string Model, decimal Floor)
    {
        public override string ToString() => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{(Identity == OtherIdentity ? Gallery : $"{Gallery} with {Other}")} from {Floor} on");
    }
}
