namespace MatchEngine.Galleries.Enrolment;

/// <summary>What lay in folders and archives and was no photo.</summary>
public sealed class SkippedFiles
{
    /// <summary>How many are named one by one; all are counted.</summary>
    public const int MaxNamed = 100;

    private readonly SortedDictionary<string, long> _kinds = new(StringComparer.Ordinal);
    private readonly List<(string File, string Kind)> _named = [];

    /// <summary>How many there were of each kind: an extension in lower case (<c>.txt</c>), <c>no extension</c>, <c>pipe</c>,
    /// <c>socket</c>, <c>device</c>.</summary>
    public IReadOnlyDictionary<string, long> Kinds => _kinds;

    /// <summary>Those that are named: pipes, sockets, devices, what is wrong with an archive; the first <see cref="MaxNamed"/>.</summary>
    public IReadOnlyList<(string File, string Kind)> Named => _named;

    /// <summary>Counts a file by its extension.</summary>
    internal void Add(string file)
    {
        var extension = Path.GetExtension(file).ToLowerInvariant();
        Count(extension.Length is > 1 and <= 12 ? extension : "no extension");
    }

    /// <summary>Counts and names something that is no file.</summary>
    internal void Add(string file, string kind)
    {
        Count(kind);
        if (_named.Count < MaxNamed)
            _named.Add((file, kind));
    }

    private void Count(string kind) => _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
}
