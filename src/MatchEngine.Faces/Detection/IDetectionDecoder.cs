using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Detection;

/// <summary>Knows one family of detectors: what outputs it has and how they become faces in the input's coordinates.</summary>
internal interface IDetectionDecoder
{
    /// <summary>The outputs that are read, in the order in which <see cref="Decode"/> asks for them.</summary>
    IReadOnlyList<OutputShape> Outputs { get; }

    /// <summary>Whether faces come with their five points.</summary>
    bool GivesPoints { get; }

    /// <summary>Adds the faces of a run whose confidence is high enough, in pixels of the network's input.</summary>
    void Decode(OnnxModel.Run run, float minConfidence, List<DetectedFace> faces);
}
