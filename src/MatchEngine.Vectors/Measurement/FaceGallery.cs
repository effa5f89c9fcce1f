using System.Runtime.InteropServices;
using MatchEngine.Vectors.Exact;

namespace MatchEngine.Vectors.Measurement;

/// <summary>
/// A gallery, probes and what an exhaustive search answers: the workload on which indexes are measured. Templates are face-like (two
/// encounters of each subject, a third as the probe), or the real embeddings of a file with lines <c>image TAB base64 of float32</c>, whose
/// subject is the image's folder.
/// </summary>
public sealed class FaceGallery
{
    private const int ListLength = 20;
    private const int Batch = 64;

    private FaceGallery(
        Template[] templates, long[] subjects, Template[] probes, long[] probeSubjects, IProgress<double>? progress,
        CancellationToken cancellationToken,
        int part = 1 << 17)
    {
        (Templates, Subjects, Probes, ProbeSubjects) = (templates, subjects, probes, probeSubjects);
        Truth = Exhaustive(part, progress, cancellationToken);
    }

    /// <summary>The digest that stands for the model of all templates.</summary>
    public static ModelDigest Model { get; } = ModelDigest.Parse(new string('0', 64));

    /// <summary>The enrolled templates; a template's id is its place.</summary>
    public IReadOnlyList<Template> Templates { get; }

    /// <summary>The subject of each template.</summary>
    public IReadOnlyList<long> Subjects { get; }

    /// <summary>The probes, each of an enrolled subject.</summary>
    public IReadOnlyList<Template> Probes { get; }

    /// <summary>The subject of each probe.</summary>
    public IReadOnlyList<long> ProbeSubjects { get; }

    /// <summary>For each probe, the best 20 subjects.</summary>
    public IReadOnlyList<IndexAnswer> Truth { get; }

    /// <summary>The dimension of the templates.</summary>
    public int Dimension => Templates[0].Dimension;

    /// <summary>A search and the list that is held against <see cref="Truth"/>.</summary>
    /// <param name="probe">The number of the probe.</param>
    /// <param name="floor">The score floor.</param>
    /// <param name="found">The subjects that were found, in rank order.</param>
    internal ListQuality.Search Search(int probe, float floor, IReadOnlyList<long> found)
    {
        var truth = Truth[probe].Hits;
        return new ListQuality.Search(
            [.. truth.Select(hit => hit.Subject)], truth.Count(hit => hit.Score >= floor), ProbeSubjects[probe], found);
    }

    /// <summary>Makes a face-like gallery.</summary>
    /// <param name="count">The number of templates, at least 4.</param>
    /// <param name="probes">The number of probes, at least 1.</param>
    /// <param name="dimension">The dimension, a power of two.</param>
    /// <param name="seed">Another seed gives other people.</param>
    /// <param name="progress">Receives the share done, 0 … 1.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FaceGallery Generate(
        int count, int probes, int dimension, int seed, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default) =>
        Generate(count, probes, dimension, seed, part: 1 << 17, progress, cancellationToken);

    /// <summary>Makes a face-like gallery whose exhaustive search goes through <paramref name="part"/> templates at a time.</summary>
    internal static FaceGallery Generate(
        int count, int probes, int dimension, int seed, int part, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 4);
        ArgumentOutOfRangeException.ThrowIfLessThan(probes, 1);
        var faces = new FaceLikeVectors(dimension, seed);
        var parallel = new ParallelOptions { CancellationToken = cancellationToken };
        var done = 0;
        var templates = new Template[count];
        Parallel.For(0, count, parallel, i =>
        {
            templates[i] = Template.FromEmbedding(faces.Encounter(i / 2, i % 2), Model);
            if (Interlocked.Increment(ref done) is var now && now % 1000 == 0)
                progress?.Report(0.5 * now / count);
        });
        var all = new Template[probes];
        long Subject(int i) => (long)i * ((count / 2) - 1) / probes;
        Parallel.For(0, probes, parallel, i => all[i] = Template.FromEmbedding(faces.Encounter(Subject(i), 5), Model));
        return new FaceGallery(
            templates, [.. Enumerable.Range(0, count).Select(i => (long)i / 2)], all, [.. Enumerable.Range(0, probes).Select(Subject)],
            progress, cancellationToken, part);
    }

    /// <summary>Reads real embeddings: of each subject with two encounters or more the last is a probe.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line is not of the form stated.</exception>
    public static FaceGallery Read(string file, CancellationToken cancellationToken = default)
    {
        var rows = File.ReadLines(file).Select((line, i) => line.Split('\t') is [var image, var numbers]
            ? (Subject: Path.GetFileName(Path.GetDirectoryName(image))!, Template: Template.FromEmbedding(
                MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(numbers)), Model))
            : throw new FormatException($"{file}: line {i + 1} is not an image, a tab and an embedding")).ToArray();
        var subjects = rows.Select(row => row.Subject).Distinct().Select((name, i) => (name, i))
            .ToDictionary(pair => pair.name, pair => (long)pair.i);
        var groups = rows.GroupBy(row => row.Subject).ToArray();
        var probes = groups.Where(group => group.Count() > 1).Select(group => group.Last()).ToArray();
        var gallery = groups.SelectMany(group => group.Count() > 1 ? group.SkipLast(1) : group).ToArray();
        return new FaceGallery([.. gallery.Select(row => row.Template)], [.. gallery.Select(row => subjects[row.Subject])],
            [.. probes.Select(row => row.Template)], [.. probes.Select(row => subjects[row.Subject])], null, cancellationToken);
    }

    /// <summary>
    /// Makes up a gallery that has the subjects of another one, each with as many encounters, so that the two can be set side by side.
    /// </summary>
    /// <param name="other">The other gallery.</param>
    /// <param name="seed">Another seed gives other people.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    /// <exception cref="ArgumentException">The dimension of the other gallery is no power of two.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static FaceGallery Resembling(FaceGallery other, int seed, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(other);
        var faces = new FaceLikeVectors(other.Dimension, seed);
        var encounters = new Dictionary<long, int>();
        Template Next(long subject)
        {
            var encounter = encounters.GetValueOrDefault(subject);
            encounters[subject] = encounter + 1;
            return Template.FromEmbedding(faces.Encounter(subject, encounter), Model);
        }
        Template[] templates = [.. other.Subjects.Select(Next)];
        return new FaceGallery(
            templates, [.. other.Subjects], [.. other.ProbeSubjects.Select(Next)], [.. other.ProbeSubjects], null, cancellationToken);
    }

    /// <summary>
    /// The reference: every template in full, ranked by float16 copies, whose lists are those of float32 but for ties to four digits. A
    /// part of the gallery at a time, so that the reference of a large one needs no memory to speak of.
    /// </summary>
    private IndexAnswer[] Exhaustive(int size, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var best = new IndexAnswer[Probes.Count];
        for (var start = 0; start < Templates.Count; start += size)
        {
            var part = new ExactIndex(Model, Dimension, new ExactIndexOptions { SketchFrom = null });
            var end = Math.Min(start + size, Templates.Count);
            for (var i = start; i < end; i++)
                part.Add(i, Subjects[i], Templates[i]);
            for (var i = 0; i < Probes.Count; i += Batch)
            {
                foreach (var answer in part.SearchBatch([.. Probes.Skip(i).Take(Batch)], ListLength, cancellationToken: cancellationToken)
                    .Select((answer, at) => (answer, at)))
                    best[i + answer.at] = best[i + answer.at] is { } before ? Merge(before, answer.answer) : answer.answer;
                progress?.Report(0.5 + (0.5 * (start + ((double)(end - start) * i / Probes.Count)) / Templates.Count));
            }
        }
        return best;
    }

    private static IndexAnswer Merge(IndexAnswer a, IndexAnswer b) => a with
    {
        Hits = [.. a.Hits.Concat(b.Hits).OrderByDescending(hit => hit.Score).ThenBy(hit => hit.Id)
            .DistinctBy(hit => hit.Subject).Take(ListLength)],
        Compared = a.Compared + b.Compared,
    };
}
