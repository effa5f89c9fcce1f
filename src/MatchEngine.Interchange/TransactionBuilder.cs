using System.Globalization;
using System.Text;
using MatchEngine.Interchange.Fields;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange;

/// <summary>
/// A transaction that is to be written: its Type-1 record is made from the properties and from the records that were added.
/// </summary>
public sealed class TransactionBuilder
{
    /// <summary>The version that is written, ANSI/NIST-ITL 1-2011 Update 2015.</summary>
    public const string Version = "0502";

    private readonly List<RecordBuilder> _records = [];

    /// <summary>1.004 TOT, 1 … 16 characters.</summary>
    public required string TransactionType { get; init; }

    /// <summary>1.005 DAT and 1.014 GMT: the time of the transaction; the date is the local one of its offset.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>1.007 DAI.</summary>
    public required string DestinationAgency { get; init; }

    /// <summary>1.008 ORI.</summary>
    public required string OriginatingAgency { get; init; }

    /// <summary>1.009 TCN, 1 … 48 characters.</summary>
    public required string ControlNumber { get; init; }

    /// <summary>1.010 TCR: in an answer, the TCN of what is answered; null writes none.</summary>
    public string? ControlReference { get; init; }

    /// <summary>1.006 PRY, 1 (most urgent) … 9; null writes none.</summary>
    public int? Priority { get; init; }

    /// <summary>1.013 DOM: name of the domain that defines the Type-2 fields; null writes none.</summary>
    public string? DomainName { get; init; }

    /// <summary>1.013 DOM: its version; null writes none.</summary>
    public string? DomainVersion { get; init; }

    /// <summary>
    /// 1.011 NSR and 1.012 NTR: scanning resolution of Type-4 records in pixels per millimetre, <c>dd.dd</c>;
    /// <c>00.00</c> without such records.
    /// </summary>
    public string Resolution { get; init; } = "00.00";

    /// <summary>The records after the Type-1, in their order.</summary>
    public IReadOnlyList<RecordBuilder> Records => _records;

    /// <summary>Adds a record, at most 999.</summary>
    /// <returns>This transaction.</returns>
    /// <exception cref="ArgumentException">There are 999 records.</exception>
    public TransactionBuilder Add(RecordBuilder record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (_records.Count == 999)
            throw new ArgumentException("a transaction has at most 999 records beside the Type-1 (clause 8.1.3)", nameof(record));
        _records.Add(record);
        return this;
    }

    /// <summary>
    /// Writes the transaction into one array, which is the only copy that is made; the caller clears it when it held a probe.
    /// </summary>
    /// <exception cref="ArgumentException">A value of the Type-1 record is too long or not ASCII.</exception>
    public byte[] ToBytes()
    {
        var header = Header();
        var length = RecordBuilder.TaggedLength(1, header);
        foreach (var record in _records)
            length = checked(length + record.Length);
        // Pinned: the garbage collector leaves no second copy behind when it compacts.
        var bytes = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        var at = RecordBuilder.WriteTagged(1, header, bytes);
        foreach (var record in _records)
            at += record.WriteTo(bytes.AsSpan(at));
        return bytes;
    }

    private List<(int, ReadOnlyMemory<byte>)> Header()
    {
        var fields = new List<(int, ReadOnlyMemory<byte>)>();
        Put(2, Version);
        PutAll(3, [["1", Number(_records.Count)], .. _records.Select(
            record => new[] { Number(record.Type), record.Idc.ToString("00", CultureInfo.InvariantCulture) })]);
        Put(4, Sized(TransactionType, 1, 16, nameof(TransactionType)));
        Put(5, Numbers.Date(DateOnly.FromDateTime(Time.DateTime)));
        if (Priority is { } priority)
            Put(6, priority is >= 1 and <= 9
                ? Number(priority)
                : throw new ArgumentException($"a priority of {priority} is not within 1 … 9 (clause 8.1.6)"));
        Put(7, Sized(DestinationAgency, 1, int.MaxValue, nameof(DestinationAgency)));
        Put(8, Sized(OriginatingAgency, 1, int.MaxValue, nameof(OriginatingAgency)));
        Put(9, Sized(ControlNumber, 1, 48, nameof(ControlNumber)));
        if (ControlReference is not null)
            Put(10, Sized(ControlReference, 1, 48, nameof(ControlReference)));
        Put(11, Sized(Resolution, 5, 5, nameof(Resolution)));
        Put(12, Resolution);
        if (DomainName is not null)
            PutAll(13, [DomainVersion is null ? [DomainName] : [DomainName, DomainVersion]]);
        Put(14, Numbers.Utc(Time));
        if (_records.Any(record => record.HasNonAscii))
            PutAll(15, [["003", "UTF-8"]]);
        return fields;

        void Put(int number, string text) => PutAll(number, [[text]]);

        void PutAll(int number, IEnumerable<IEnumerable<string>> subfields)
        {
            var value = RecordBuilder.Join(subfields);
            if (!Ascii.IsValid(value))
                throw new ArgumentException($"1.{number:000} may hold 7-bit ASCII only (clause 8.1)");
            fields.Add((number, value));
        }
    }

    private static string Sized(string text, int least, int most, string name)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        return text.Length >= least && text.Length <= most
            ? text
            : throw new ArgumentException($"{name} has {text.Length} characters, not {least} … {most}", name);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
