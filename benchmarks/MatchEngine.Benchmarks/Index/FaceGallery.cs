using MatchEngine.Vectors;
using MatchEngine.Vectors.Tests;

namespace MatchEngine.Benchmarks.Index;

/// <summary>
/// A gallery, probes and what an exhaustive search answers: the workload that every engine is given. Templates are face-like (two encounters of each subject), or
/// the real embeddings of a file with lines <c>image TAB base64 of float32</c>, whose subject is the image's folder.
/// </summary>
internal sealed class FaceGallery
{
    public static readonly ModelDigest Model = ModelDigest.Parse(new string('0', 64));

    private FaceGallery(Template[] templates, long[] subjects, Template[] probes, long[] probeSubjects)
    {
        (Templates, Subjects, Probes, ProbeSubjects) = (templates, subjects, probes, probeSubjects);
        // The reference: every template in full, ranked by float16 copies, whose lists are those of float32 but for ties to four digits.
        var exact = new ExactIndex(Model, templates[0].Dimension, new ExactIndexOptions { SketchFrom = null });
        for (var i = 0; i < templates.Length; i++)
            exact.Add(i, subjects[i], templates[i]);
        Truth = [.. probes.Chunk(64).SelectMany(chunk => exact.SearchBatch(chunk))];
    }

    public Template[] Templates { get; }

    public long[] Subjects { get; }

    public Template[] Probes { get; }

    public long[] ProbeSubjects { get; }

    /// <summary>For each probe, the best 20 subjects.</summary>
    public IndexAnswer[] Truth { get; }

    public int Dimension => Templates[0].Dimension;

    public static FaceGallery Generate(int count, int probes, int dimension, int seed)
    {
        var faces = new FaceLikeVectors(dimension, seed);
        var templates = new Template[count];
        Parallel.For(0, count, i => templates[i] = Template.FromEmbedding(faces.Encounter(i / 2, i % 2), Model));
        var all = new Template[probes];
        long Subject(int i) => (long)i * ((count / 2) - 1) / probes;
        Parallel.For(0, probes, i => all[i] = Template.FromEmbedding(faces.Encounter(Subject(i), 5), Model));
        return new FaceGallery(templates, [.. Enumerable.Range(0, count).Select(i => (long)i / 2)], all, [.. Enumerable.Range(0, probes).Select(Subject)]);
    }

    /// <summary>Real embeddings: of each subject with two encounters or more the last is a probe.</summary>
    public static FaceGallery Read(string file)
    {
        var rows = File.ReadLines(file).Select(line => line.Split('\t')).Select(parts => (Subject: Path.GetFileName(Path.GetDirectoryName(parts[0]))!,
            Template: Template.FromEmbedding(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(parts[1])), Model))).ToArray();
        var subjects = rows.Select(row => row.Subject).Distinct().Select((name, i) => (name, i)).ToDictionary(pair => pair.name, pair => (long)pair.i);
        var groups = rows.GroupBy(row => row.Subject).ToArray();
        var probes = groups.Where(group => group.Count() > 1).Select(group => group.Last()).ToArray();
        var gallery = groups.SelectMany(group => group.Count() > 1 ? group.SkipLast(1) : group).ToArray();
        return new FaceGallery([.. gallery.Select(row => row.Template)], [.. gallery.Select(row => subjects[row.Subject])],
            [.. probes.Select(row => row.Template)], [.. probes.Select(row => subjects[row.Subject])]);
    }
}
