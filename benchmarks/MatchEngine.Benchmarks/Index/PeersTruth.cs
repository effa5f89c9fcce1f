using System.Runtime.InteropServices;
using MatchEngine.Vectors.Measurement;

namespace MatchEngine.Benchmarks.Index;

/// <summary>
/// What other engines' lists are held against, in a folder: the subject of each template, and of each probe its mate, its exhaustive list
/// and how much of that is above the score floor. Engines answer with templates; their subjects are found here,
/// so that there is one reckoning for all.
/// </summary>
internal sealed class PeersTruth
{
    /// <summary>How many templates an engine is asked for: with two a subject they hold at least 20 subjects.</summary>
    private const int Asked = 40;
    private const int ListLength = 20;

    private readonly int[] _subjects;
    private readonly int[] _mates;
    private readonly int[] _above;
    private readonly long[][] _lists;

    private PeersTruth(string folder)
    {
        _subjects = Integers(folder, "subjects.i32");
        _mates = Integers(folder, "mates.i32");
        _above = Integers(folder, "above.i32");
        _lists = [.. Integers(folder, "truth.i32").Chunk(ListLength).Select(list => list.Select(subject => (long)subject).ToArray())];
    }

    /// <summary>Writes the truth of a gallery.</summary>
    public static void Write(string folder, FaceGallery gallery)
    {
        if (gallery.Truth.FirstOrDefault(answer => answer.Hits.Count != ListLength) is { } answer)
            throw new ArgumentException(
                $"a list has {answer.Hits.Count} subjects, not {ListLength}: the gallery is too small", nameof(gallery));
        Integers(folder, "subjects.i32", gallery.Subjects);
        Integers(folder, "mates.i32", gallery.ProbeSubjects);
        Integers(folder, "truth.i32", gallery.Truth.SelectMany(answer => answer.Hits.Select(hit => hit.Subject)));
        Integers(folder, "above.i32", gallery.Truth.Select(
            answer => (long)answer.Hits.Count(hit => hit.Score >= IndexMeasurement.DefaultFloor)));
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="IOException">A file is missing.</exception>
    public static PeersTruth Read(string folder) => new(folder);

    /// <summary>Holds an engine's answers against it.</summary>
    /// <param name="file">Of each probe, from the first on, the ids of 40 templates by falling score; −1 where fewer were found.</param>
    public ListQuality Compare(string file)
    {
        var answers = MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(file)).ToArray().Chunk(Asked);
        return ListQuality.Of(answers.Select((ids, i) =>
            new ListQuality.Search(_lists[i], _above[i], _mates[i], [
                .. ids.Where(id => id >= 0).Select(id => (long)_subjects[id]).Distinct().Take(ListLength)])));
    }

    private static int[] Integers(string folder, string name) =>
        MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(Path.Combine(folder, name))).ToArray();

    private static void Integers(string folder, string name, IEnumerable<long> numbers) =>
        File.WriteAllBytes(
            Path.Combine(folder, name), MemoryMarshal.AsBytes(numbers.Select(number => checked((int)number)).ToArray().AsSpan()).ToArray());
}
