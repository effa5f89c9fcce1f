using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Evaluation.Scores;

namespace MatchEngine.Evaluation.CrossComparison;

/// <summary>
/// The photos that take part, in an order of their own: by subject, then by name. Photos of a subject stand together, and the order of the
/// input plays no part. Identical photos (by digest) but for the first of each are left out.
/// </summary>
internal sealed class Roster
{
    private Roster()
    {
    }

    /// <summary>For each place the row in the embedding set.</summary>
    public required int[] RowOf { get; init; }

    /// <summary>For each place the photo's index in the data set.</summary>
    public required int[] PhotoOf { get; init; }

    /// <summary>For each place the first place behind the photos of the same subject.</summary>
    public required int[] EndOfSubject { get; init; }

    /// <summary>Groups of photos with the same bytes, by name.</summary>
    public required IReadOnlyList<IReadOnlyList<string>> Identical { get; init; }

    /// <summary>How many photos were left out because another with the same bytes stands under another subject.</summary>
    public long DroppedAcrossSubjects { get; init; }

    /// <summary>Photos of the data set of which no template could be made.</summary>
    public required IReadOnlyList<AcquisitionFault> Failures { get; init; }

    /// <summary>Mated comparisons that are missing because of <see cref="Failures"/>.</summary>
    public required long FailedMated { get; init; }

    /// <summary>Impostor comparisons that are missing because of <see cref="Failures"/>.</summary>
    public required long FailedImpostors { get; init; }

    /// <summary>Quality by photo index, or null.</summary>
    public required double[]? Qualities { get; init; }

    /// <summary>What was left out on purpose.</summary>
    public IReadOnlyDictionary<string, long> LeftOut
    {
        get
        {
            var counts = new SortedDictionary<string, long>(StringComparer.Ordinal)
            {
                [Comparisons.IdenticalPhoto] = Identical.Sum(group => group.Count - 1L) - DroppedAcrossSubjects,
                [Comparisons.IdenticalUnderSubjects] = DroppedAcrossSubjects,
            };
            foreach (var reason in counts.Where(c => c.Value == 0).Select(c => c.Key).ToArray())
                counts.Remove(reason);
            return counts;
        }
    }

    /// <summary>How many mated comparisons there are.</summary>
    public long MatedPairs
    {
        get
        {
            var pairs = 0L;
            for (var i = 0; i < EndOfSubject.Length; i++)
                pairs += EndOfSubject[i] - i - 1;
            return pairs;
        }
    }

    /// <summary>How many impostor comparisons there are.</summary>
    public long ImpostorPairs => (long)RowOf.Length * (RowOf.Length - 1) / 2 - MatedPairs;

    /// <summary>Draws up the roster.</summary>
    public static Roster Of(EmbeddingSet embeddings, DataSet images, InputFaults faults)
    {
        var rows = new List<(int Row, int Photo)>();
        for (var row = 0; row < embeddings.Count; row++)
        {
            var photo = images.IndexOf(embeddings.Images[row]);
            if (photo < 0)
                faults.Add(
                    images.Name, 0, "unknown image", $"image '{embeddings.Images[row]}' has an embedding and is not in the metadata");
            else
                rows.Add((row, photo));
        }
        rows.Sort((x, y) =>
        {
            var bySubject = images.SubjectOf[x.Photo].CompareTo(images.SubjectOf[y.Photo]);
            return bySubject != 0 ? bySubject : string.CompareOrdinal(images.Images[x.Photo], images.Images[y.Photo]);
        });
        var failures = embeddings.Failures.Where(f => images.IndexOf(f.Image) >= 0).OrderBy(f => f.Image, StringComparer.Ordinal).ToArray();
        var given = rows.Select(r => r.Photo).Concat(failures.Select(f => images.IndexOf(f.Image))).ToHashSet();
        foreach (var missing in Enumerable.Range(0, images.Images.Count).Where(photo => !given.Contains(photo)))
            faults.Add(
                images.Name, 0, "missing image",
                $"image '{images.Images[missing]}' is in the metadata and has neither an embedding nor a reason why there is none");

        var identical = rows.Where(r => embeddings.Digests[r.Row] is not null)
            .GroupBy(r => embeddings.Digests[r.Row], StringComparer.Ordinal)
            .Where(group => group.Skip(1).Any())
            .Select(group => group.Select(r => images.Images[r.Photo]).Order(StringComparer.Ordinal).ToArray())
            .OrderBy(group => group[0], StringComparer.Ordinal)
            .ToArray();
        var dropped = identical.SelectMany(group => group.Skip(1)).ToHashSet(StringComparer.Ordinal);
        rows.RemoveAll(r => dropped.Contains(images.Images[r.Photo]));

        var end = Ends([.. rows.Select(r => images.SubjectOf[r.Photo])]);

        // Comparisons with a failed photo: all that there would have been, less those that there are.
        var templates = rows.GroupBy(r => images.SubjectOf[r.Photo]).ToDictionary(g => g.Key, g => (long)g.Count());
        var withFailed = new Dictionary<int, long>(templates);
        foreach (var failure in failures)
        {
            var subject = images.SubjectOf[images.IndexOf(failure.Image)];
            withFailed[subject] = withFailed.GetValueOrDefault(subject) + 1;
        }
        static long Pairs(long n) => n * (n - 1) / 2;
        var (mated, matedAll) = (templates.Values.Sum(Pairs), withFailed.Values.Sum(Pairs));
        var impostors = Pairs(rows.Count) - mated;
        var impostorsAll = Pairs(rows.Count + failures.Length) - matedAll;

        double[]? qualities = null;
        if (rows.Exists(r => embeddings.Qualities[r.Row] is not null))
        {
            qualities = new double[images.Images.Count];
            Array.Fill(qualities, double.NaN);
            foreach (var (row, photo) in rows)
                qualities[photo] = embeddings.Qualities[row] ?? double.NaN;
        }
        return new Roster
        {
            RowOf = [.. rows.Select(r => r.Row)],
            PhotoOf = [.. rows.Select(r => r.Photo)],
            EndOfSubject = end,
            Identical = identical,
            DroppedAcrossSubjects = identical
                .Where(group => group.Select(image => images.SubjectOf[images.IndexOf(image)]).Distinct().Skip(1).Any())
                .Sum(group => group.Length - 1L),
            Failures = failures,
            FailedMated = matedAll - mated,
            FailedImpostors = impostorsAll - impostors,
            Qualities = qualities,
        };
    }

    /// <summary>The same roster with only some of the photos.</summary>
    public Roster Only(IReadOnlySet<int> photos)
    {
        var kept = Enumerable.Range(0, RowOf.Length).Where(place => photos.Contains(PhotoOf[place])).ToArray();
        return new Roster
        {
            RowOf = [.. kept.Select(place => RowOf[place])],
            PhotoOf = [.. kept.Select(place => PhotoOf[place])],
            // The old end of a subject names the subject as well as its number would.
            EndOfSubject = Ends([.. kept.Select(place => EndOfSubject[place])]),
            Identical = [],
            Failures = [],
            FailedMated = 0,
            FailedImpostors = 0,
            Qualities = null,
        };
    }

    /// <summary>From places to photo indices.</summary>
    public int[] Photos(int[] places) => Array.ConvertAll(places, place => PhotoOf[place]);

    /// <summary>A digest of everything the comparison depends on: a checkpoint of other data is not taken up.</summary>
    public string Key(EmbeddingSet embeddings, double floor)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(floor));
        hash.AppendData(MemoryMarshal.AsBytes(EndOfSubject.AsSpan()));
        foreach (var row in RowOf)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(embeddings.Images[row]));
            hash.AppendData(MemoryMarshal.AsBytes(embeddings.Values(row)));
            hash.AppendData(BitConverter.GetBytes(embeddings.Scale(row)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static int[] Ends(int[] subjects)
    {
        var end = new int[subjects.Length];
        for (var i = subjects.Length - 1; i >= 0; i--)
            end[i] = i + 1 < subjects.Length && subjects[i] == subjects[i + 1] ? end[i + 1] : i + 1;
        return end;
    }
}
