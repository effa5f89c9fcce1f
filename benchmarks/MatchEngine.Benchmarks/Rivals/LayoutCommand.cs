using MatchEngine.Vectors;
using MatchEngine.Vectors.Hnsw;
using MatchEngine.Vectors.Measurement;
using MatchEngine.Vectors.Sketches;

namespace MatchEngine.Benchmarks.Rivals;

/// <summary>
/// <c>rival-layouts --n N --probes P --rounds R</c>: one sketch a node in a cache line of its own (what the index ships) beside the
/// sketches of all neighbours at the links (NGT-QG, SymphonyQG), with more or fewer links and shorter or longer sketches, so that rows of
/// like memory can be compared. The walk is the same otherwise.
/// </summary>
internal static class LayoutCommand
{
    private static readonly int[] _beams = [40, 80, 160, 320, 640];
    private static readonly int[] _elements = [32, 64, 112];

    /// <summary>
    /// The links that a new node makes, and the lengths of the sketches beside them:
    /// 32 links with sketches of 32 elements take as much as 128 links and an own sketch.
    /// </summary>
    private static readonly (int M, int[] Beside)[] _graphs = [(8, [32, 64, 112]), (16, [32, 64, 112]), (32, [32]), (64, [])];

    public static int Run(string[] args)
    {
        int Number(string name, int otherwise) =>
            Array.IndexOf(args, "--" + name) is var i and >= 0 && i + 1 < args.Length ? int.Parse(args[i + 1], null) : otherwise;
        int n = Number("n", 100_000), probes = Number("probes", 2000), rounds = Number("rounds", 3);
        Console.Error.WriteLine($"making {n:N0} templates and the reference");
        var gallery = FaceGallery.Generate(n, probes, 512, 1);
        var bodies = LayoutWalk.Bodies(gallery.Templates);
        var sample = new SketchSample(n, 512, i => (Unit(gallery.Templates[i]), gallery.Subjects[i]));
        var bases = _elements.ToDictionary(elements => elements, elements => sample.Train(1, elements, n, CancellationToken.None));
        var rest = IdBytes + 512;

        var walks = new List<(string Name, int Bytes, LayoutWalk Walk)>();
        foreach (var (m, beside) in _graphs)
        {
            Console.Error.WriteLine($"building a graph with M = {m}");
            var graph = new HnswIndex(FaceGallery.Model, 512, new HnswOptions { M = m, EfConstruction = Math.Max(200, 4 * m) });
            // On one thread, so that a template's node is its place.
            graph.AddRange([.. Enumerable.Range(0, n).Select(i => ((long)i, gallery.Subjects[i], gallery.Templates[i]))], parallelism: 1);
            Add($"own sketch, {2 * m} links, 112 × 4 bits", new CellLayout(graph, gallery.Templates, bases[112]));
            foreach (var elements in beside)
                Add($"neighbours' sketches, {2 * m} links, {elements} × 4 bits", new BesideLayout(
                    graph, gallery.Templates, bases[elements]));

            void Add(string name, ILinkLayout layout) =>
                walks.Add((name, rest + layout.NodeBytes, new LayoutWalk(layout, graph, gallery.Templates, gallery.Subjects, bodies)));
        }

        Console.WriteLine(
            $"{n:N0} face-like templates of 512 dimensions, {probes:N0} mated probes, medians of {rounds} rounds in turns; "
                + "searches a second of processor time, one thread");
        Console.WriteLine("| layout | bytes | " + string.Join(" | ", _beams.Select(ef => $"ef {ef}: recall@20, mates lost, searches/s"))
            + " | at recall 0.90 | at 0.95 |");
        Console.WriteLine("|---|---:|" + string.Concat(_beams.Select(_ => "---|")) + "---:|---:|");
        var results = walks.ConvertAll(_ => _beams.Select(_ => new List<(double Recall, int Lost, double Rate)>()).ToArray());
        foreach (var (_, _, walk) in walks)
            walk.Measure(gallery.Probes, gallery.ProbeSubjects, gallery.Truth, _beams[0]);
        for (var round = 0; round < rounds; round++)
        {
            for (var b = 0; b < _beams.Length; b++)
            {
                for (var w = 0; w < walks.Count; w++)
                    results[w][b].Add(walks[w].Walk.Measure(gallery.Probes, gallery.ProbeSubjects, gallery.Truth, _beams[b]));
            }
            Console.Error.WriteLine($"round {round + 1} of {rounds}");
        }
        for (var w = 0; w < walks.Count; w++)
        {
            var points = results[w].Select(
                runs => (runs[0].Recall, runs[0].Lost, Rate: runs.Select(run => run.Rate).Order().ElementAt(rounds / 2))).ToArray();
            Console.WriteLine(FormattableString.Invariant($"| {walks[w].Name} | {walks[w].Bytes:N0} | ")
                + string.Join(
                    " | ", points.Select(point => FormattableString.Invariant($"{point.Recall:F4}, {point.Lost}, {point.Rate:N0}")))
                + FormattableString.Invariant($" | {At(0.90):N0} | {At(0.95):N0} |"));

            // Between two beams the logarithm of the rate is taken as linear in the recall; a recall outside the range has no rate.
            double At(double recall)
            {
                for (var i = 0; i + 1 < points.Length; i++)
                {
                    if (points[i].Recall <= recall && recall < points[i + 1].Recall)
                    {
                        var share = (recall - points[i].Recall) / (points[i + 1].Recall - points[i].Recall);
                        return Math.Exp(((1 - share) * Math.Log(points[i].Rate)) + (share * Math.Log(points[i + 1].Rate)));
                    }
                }
                return double.NaN;
            }
        }
        return 0;
    }

    /// <summary>
    /// Id, subject, scale and marks of a node and its part of the map of ids and of the upper levels, as in the index with M = 16.
    /// </summary>
    private const int IdBytes = 730 - 512 - 128 - 64;

    private static float[] Unit(Template template)
    {
        var unit = new float[template.Dimension];
        for (var i = 0; i < unit.Length; i++)
            unit[i] = template.Body[i] * template.Scale;
        return unit;
    }
}
