namespace MatchEngine.Faces.Detection;

/// <summary>Detectors see one face several times; of boxes that overlap much only the most confident stays.</summary>
internal static class NonMaximumSuppression
{
    /// <summary>
    /// Removes boxes that overlap a more confident one by more than <paramref name="maxOverlap"/> (intersection over union).
    /// What stays is sorted by confidence.
    /// </summary>
    public static void Apply(List<DetectedFace> faces, float maxOverlap)
    {
        faces.Sort((a, b) => b.Confidence.CompareTo(a.Confidence));
        var kept = 0;
        for (var i = 0; i < faces.Count; i++)
        {
            var face = faces[i];
            var overlaps = false;
            for (var j = 0; j < kept && !overlaps; j++)
                overlaps = faces[j].Box.IntersectionOverUnion(face.Box) > maxOverlap;
            if (!overlaps)
                faces[kept++] = face;
        }
        faces.RemoveRange(kept, faces.Count - kept);
    }

    /// <summary>
    /// Removes boxes that overlap a known one by more than <paramref name="maxOverlap"/> (intersection over union),
    /// or most of whose area lies within one.
    /// </summary>
    public static void RemoveKnown(List<DetectedFace> faces, List<DetectedFace> known, float maxOverlap)
    {
        const float Most = 0.7f;
        faces.RemoveAll(face => known.Exists(other =>
            other.Box.IntersectionOverUnion(face.Box) > maxOverlap || face.Box.Intersection(other.Box) > Most * face.Box.Area));
    }
}
