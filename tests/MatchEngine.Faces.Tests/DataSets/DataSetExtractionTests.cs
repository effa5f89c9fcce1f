using MatchEngine.Faces.DataSets;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Quality;
using MatchEngine.Tests;

namespace MatchEngine.Faces.Tests.DataSets;

public sealed class DataSetExtractionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("matchengine-set-").FullName;

    public DataSetExtractionTests()
    {
        for (var number = 1; number <= 3; number++)
            File.WriteAllBytes(Path.Combine(_folder, $"{number}.jpg"), Samples.FaceJpeg(number + 2));
        File.WriteAllText(Path.Combine(_folder, "text.jpg"), "no picture");
        using var blank = new Image(100, 100);
        File.WriteAllBytes(Path.Combine(_folder, "blank.png"), ImageEncoder.ToPng(blank));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static readonly string[] Photos = ["1.jpg", "2.jpg", "text.jpg", "3.jpg", "blank.png", "missing.jpg"];

    private string CacheFolder => Path.Combine(_folder, "cache");

    [Fact]
    public void Every_photo_has_an_embedding_or_a_reason()
    {
        var outcomes = DataSetExtraction.Run(Samples.Pipeline, _folder, Photos, FaceChoice.Central);
        Assert.Equal(Photos, outcomes.Select(outcome => outcome.Image));
        Assert.Equal(
            [null, null, AcquisitionFailure.UnsupportedFormat, null, AcquisitionFailure.NoFace, AcquisitionFailure.Unreadable],
            outcomes.Select(outcome => outcome.Failure));
        Assert.Equal(
            Samples.Pipeline.Extract(File.ReadAllBytes(Path.Combine(_folder, "2.jpg")), new(FaceChoice.Central)).Faces[0].Embedding,
            outcomes[1].Embedding);
    }

    [Fact]
    public void A_second_run_takes_all_from_the_cache()
    {
        PhotoEmbedding[] first, second;
        using (var cache = EmbeddingCache.Open(CacheFolder, Samples.Pipeline, FaceChoice.Central))
            first = DataSetExtraction.Run(Samples.Pipeline, _folder, Photos, FaceChoice.Central, cache);
        using (var cache = EmbeddingCache.Open(CacheFolder, Samples.Pipeline, FaceChoice.Central))
        {
            Assert.Equal(5, cache.Count);
            second = DataSetExtraction.Run(Samples.Pipeline, _folder, Photos, FaceChoice.Central, cache);
            Assert.Equal(5, cache.Count);
        }
        Assert.Equal(first.Select(outcome => outcome.Failure), second.Select(outcome => outcome.Failure));
        for (var i = 0; i < first.Length; i++)
            Assert.Equal(first[i].Embedding, second[i].Embedding);
    }

    [Fact]
    public void Another_choice_of_face_has_a_cache_of_its_own()
    {
        using (var cache = EmbeddingCache.Open(CacheFolder, Samples.Pipeline, FaceChoice.Central))
            DataSetExtraction.Run(Samples.Pipeline, _folder, Photos, FaceChoice.Central, cache);
        using var largest = EmbeddingCache.Open(CacheFolder, Samples.Pipeline, FaceChoice.Largest);
        Assert.Equal(0, largest.Count);
    }

    [Fact]
    public void A_face_below_the_least_quality_is_no_other_face_beside_the_only_one_here_as_elsewhere()
    {
        var photo = TestData.Require("london-faces/smiling/069.jpg");
        var (folder, name) = (Path.GetDirectoryName(photo)!, Path.GetFileName(photo));
        PhotoEmbedding Run(FaceChoice choice, double? least)
        {
            using var cache = EmbeddingCache.Open(CacheFolder, Samples.Pipeline, choice, least);
            using var qualities = EmbeddingCache.OpenQuality(CacheFolder, Samples.Pipeline, choice, least);
            var made = Assert.Single(DataSetExtraction.Run(
                Samples.Pipeline, folder, [name], choice, cache, qualities: qualities, minQuality: least));
            var again = Assert.Single(DataSetExtraction.Run(
                Samples.Pipeline, folder, [name], choice, cache, qualities: qualities, minQuality: least));
            Assert.Equal((made.Failure, made.Quality?.Overall), (again.Failure, again.Quality?.Overall));
            Assert.Equal(made.Embedding, again.Embedding);
            return made;
        }

        // A curl of hair that the detector takes for a face.
        Assert.Equal(AcquisitionFailure.MultipleFaces, Run(FaceChoice.Only, null).Failure);
        var only = Run(FaceChoice.Only, FaceQuality.DefaultMinimum);
        Assert.Null(only.Failure);
        Assert.Equal(
            Samples.Pipeline.Extract(
                File.ReadAllBytes(photo), new(FaceChoice.Only) { MinQuality = FaceQuality.DefaultMinimum }).Faces[0].Embedding,
            only.Embedding);
        Assert.Equal(Run(FaceChoice.Largest, FaceQuality.DefaultMinimum).Embedding, only.Embedding);
        foreach (var choice in (FaceChoice[])[FaceChoice.Only, FaceChoice.Largest])
        {
            var refused = Run(choice, only.Quality!.Overall + 0.1);
            Assert.Equal((AcquisitionFailure.LowQuality, null), (refused.Failure, refused.Embedding));
            Assert.Equal(only.Quality.Overall, refused.Quality!.Overall, 1e-3);
        }
    }

    [Fact]
    public void All_faces_of_a_photo_make_no_sense_here() =>
        Assert.Throws<ArgumentException>(() => DataSetExtraction.Run(Samples.Pipeline, _folder, Photos, FaceChoice.All));
}
