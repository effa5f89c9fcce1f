using System.Numerics.Tensors;
using MatchEngine.Faces.Embedding;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Models.SelfTest;

/// <summary>
/// Tries an embedder on photos whose faces are known, at their known points: neither a detector nor a landmark network has a part in it.
/// </summary>
internal sealed class EmbedderTrial : IDisposable
{
    // Measured on two networks of 128 and 512 dimensions: with the right normalisation people of one photo score 0.06 in the mean and
    // altered copies 0.96; a network that is fed values a hundred times too large or too small puts all faces on one spot.
    private const double MaxStrangers = 0.3;
    private const double MinCopies = 0.7;

    private readonly FaceEmbedder _embedder;
    private readonly OnnxModel.Run _run;

    /// <exception cref="ModelException">The card does not fit its file.</exception>
    public EmbedderTrial(ModelCard card)
    {
        _embedder = new FaceEmbedder(new OnnxModel(card));
        _run = _embedder.CreateRun();
    }

    /// <summary>The embedding of a face.</summary>
    public float[] Embed(Image image, FacePoints points) => _embedder.Embed(image, points, _run);

    public static (bool Passed, string Detail) TellsPeopleApart(ModelCard card, ReferencePhoto[] samples)
    {
        using var trial = new EmbedderTrial(card);
        var (copies, strangers) = trial.Scores(samples);
        var (copy, stranger) = (copies.Average(), strangers.Average());
        // What every comparison of the default use should show:
        // the threshold that the card's own calibration gives for one false match in a thousand.
        var threshold = CalibrationTable.ToSet(card.Calibrations, "calibrations") is { RandomPairs: var calibration }
            ? calibration.Points.Select(point => point.Score).FirstOrDefault(score => calibration.At(score).Value < 1e-3, 1)
            : (double?)null;
        var accepted = threshold is { } at ? copies.Count(score => score >= at) : copies.Count;
        var text =
            $"altered copies score {copies.Min():0.00} or more ({copy:0.00} in the mean), other people of the same photo "
                + $"{strangers.Max():0.00} or less ({stranger:0.00})"
                + (threshold is { } t ? $"; {accepted} of {copies.Count} copies reach {t:0.00} (FMR 0.001)" : "");
        if (accepted < 0.95 * copies.Count || copy < MinCopies)
            return (false, text
                + ": copies of one face should be alike; the normalisation does not fit the network, or it embeds no faces");
        return stranger > MaxStrangers
            ? (false, text + ": different people should not be alike; the normalisation does not fit the network, or it embeds no faces")
            : (true, text);
    }

    /// <summary>
    /// How far apart altered copies and other people lie, in standard deviations of the other people's scores (d′ with one deviation).
    /// </summary>
    public double Separation(ReferencePhoto[] samples)
    {
        var (copies, strangers) = Scores(samples);
        var mean = strangers.Average();
        return (copies.Average() - mean) / Math.Sqrt(strangers.Sum(score => (score - mean) * (score - mean)) / strangers.Count);
    }

    public void Dispose()
    {
        _run.Dispose();
        _embedder.Dispose();
    }

    /// <summary>
    /// Scores of each face with copies of it that are darker, brighter and flatter, and of different people in one photo.
    /// </summary>
    private (List<double> Copies, List<double> Strangers) Scores(ReferencePhoto[] samples)
    {
        var (copies, strangers) = (new List<double>(), new List<double>());
        foreach (var sample in samples)
        {
            var points = sample.Faces.Where(face => face.Points is not null).Select(face => face.Points!.Value).ToArray();
            var originals = points.Select(five => Embed(sample.Image, five)).ToArray();
            foreach (var copy in sample.Copies)
            {
                for (var i = 0; i < points.Length; i++)
                    copies.Add(TensorPrimitives.Dot(originals[i], Embed(copy, points[i])));
            }
            for (var i = 0; i < points.Length; i++)
            {
                for (var j = 0; j < i; j++)
                    strangers.Add(TensorPrimitives.Dot<float>(originals[i], originals[j]));
            }
        }
        return (copies, strangers);
    }
}
