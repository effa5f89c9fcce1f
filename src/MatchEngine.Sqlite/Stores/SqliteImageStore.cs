using Dapper;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Encryption;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Sqlite.Stores;

/// <summary>Photos and crops of a gallery, and the sealing of all it holds under a new key.</summary>
internal sealed class SqliteImageStore(GalleryDatabase database) : IImageStore
{
    private readonly SealedValues _values = database.Values;

    public byte[]? ReadPhoto(string encounterId) => database.Read(
        connection => ImageTables.FindPhoto(encounterId, connection),
        row => row is null ? null : _values.Open(row.Bytes, row.KeyId, SealedValues.PhotoOf(row.Sha256)));

    public byte[]? ReadCrop(string encounterId) => database.Read(
        connection => ImageTables.FindCrop(encounterId, connection),
        row => row is null ? null : _values.Open(row.Bytes, row.KeyId, SealedValues.CropOf(encounterId)));

    public int SealSome(ChangeRecord record)
    {
        if (_values.CurrentId is null)
            throw new InvalidOperationException("there is no key to encrypt with");
        var (values, unscrubbed) = database.Write((gallery, connection, transaction) =>
        {
            database.RequireKey(gallery, connection, transaction);
            var count = Rekeying.Some(_values, connection, transaction);
            if (count == 0)
                return (0, gallery.Unscrubbed);
            // What was in the clear lies in the journal until it is scrubbed.
            connection.Execute("UPDATE gallery SET change = change + 1, unscrubbed = 1", transaction: transaction);
            ChangeMarks.Write(record, new { values = count }, connection, transaction);
            return (count, true);
        });
        // The last one cleans the journal after all of them.
        if (values == 0 && unscrubbed)
            database.Scrub();
        return values;
    }
}
