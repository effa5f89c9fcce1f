using System.Security.Cryptography;
using MatchEngine.Faces.DataSets;

namespace MatchEngine.Faces.Tests.DataSets;

public sealed class EmbeddingCacheTests : IDisposable
{
    private const int Dimension = 16;
    private const int Record = 32 + 4 + 4 * Dimension + 4;

    private readonly string _folder = Directory.CreateTempSubdirectory("matchengine-cache-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string File => Path.Combine(_folder, "embeddings", "x.bin");

    private static byte[] Digest(int photo) => SHA256.HashData([(byte)photo, (byte)(photo >> 8)]);

    private static float[] Embedding(int photo) => [.. Enumerable.Range(0, Dimension).Select(i => photo + i / 16f)];

    private void Write(int photos)
    {
        using var cache = EmbeddingCache.Open(File, Dimension);
        for (var photo = 0; photo < photos; photo++)
            cache.Add(Digest(photo), Embedding(photo));
    }

    [Fact]
    public void What_was_added_is_there_the_next_time()
    {
        Write(3);
        using (var cache = EmbeddingCache.Open(File, Dimension))
            cache.Add(Digest(9), AcquisitionFailure.NoFace);
        using var again = EmbeddingCache.Open(File, Dimension);
        Assert.Equal(4, again.Count);
        Assert.Equal(Embedding(2), again.Find(Digest(2))!.Value.Embedding);
        Assert.Equal(new CachedEmbedding(null, AcquisitionFailure.NoFace), again.Find(Digest(9)));
        Assert.Null(again.Find(Digest(77)));
    }

    [Fact]
    public void A_photo_that_could_not_be_read_is_tried_again()
    {
        using var cache = EmbeddingCache.Open(File, Dimension);
        cache.Add(Digest(1), AcquisitionFailure.Unreadable);
        Assert.Null(cache.Find(Digest(1)));
    }

    [Fact]
    public void Cut_anywhere_the_whole_records_before_are_kept_and_the_file_can_be_continued()
    {
        Write(4);
        var whole = System.IO.File.ReadAllBytes(File);
        Assert.Equal(4 * Record, whole.Length);
        for (var length = 0; length < whole.Length; length += 7)
        {
            System.IO.File.WriteAllBytes(File, whole[..length]);
            using (var cache = EmbeddingCache.Open(File, Dimension))
            {
                Assert.Equal(length / Record, cache.Count);
                cache.Add(Digest(500), Embedding(5));
            }
            using var again = EmbeddingCache.Open(File, Dimension);
            Assert.Equal(length / Record + 1, again.Count);
            Assert.Equal(Embedding(5), again.Find(Digest(500))!.Value.Embedding);
        }
    }

    [Fact]
    public void A_flipped_bit_is_noticed()
    {
        Write(4);
        var whole = System.IO.File.ReadAllBytes(File);
        for (var at = 0; at < Record; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[Record + at] ^= 4;
            System.IO.File.WriteAllBytes(File, damaged);
            using var cache = EmbeddingCache.Open(File, Dimension);
            Assert.Equal(1, cache.Count);
        }
    }

    [Fact]
    public void A_second_user_reads_and_does_not_disturb_the_first()
    {
        using var first = EmbeddingCache.Open(File, Dimension);
        first.Add(Digest(1), Embedding(1));
        using (var second = EmbeddingCache.Open(File, Dimension))
        {
            Assert.Equal(Embedding(1), second.Find(Digest(1))!.Value.Embedding);
            second.Add(Digest(2), Embedding(2));
            Assert.Equal(Embedding(2), second.Find(Digest(2))!.Value.Embedding);
        }
        first.Add(Digest(3), Embedding(3));
        first.Dispose();
        using var third = EmbeddingCache.Open(File, Dimension);
        Assert.Equal((2, true, false), (third.Count, third.Find(Digest(3)) is not null, third.Find(Digest(2)) is not null));
    }
}
