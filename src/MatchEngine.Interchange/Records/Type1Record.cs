using MatchEngine.Interchange.Fields;

namespace MatchEngine.Interchange.Records;

/// <summary>The transaction information record (clause 8.1): the first of every transaction. Its text is 7-bit ASCII.</summary>
public sealed class Type1Record : TaggedRecord
{
    internal Type1Record(ReadOnlyMemory<byte> bytes, IReadOnlyList<Field> fields) : base(1, bytes, fields) { }

    /// <summary>1.002 VER: the version of the standard, e.g. <c>0502</c> for the Update 2015.</summary>
    public string? Version => Text(2);

    /// <summary>
    /// 1.003 CNT: the other records that the transaction announces, in their order, without the first subfield's count.
    /// An entry that is no number is −1.
    /// </summary>
    public IReadOnlyList<ContentEntry> Content =>
        [.. Subfields(3).Skip(1).Select(entry =>
            new ContentEntry(Numbers.Integer(entry.Items[0]) ?? -1, entry.Items.Count > 1 ? Numbers.Integer(entry.Items[1]) ?? -1 : -1))];

    /// <summary>The number of other records that CNT's first subfield announces (CRC); null when it is no number.</summary>
    public int? ContentCount => Subfields(3) is [{ Items.Count: > 1 } first, ..] ? Numbers.Integer(first.Items[1]) : null;

    /// <summary>1.004 TOT: the type of transaction, defined by each domain, e.g. <c>FRS</c>.</summary>
    public string? TransactionType => Text(4);

    /// <summary>1.005 DAT: the local date of the transaction.</summary>
    public DateOnly? TransactionDate => Date(5);

    /// <summary>1.006 PRY: the priority, 1 (most urgent) … 9.</summary>
    public int? Priority => Integer(6);

    /// <summary>1.007 DAI: the agency that is to receive it.</summary>
    public string? DestinationAgency => Text(7);

    /// <summary>1.008 ORI: the agency that sends it.</summary>
    public string? OriginatingAgency => Text(8);

    /// <summary>1.009 TCN: the sender's number for this transaction.</summary>
    public string? ControlNumber => Text(9);

    /// <summary>1.010 TCR: in an answer, the TCN of what is answered.</summary>
    public string? ControlReference => Text(10);

    /// <summary>1.011 NSR: scanning resolution of Type-4 images in pixels per millimetre; <c>00.00</c> without such.</summary>
    public string? NativeScanningResolution => Text(11);

    /// <summary>1.012 NTR: nominal resolution of Type-4 images; <c>00.00</c> without such.</summary>
    public string? NominalResolution => Text(12);

    /// <summary>1.013 DOM: the domain whose rules for Type-2 hold; its name is the first item, its version the second.</summary>
    public Subfield? Domain => Subfields(13) is [var domain, ..] ? domain : null;

    /// <summary>1.014 GMT: the time of the transaction.</summary>
    public DateTimeOffset? Time => Numbers.Utc(Text(14));

    /// <summary>1.015 DCS: the encoding of text in the other records.</summary>
    public CharacterEncoding Encoding => FieldText.FromIndex(Subfields(15) is [var set, ..] ? Numbers.Integer(set.Items[0]) ?? -1 : null);

    /// <summary>1.016 APS: profiles that the transaction follows (organisation, name, version).</summary>
    public IReadOnlyList<Subfield> ApplicationProfiles => Subfields(16);

    /// <summary>1.017 ANM: names of the destination (DAN) and originating (OAN) agencies.</summary>
    public Subfield? AgencyNames => Subfields(17) is [var names, ..] ? names : null;

    /// <summary>1.018 GNS: the set of geographic names, ISO or GENC.</summary>
    public string? GeographicNameSet => Text(18);
}

/// <summary>An entry of 1.003 CNT.</summary>
/// <param name="RecordType">REC: the record's type; −1 where it is no number.</param>
/// <param name="Idc">The record's IDC; −1 where it is no number.</param>
public readonly record struct ContentEntry(int RecordType, int Idc);
