using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Searches;

/// <summary>Writes the search for one face as a transaction: Type-1, a Type-2 with the domain's own fields, a Type-10.</summary>
public static class SubmissionWriter
{
    /// <summary>The type of transaction that asks for a face search, as FBI's EBTS names it; other domains have other names.</summary>
    public const string FaceSearch = "FRS";

    /// <summary>Writes a submission.</summary>
    /// <param name="header">The Type-1 record; a <see cref="TransactionBuilder"/> without records.</param>
    /// <param name="face">The face.</param>
    /// <param name="descriptiveFields">Number and text of the domain's fields of Type-2, from 3 on; none leaves only LEN and IDC.</param>
    /// <returns>The file, in the one copy that is made; it holds the probe, and the caller clears it.</returns>
    /// <exception cref="ArgumentException">A value cannot be written, or the header has records.</exception>
    public static byte[] Write(
        TransactionBuilder header, FaceRecordContent face, IEnumerable<KeyValuePair<int, string>>? descriptiveFields = null)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(face);
        if (header.Records.Count > 0)
            throw new ArgumentException("the header has records of its own", nameof(header));
        var text = new RecordBuilder(2, idc: 0);
        foreach (var (number, value) in descriptiveFields ?? [])
            text.Add(number, value);
        return header.Add(text).Add(face.ToRecord(idc: 1)).ToBytes();
    }
}
