namespace MatchEngine.Service.Rest;

/// <summary>Says of a name that is not known which ones are, and which was probably meant.</summary>
internal static class KnownNames
{
    private const int MaxShown = 40;

    // What other services, and our own command, call the same thing.
    private static readonly Dictionary<string, string[]> Synonyms = new(StringComparer.OrdinalIgnoreCase)
    {
        ["top"] = ["listLength", "count"],
        ["topK"] = ["listLength", "count"],
        ["k"] = ["listLength", "count"],
        ["limit"] = ["listLength", "count"],
        ["size"] = ["listLength", "count"],
        ["pageSize"] = ["count"],
        ["maxFaces"] = ["listLength"],
        ["maxResults"] = ["listLength", "count"],
        ["maxCandidates"] = ["listLength"],
        ["candidates"] = ["listLength"],
        ["floor"] = ["scoreFloor"],
        ["minScore"] = ["scoreFloor"],
        ["threshold"] = ["scoreFloor"],
        ["similarityThreshold"] = ["scoreFloor"],
        ["faceMatchThreshold"] = ["scoreFloor"],
        ["collection"] = ["galleries", "gallery"],
        ["collectionId"] = ["galleries", "gallery"],
        ["case"] = ["caseNumber"],
        ["caseId"] = ["caseNumber"],
        ["reason"] = ["basis"],
        ["photo"] = ["image", "first"],
        ["probe"] = ["image", "first"],
        ["file"] = ["image", "first"],
        ["age"] = ["statedAge"],
        ["biographics"] = ["metadata"],
        ["approval"] = ["approvalId"],
        ["from"] = ["since", "after"],
        ["to"] = ["until", "before"],
        ["cursor"] = ["after", "before"],
        ["offset"] = ["after", "before"],
    };

    /// <summary>A sentence, without its full stop, for example <c>'top' is not known here; did you mean listLength</c>.</summary>
    /// <param name="place">The name with where it stands.</param>
    /// <param name="name">The name itself.</param>
    /// <param name="known">The names that are known there.</param>
    public static string Refusal(string place, string name, IReadOnlyCollection<string> known)
    {
        var meant = Meant(name, known) is { } near ? $"; did you mean {near}" : "";
        return known.Count == 0
            ? $"'{Shown(place)}' is not known here; nothing is taken here"
            : $"'{Shown(place)}' is not known here{meant}; known are {string.Join(", ", known)}";
    }

    /// <summary>What somebody sent, as it may be repeated: short, and without control characters.</summary>
    public static string Shown(string text)
    {
        var plain = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
        return plain.Length <= MaxShown ? plain : plain[..MaxShown] + "…";
    }

    private static string? Meant(string name, IReadOnlyCollection<string> known)
    {
        if (Synonyms.TryGetValue(name, out var others) && others.FirstOrDefault(known.Contains) is { } other)
            return other;
        // Two letters in a short word are another word.
        var most = name.Length switch { <= 2 => 0, <= 5 => 1, _ => Math.Min(3, name.Length / 3) };
        return known.Select(candidate => (candidate, distance: Distance(Bare(name), Bare(candidate))))
            .Where(pair => pair.distance <= most)
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    // list_length and list-length mean listLength.
    private static string Bare(string name) => string.Concat(name.Take(MaxShown).Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>The number of letters to insert, remove, replace or swap with their neighbour (Damerau-Levenshtein).</summary>
    private static int Distance(string first, string second)
    {
        var rows = new int[first.Length + 1, second.Length + 1];
        for (var i = 0; i <= first.Length; i++)
            rows[i, 0] = i;
        for (var j = 0; j <= second.Length; j++)
            rows[0, j] = j;
        for (var i = 1; i <= first.Length; i++)
        {
            for (var j = 1; j <= second.Length; j++)
            {
                var replaced = rows[i - 1, j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                rows[i, j] = Math.Min(replaced, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                    rows[i, j] = Math.Min(rows[i, j], rows[i - 2, j - 2] + 1);
            }
        }
        return rows[first.Length, second.Length];
    }
}
