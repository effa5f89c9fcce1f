using System.Globalization;

namespace MatchEngine.Evaluation.Inputs;

/// <summary>A pair of photos to be compared, in a fold.</summary>
/// <param name="First">Index of the first photo.</param>
/// <param name="Second">Index of the second photo.</param>
/// <param name="Fold">The fold, counted from 0.</param>
public readonly record struct FoldPair(int First, int Second, int Fold);

/// <summary>
/// Reads a pairs file in the format of LFW's View 2: a first line <c>folds⇥pairs</c>, then for each fold that many mated lines
/// (<c>name⇥n⇥m</c>) and as many impostor lines (<c>name⇥n⇥name⇥m</c>). Photo n of a name is the photo whose file is called
/// <c>name_000n</c>.
/// </summary>
public static class PairsFile
{
    /// <summary>Reads a pairs file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="images">The data set whose photos it names.</param>
    /// <param name="faults">Takes pairs whose photos are not in the set, and malformed lines.</param>
    /// <exception cref="EvaluationException">The file is missing or its first line is not that of a pairs file.</exception>
    public static IReadOnlyList<FoldPair> Read(string file, DataSet images, InputFaults faults)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(faults);
        using var reader = new StreamReader(DelimitedRows.Open(file));
        var byStem = new Dictionary<string, int>(StringComparer.Ordinal);
        var ambiguous = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < images.Images.Count; i++)
        {
            if (!byStem.TryAdd(Path.GetFileNameWithoutExtension(images.Images[i]), i))
                ambiguous.Add(Path.GetFileNameWithoutExtension(images.Images[i]));
        }
        var seen = new HashSet<(int, int)>();
        var header = (reader.ReadLine() ?? "").Split('\t', ' ');
        // LFW's pairs.txt has "10 300"; a file of one fold may have the number of pairs alone.
        var counts = header.Select(
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : -1).ToArray();
        if (counts.Length is < 1 or > 2 || counts.Any(n => n < 1))
            throw new EvaluationException(
                file, 1, "the first line of a pairs file is the number of folds and the number of pairs of each kind in a fold");
        var perFold = 2L * counts[^1];
        List<FoldPair> pairs = [];
        var number = 1L;
        while (reader.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var fields = line.Split('\t');
            var (first, second) = fields switch
            {
                [var name, var n, var m] => (Stem(name, n), Stem(name, m)),
                [var name, var n, var other, var m] => (Stem(name, n), Stem(other, m)),
                _ => (null, null),
            };
            if (first is null || second is null)
                faults.Add(
                    file, number, "malformed line", "a pair is 'name, photo, photo' or 'name, photo, name, photo', separated by tabs");
            else if (!byStem.TryGetValue(first, out var a) || !byStem.TryGetValue(second, out var b))
                faults.Add(
                    file, number, "unknown image",
                    $"photo '{(byStem.ContainsKey(first) ? second : first)}' is not in the metadata of '{images.Name}'");
            else if (ambiguous.Contains(first) || ambiguous.Contains(second))
                faults.Add(
                    file, number, "ambiguous image",
                    $"photo '{(ambiguous.Contains(first) ? first : second)}' stands in several folders of '{images.Name}'");
            else if (!seen.Add(a < b ? (a, b) : (b, a)))
                faults.Add(file, number, "duplicate row", $"the pair '{first}', '{second}' stands twice");
            else
                pairs.Add(new FoldPair(a, b, (int)((number - 2) / perFold)));
        }
        if (counts.Length == 2 && number - 1 != counts[0] * perFold)
            faults.Add(file, number, "malformed file", $"{number - 1} pairs where the first line announces {counts[0] * perFold}");
        return pairs;
    }

    private static string? Stem(string name, string photo) =>
        int.TryParse(photo, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? $"{name}_{n:D4}" : null;
}
