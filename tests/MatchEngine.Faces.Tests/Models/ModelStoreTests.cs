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

    [Fact]
    public void A_swapped_file_is_refused()
    {
        var card = Copy();
        File.Copy(ModelCatalog.Read().Find("fr-landmark", ModelTask.Landmarks).Path, card.Path, overwrite: true);
        var error = Assert.Throws<ModelException>(() => ModelStore.Read(card));
        Assert.Contains(card.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_changed_bit_is_refused_though_the_file_was_read_before()
    {
        var card = Copy();
        ModelStore.Read(card);
        var bytes = File.ReadAllBytes(card.Path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(card.Path, bytes);
        Assert.Throws<ModelException>(() => ModelStore.Read(card));
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var card = Copy();
        File.Delete(card.Path);
        Assert.Contains(card.Path, Assert.Throws<ModelException>(() => ModelStore.Read(card)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_run_comes_from_the_cards_file_alone_and_nothing_is_left_beside_it()
    {
        var card = Copy();
        var before = Directory.GetFileSystemEntries(_folder);
        // As an earlier version kept it, with a digest that fits: another network in place of the prepared one.
        var kept = Path.Combine(_folder, "cache", "prepared", $"{card.Sha256}-v{ModelPreparation.Version}.onnx");
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        var other = ModelStore.ReadOriginal(ModelCatalog.Read().Find("fr-landmark", ModelTask.Landmarks));
        File.WriteAllBytes(kept, [.. SHA256.HashData(other), .. other]);

        Assert.Equal(ModelPreparation.Prepare(ModelStore.ReadOriginal(card)), ModelStore.Read(card));

        Directory.Delete(Path.Combine(_folder, "cache"), recursive: true);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder));
    }
}
