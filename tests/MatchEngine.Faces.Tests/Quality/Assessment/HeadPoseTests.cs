using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Quality;
using MatchEngine.Faces.Quality.Assessment;

namespace MatchEngine.Faces.Tests.Quality.Assessment;

public class HeadPoseTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(30, 0, 0)]
    [InlineData(-50, 0, 0)]
    [InlineData(0, 25, 0)]
    [InlineData(0, -25, 0)]
    [InlineData(0, 0, 40)]
    [InlineData(0, 0, -170)]
    [InlineData(20, 0, 90)]
    public void The_angles_of_a_turned_head_are_found(double yaw, double pitch, double roll)
    {
        var pose = HeadPose.Of(QualityImages.Head(yaw, pitch, roll));
        Assert.Equal(yaw, pose.Yaw, 0.5);
        Assert.Equal(pitch, pose.Pitch, 0.5);
        Assert.Equal(roll, pose.Roll, 0.5);
    }

    [Fact]
    public void Angles_do_not_depend_on_size()
    {
        var (small, large) = (HeadPose.Of(QualityImages.Head(15, 10, 5, 0.5f)), HeadPose.Of(QualityImages.Head(15, 10, 5, 30)));
        Assert.Equal(small.Yaw, large.Yaw, 0.05);
        Assert.Equal(small.Pitch, large.Pitch, 0.05);
    }

    [Fact]
    public void Points_in_one_place_have_no_pose_and_do_no_harm()
    {
        var pose = HeadPose.Of(default);
        Assert.Equal((0f, 0f, 0f), (pose.Yaw, pose.Pitch, pose.Roll));
    }

    [Fact]
    public void Network_and_points_agree_about_who_looks_aside()
    {
        using var without = new FacePipeline(ModelCatalog.Read(), options: new(HeadPose: null));
        var differences = new List<double>();
        foreach (var number in (int[])[1, 2, 3, 4, 5, 6])
        {
            using var photo = ImageDecoder.Decode(Samples.Bytes(number));
            var byNetwork = Samples.Pipeline.Assess(photo);
            var byPoints = without.Assess(photo);
            for (var i = 0; i < byNetwork.Count; i++)
                differences.Add(Math.Abs(byNetwork[i].Quality[QualityMeasure.HeadPoseYaw].Value!.Value
                    - byPoints[i].Quality[QualityMeasure.HeadPoseYaw].Value!.Value));
        }
        differences.Sort();
        Assert.InRange(differences[differences.Count / 2], 0.001, 8);
    }

    [Fact]
    public void A_mirrored_head_is_turned_to_the_other_side()
    {
        // The network's bins lie symmetrically about 0: with the package's own offset of −99 both angles would be 1.5° too low.
        var sums = new List<double>();
        foreach (var number in (int[])[1, 2, 3, 4, 5, 6])
        {
            using var image = ImageDecoder.Decode(Samples.Bytes(number));
            using var mirrored = new Image(image.Width, image.Height);
            for (var y = 0; y < image.Height; y++)
                for (var x = 0; x < image.Width; x++)
                    image.Row(y).Slice(3 * x, 3).CopyTo(mirrored.Row(y)[(3 * (image.Width - 1 - x))..]);
            var others = Samples.Pipeline.Assess(mirrored);
            foreach (var (face, quality) in Samples.Pipeline.Assess(image))
            {
                var there = image.Width - face.Box.X - face.Box.Width / 2;
                if (others.MinBy(other => Math.Abs(other.Face.Box.X + other.Face.Box.Width / 2 - there)) is { } same
                    && Math.Abs(same.Face.Box.X + same.Face.Box.Width / 2 - there) < 10)
                    sums.Add(quality[QualityMeasure.HeadPoseYaw].Value!.Value + same.Quality[QualityMeasure.HeadPoseYaw].Value!.Value);
            }
        }
        sums.Sort();
        Assert.InRange(sums[sums.Count / 2], -1.4, 1.4);
    }
}
