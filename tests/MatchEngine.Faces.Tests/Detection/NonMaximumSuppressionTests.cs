using MatchEngine.Faces.Detection;
using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces.Tests.Detection;

public sealed class NonMaximumSuppressionTests
{
    [Fact]
    public void What_stays_does_not_overlap_and_what_goes_overlaps_a_better_one()
    {
        var random = new Random(11);
        for (var round = 0; round < 100; round++)
        {
            var all = Enumerable.Range(0, 60).Select(_ => new DetectedFace(
                new BoundingBox(random.Next(200), random.Next(200), random.Next(10, 90), random.Next(10, 90)),
                random.NextSingle())).ToList();
            var kept = all.ToList();
            NonMaximumSuppression.Apply(kept, 0.4f);
            foreach (var face in kept)
                Assert.DoesNotContain(kept, other => other != face && other.Box.IntersectionOverUnion(face.Box) > 0.4f);
            foreach (var face in all.Except(kept))
                Assert.Contains(kept, other => other.Confidence >= face.Confidence && other.Box.IntersectionOverUnion(face.Box) > 0.4f);
        }
    }

    [Fact]
    public void An_empty_list_stays_empty()
    {
        var none = new List<DetectedFace>();
        NonMaximumSuppression.Apply(none, 0.5f);
        Assert.Empty(none);
    }

    [Fact]
    public void What_is_known_or_lies_within_it_is_removed()
    {
        DetectedFace face = new(new(0, 0, 100, 100), 0.7f), again = new(new(5, 5, 100, 100), 0.9f), eye = new(new(20, 30, 20, 20), 0.99f),
            beside = new(new(90, 90, 30, 30), 0.8f);
        List<DetectedFace> faces = [eye, beside, again];
        NonMaximumSuppression.RemoveKnown(faces, [face], 0.4f);
        Assert.Equal([beside], faces);
    }
}
