using MatchEngine.Faces.Detection;

namespace MatchEngine.Faces.Models.SelfTest;

/// <summary>Tries a detector on photos whose faces are known.</summary>
internal sealed class DetectorTrial : IDisposable
{
    private const float SameFace = 0.3f;

    private readonly FaceDetector _detector;
    private readonly OnnxModel.Run _run;

    /// <exception cref="ModelException">The card does not fit its file.</exception>
    public DetectorTrial(ModelCard card)
    {
        _detector = new FaceDetector(new OnnxModel(card));
        _run = _detector.CreateRun();
    }

    /// <summary>
    /// Faces there are, faces found, boxes where there is no face, and how far off the points are (see
    /// <see cref="ReferenceFace.Deviation"/>) where the detector gives them.
    /// </summary>
    public (int Wanted, int Found, int Other, List<float> Deviations) Count(ReferencePhoto[] samples)
    {
        var (wanted, found, other, deviations) = (0, 0, 0, new List<float>());
        foreach (var sample in samples)
        {
            var faces = _detector.Detect(sample.Image, _run);
            wanted += sample.Faces.Count;
            foreach (var known in sample.Faces)
            {
                var seen = faces.Where(face => face.Box.IntersectionOverUnion(known.Box) >= SameFace).ToList();
                found += seen.Count > 0 ? 1 : 0;
                if (known.Points is not null && seen is [{ Points: { } points }, ..])
                    deviations.Add(known.Deviation(points));
            }
            other += faces.Count(face => sample.Faces.All(known => face.Box.IntersectionOverUnion(known.Box) < SameFace));
        }
        return (wanted, found, other, deviations);
    }

    /// <summary>How sure the detector is of faces, less how sure it is of what is none, per face that there is: at most 1.</summary>
    public double Certainty(ReferencePhoto[] samples)
    {
        var (sum, wanted) = (0.0, 0);
        foreach (var sample in samples)
        {
            wanted += sample.Faces.Count;
            foreach (var face in _detector.Detect(sample.Image, _run))
                sum += sample.Faces.Any(known => face.Box.IntersectionOverUnion(known.Box) >= SameFace)
                    ? face.Confidence
                    : -face.Confidence;
        }
        return sum / wanted;
    }

    public void Dispose()
    {
        _run.Dispose();
        _detector.Dispose();
    }
}
