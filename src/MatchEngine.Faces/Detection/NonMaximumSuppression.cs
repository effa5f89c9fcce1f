namespace MatchEngine.Faces;

/// <summary>Detectors see one face several times; of boxes that overlap much only the most confident stays.</summary>
internal static class NonMaximumSuppression
{
    /// <summary>Removes boxes that overlap a more confident one by more than <paramref name="maxOverlap"/> (intersection over union). What stays is sorted by confidence.</summary>
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

    /// <summary>Removes boxes most of whose area lies within a larger one.</summary>
    public static void RemoveNested(List<DetectedFace> faces)
    {
        const float Most = 0.7f;
        faces.Sort((a, b) => b.Box.Area.CompareTo(a.Box.Area));
        var kept = 0;
        for (var i = 0; i < faces.Count; i++)
        {
            var (face, nested) = (faces[i], false);
            for (var j = 0; j < kept && !nested; j++)
                nested = face.Box.Intersection(faces[j].Box) > Most * face.Box.Area;
            if (!nested)
                faces[kept++] = face;
        }
        faces.RemoveRange(kept, faces.Count - kept);
    }
}
