using System.Globalization;
using MatchEngine.Faces.DataSets;
using MatchEngine.Faces.Quality;
using MatchEngine.Tests;

namespace MatchEngine.Faces.Tests.Accuracy;

/// <summary>
/// Whom the default limits refuse, on real people. <c>benchmarks/results/quality.md</c> has the values; what quality predicts is measured
/// by <c>eval verify --quality</c>.
/// </summary>
public sealed class QualityAccuracyTests(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void The_defaults_refuse_fewer_than_one_in_200_photos_of_lfw() => Assert.InRange(Refused("lfw-a", 1), 0, 0.005);

    [Fact]
    public void Hardly_a_photo_of_a_sample_of_lfw_is_refused() => Assert.InRange(Refused("lfw-a", 60), 0, 0.02);

    [Fact]
    public void Nobody_of_London_is_refused() => Assert.Equal(0, Refused("london-faces", 4));

    private double Refused(string set, int every)
    {
        var metadata = TestData.Require(set + "/metadata.csv");
        string[] images = [.. File.ReadLines(metadata).Skip(1).Where((_, row) => row % every == 0).Select(line => line.Split(',')[0])];
        var photos = DataSetExtraction.Run(
            Samples.Pipeline, Path.GetDirectoryName(metadata)!, images, FaceChoice.Central, withQuality: true);
        var qualities = photos.Where(photo => photo.Quality is not null).Select(photo => photo.Quality!).ToArray();
        Assert.Equal(images.Length, qualities.Length);
        foreach (var measure in QualityMeasure.All)
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{measure.Name,-30} beyond its limit: {Share(quality => quality[measure].Advice is not null),6:0.00} %"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{"any component",-30} beyond its limit: {Share(quality => quality.Advice.Any()),6:0.00} %"));
        var refused = Share(quality => quality.Overall < FaceQuality.DefaultMinimum);
        output.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{"overall",-30} refused:          {refused,6:0.00} % of {qualities.Length}"));
        return refused / 100;

        double Share(Func<FaceQuality, bool> which) => 100.0 * qualities.Count(which) / qualities.Length;
    }
}
