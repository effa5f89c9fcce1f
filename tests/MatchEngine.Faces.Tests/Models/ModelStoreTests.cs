using System.Security.Cryptography;
using MatchEngine.Faces.Models;

namespace MatchEngine.Faces.Tests.Models;

public sealed class ModelStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("matchengine-models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ModelCard Embedder => ModelCatalog.Read().Find(ModelCatalog.DefaultEmbedder, ModelTask.Embedding);

    /// <summary>The default embedder and its card, copied to a folder where they may be damaged.</summary>
    private ModelCard Copy()
    {
        File.Copy(Embedder.Path, Path.Combine(_folder, Embedder.File));
        File.Copy(Path.Combine(Embedder.Folder, Embedder.Id + ".json"), Path.Combine(_folder, Embedder.Id + ".json"));
        return ModelCard.Read(Path.Combine(_folder, Embedder.Id + ".json"));
    }

    private string Cached => Path.Combine(_folder, "cache", "prepared", $"{Embedder.Sha256}-v{ModelPreparation.Version}.onnx");

    [Fact]
    public void A_swapped_file_is_refused()
    {
        var card = Copy();
        File.Copy(ModelCatalog.Read().Find("fr-landmark", ModelTask.Landmarks).Path, card.Path, overwrite: true);
        var error = Assert.Throws<ModelException>(() => new ModelStore().Read(card));
        Assert.Contains(card.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_changed_bit_is_refused_even_when_a_prepared_form_is_cached()
    {
        var card = Copy();
        var store = new ModelStore(Path.Combine(_folder, "cache"));
        store.Read(card);
        var bytes = File.ReadAllBytes(card.Path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(card.Path, bytes);
        Assert.Throws<ModelException>(() => store.Read(card));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var card = Copy();
        File.Delete(card.Path);
        Assert.Contains(card.Path, Assert.Throws<ModelException>(() => new ModelStore().Read(card)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_prepared_form_is_kept_and_found_again()
    {
        var first = new ModelStore(Path.Combine(_folder, "cache")).Read(Embedder);
        var written = File.GetLastWriteTimeUtc(Cached);
        var second = new ModelStore(Path.Combine(_folder, "cache")).Read(Embedder);
        Assert.Equal(first, second);
        Assert.Equal(written, File.GetLastWriteTimeUtc(Cached));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Cached)!));
    }

    [Theory]
    [InlineData(0), InlineData(31), InlineData(5000), InlineData(-1)]
    public void A_damaged_cache_is_made_anew(int position)
    {
        var store = new ModelStore(Path.Combine(_folder, "cache"));
        var good = store.Read(Embedder);
        var bytes = File.ReadAllBytes(Cached);
        File.WriteAllBytes(
            Cached, position < 0 ? bytes[..100] : [.. bytes[..position], (byte)(bytes[position] ^ 0x55), .. bytes[(position + 1)..]]);
        Assert.Equal(good, store.Read(Embedder));
        Assert.Equal(bytes, File.ReadAllBytes(Cached));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_does_no_harm()
    {
        // A file stands where the folder should be: no user, not even root, can create it.
        var blocked = Path.Combine(_folder, "blocked");
        File.WriteAllText(blocked, "");
        Assert.Equal(new ModelStore().Read(Embedder), new ModelStore(blocked).Read(Embedder));
    }

    [Fact]
    public void Many_at_once_end_with_one_good_file()
    {
        var expected = new ModelStore().Read(Embedder);
        Parallel.For(0, 16, _ => Assert.Equal(expected, new ModelStore(Path.Combine(_folder, "cache")).Read(Embedder)));
        Assert.Equal(Cached, Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Cached)!)));
        Assert.Equal(SHA256.HashData(expected), File.ReadAllBytes(Cached)[..32]);
    }
}
