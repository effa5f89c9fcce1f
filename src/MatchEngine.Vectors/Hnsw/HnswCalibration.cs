using MatchEngine.Vectors.Kernels;

namespace MatchEngine.Vectors.Hnsw;

/// <summary>
/// Finds the narrowest beam with which a graph keeps a share of the mates that an exhaustive search ranks first,
/// on probes made of the gallery's own templates.
/// </summary>
/// <remarks>
/// <para><b>A probe</b> stands for one more encounter of an enrolled subject, each subject as likely as another: the mean of its templates,
/// turned away in the directions in which the gallery's templates differ (the sum of twelve strangers with random signs), so far that its
/// scores with the templates are those of mates: 0.69 ± 0.12, as measured on Labeled Faces in the Wild with the default model, and so
/// clamped to 0.2 … 0.95. Of that variance one half is the probe's and the other the templates', over which it is averaged: with m
/// templates the deviation is 0.12·√((1 + 1/m)/2). To turn single templates away instead would leave out that subjects with several
/// templates can be found by each of them, and ask for twice the beam (benchmarks/results/growth.md compares both with other encounters
/// and with real faces).</para>
/// <para><b>The beam.</b> One walk a probe tells the narrowest beam that finds its mate (<see cref="HnswIndex.WidthToReach"/>), and ends
/// there. With n probes whose mate comes first in an exhaustive search, the beam is the one that loses at most k of them, k being the
/// largest number for which a graph that loses more than the target allows would lose so few with a probability of 5 % at most (Clopper and
/// Pearson 1934, one-sided), and half as wide again: at a million templates other encounters of the gallery's subjects lost somewhat more
/// than these probes. When more are lost by the widest beam, the measurement ends, and no beam is enough.</para>
/// </remarks>
internal sealed class HnswCalibration
{
    /// <summary>The beam beyond which a target counts as out of reach.</summary>
    public const int WidestBeam = 16_384;

    private const int NarrowestBeam = 16;
    private const int FewestProbes = 3000;
    private const int MostProbes = 20_000;
    private const int LossesExpected = 20;
    private const int Strangers = 12;
    private const int MostTemplates = 16;
    private const double MeanScore = 0.69;
    private const double Deviation = 0.12;
    private const double LeastScore = 0.2;
    private const double MostScore = 0.95;
    private const double Margin = 1.5;
    private const double Doubt = 0.05;

    private readonly HnswIndex _index;
    private readonly double _target;
    private readonly Random _random;

    /// <summary>A calibration.</summary>
    /// <param name="index">The graph.</param>
    /// <param name="target">The share of mates that it shall keep.</param>
    /// <param name="seed">The same seed draws the same probes from the same graph.</param>
    public HnswCalibration(HnswIndex index, double target, int seed) => (_index, _target, _random) = (index, target, new Random(seed));

    /// <summary>The probes that suffice for a target: as many as lose about twenty mates at it, between 3,000 and 20,000.</summary>
    public static int ProbesFor(double target) => (int)Math.Clamp(LossesExpected / Math.Max(1e-9, 1 - target), FewestProbes, MostProbes);

    /// <summary>
    /// The most of some probes that may be lost, so that with 95 % confidence the share lost is no larger than the target allows; 0 also
    /// where not even that would show it.
    /// </summary>
    public static int Allowed(int probes, double target)
    {
        // The distribution function of the binomial law, term by term; in logarithms, as its first terms may be too small for numbers.
        double logarithm = probes * Math.Log(target), ratio = Math.Log((1 - target) / target), sum = Math.Exp(logarithm);
        var allowed = 0;
        for (var k = 0; k < probes; k++)
        {
            logarithm += Math.Log((double)(probes - k) / (k + 1)) + ratio;
            sum += Math.Exp(logarithm);
            if (sum > Doubt)
                break;
            allowed = k + 1;
        }
        return allowed;
    }

    /// <summary>Measures.</summary>
    /// <param name="nearest">The ids of the templates that an exhaustive search ranks first for probes.</param>
    /// <param name="cancellationToken">Ends the measurement.</param>
    /// <returns>The beam, and whether it reaches the target; null when there is nothing to measure on.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public (int Ef, bool Reached)? Run(Func<Template[], long[]> nearest, CancellationToken cancellationToken)
    {
        var (probes, subjects) = Draw(ProbesFor(_target), cancellationToken);
        try
        {
            var targets = nearest(probes)
                .Select((id, i) => _index.NodeOf(id) is var node && _index.Graph.SubjectOf(node) == subjects[i] ? node : -1).ToArray();
            var mated = targets.Count(node => node >= 0);
            if (mated == 0)
                return null;
            var allowed = Allowed(mated, _target);
            var widths = new List<int>(mated);
            var lost = 0;
            for (var i = 0; i < probes.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (targets[i] < 0)
                    continue;
                widths.Add(_index.WidthToReach(probes[i], targets[i], WidestBeam, cancellationToken));
                lost += widths[^1] > WidestBeam ? 1 : 0;
                if (lost > allowed)
                    return (WidestBeam, false);
            }
            widths.Sort();
            return ((int)Math.Clamp(Margin * widths[mated - 1 - allowed], NarrowestBeam, WidestBeam), true);
        }
        finally
        {
            foreach (var probe in probes)
                probe.Erase();
        }
    }

    /// <summary>Makes probes of the gallery's templates.</summary>
    /// <returns>The probes, fewer than asked when there are not as many subjects, and their subjects.</returns>
    internal (Template[] Probes, long[] Subjects) Draw(int count, CancellationToken cancellationToken)
    {
        var nodes = _index.Graph.Nodes;
        var samples = Enumerable.Range(0, 3 * count).Select(_ => _random.Next(nodes)).ToArray();
        var templates = new Dictionary<long, List<int>>();
        foreach (var node in samples)
            templates.TryAdd(_index.Graph.SubjectOf(node), []);
        for (var node = 0; node < nodes; node++)
        {
            if (templates.TryGetValue(_index.Graph.SubjectOf(node), out var of) && of.Count < MostTemplates
                && _index.Graph.Vector(node).Vector is not null)
                of.Add(node);
        }
        List<Template> probes = [];
        List<long> subjects = [];
        for (var i = 0; i < samples.Length && probes.Count < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var subject = _index.Graph.SubjectOf(samples[i]);
            // By the first of its templates alone, so that each subject is as likely as another.
            if (templates[subject] is { Count: > 0 } of && of[0] == samples[i] && Encounter(of, nodes) is { } probe)
            {
                probes.Add(probe);
                subjects.Add(subject);
            }
        }
        return ([.. probes], [.. subjects]);
    }

    /// <summary>A probe of a subject.</summary>
    private Template? Encounter(List<int> nodes, int all)
    {
        float[][] vectors = [.. nodes.Select(node => _index.Graph.Vector(node).Vector).OfType<float[]>()];
        if (vectors.Length == 0)
            return null;
        var (x, noise) = (new float[_index.Dimension], new float[_index.Dimension]);
        foreach (var vector in vectors)
            FloatDot.AddScaled(x, 1, vector);
        var length = MathF.Sqrt(FloatDot.Of(x, x));
        for (var i = 0; i < Strangers; i++)
        {
            if (_index.Graph.Vector(_random.Next(all)).Vector is { } stranger)
                FloatDot.AddScaled(noise, _random.Next(2) == 0 ? 1 : -1, stranger);
        }
        if (!(length > 1e-3f))
            return null;
        for (var i = 0; i < x.Length; i++)
            x[i] /= length;
        FloatDot.AddScaled(noise, -FloatDot.Of(noise, x), x);
        var noiseLength = MathF.Sqrt(FloatDot.Of(noise, noise));
        if (!(noiseLength > 1e-3f))
            return null;
        var score = Math.Clamp(MeanScore + (Deviation * Math.Sqrt((1 + (1.0 / vectors.Length)) / 2) * Gaussian()), LeastScore, MostScore);
        // The templates' scores with x, on average; the probe's are to be the score drawn.
        var share = (float)Math.Min(0.99, score / vectors.Average(vector => FloatDot.Of(vector, x)));
        for (var i = 0; i < x.Length; i++)
            x[i] = (share * x[i]) + (MathF.Sqrt(1 - (share * share)) / noiseLength * noise[i]);
        return Template.FromEmbedding(x, _index.Model, keepFloat16: false);
    }

    private double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
