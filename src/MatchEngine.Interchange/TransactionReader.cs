using System.Buffers.Binary;
using MatchEngine.Interchange.Fields;
using MatchEngine.Interchange.Records;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange;

/// <summary>
/// Cuts a file into records and fields (clause B.1.5). It goes on wherever it can, says what it stumbled over, and keeps every byte: the
/// records and the trailing bytes, put together again, are the file.
/// </summary>
internal sealed class TransactionReader
{
    // The standard allows 999 records beside the Type-1 (clause 8.1.3); what comes after them is kept as trailing bytes.
    private const int MostRecords = 1000;

    private const int MostWhiteSpace = 16;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly ReadOnlyMemory<byte> _file;
    private readonly FindingList _findings = new();
    private readonly List<Record> _records = [];
    private IReadOnlyList<ContentEntry> _content = [];
    private CharacterEncoding _encoding;

    private TransactionReader(ReadOnlyMemory<byte> file) => _file = file;

    /// <summary>Whether the bytes begin as a Type-1 record does: with its length field.</summary>
    public static bool LooksLikeTransaction(ReadOnlySpan<byte> bytes) =>
        TryTag(bytes = bytes[LeadingBytes(bytes)..], out var type, out var number, out var length) && type == 1
            && number == 1 && length < bytes.Length
            && char.IsAsciiDigit((char)bytes[length]);

    public static Transaction Read(ReadOnlyMemory<byte> file)
    {
        if (!LooksLikeTransaction(file.Span))
            throw new InterchangeException(InterchangeFault.NotAnsiNist, file.IsEmpty
                ? "the file is empty"
                : "the file is no ANSI/NIST-ITL file in the traditional encoding: it does not begin with field 1.001");
        var leading = LeadingBytes(file.Span);
        var reader = new TransactionReader(file[leading..]);
        if (leading > 0)
            reader._findings.Add(
                0, "", Severity.Warning,
                file.Span[0] == ByteOrderMark[0]
                    ? "a byte order mark of UTF-8 stands before the first record"
                    : $"{leading} bytes of white space stand before the first record",
                "a transaction begins with field 1.001", "B.1.5");
        var trailing = reader.ReadRecords();
        return new Transaction(file[..leading], reader._records, trailing, reader._findings.ToList());
    }

    /// <summary>Bytes that editors and transfers put before a file.</summary>
    private static int LeadingBytes(ReadOnlySpan<byte> bytes)
    {
        var mark = bytes.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        var at = mark;
        while (at < bytes.Length && at - mark < MostWhiteSpace && bytes[at] is (byte)'\r' or (byte)'\n' or (byte)' ')
            at++;
        return at;
    }

    private ReadOnlyMemory<byte> ReadRecords()
    {
        var at = 0;
        while (at < _file.Length && _records.Count < MostRecords)
        {
            var rest = _file.Span[at..];
            Record? record;
            if (TryTag(rest, out var type, out var number, out _) && type is >= 1 and <= 99)
                record = ReadTagged(at, type, number);
            else if (ExpectedType(_records.Count) is >= 3 and <= 8 and var binary)
                record = ReadBinary(at, binary);
            else
                record = null;
            if (record is null)
                break;
            _records.Add(record);
            at += record.Bytes.Length;
            if (_records.Count == 1 && record is Type1Record header)
                (_content, _encoding) = (header.Content, header.Encoding);
        }
        var trailing = _file[at..];
        if (!trailing.IsEmpty)
            ReportTrailing(trailing.Span);
        return trailing;
    }

    private void ReportTrailing(ReadOnlySpan<byte> trailing)
    {
        var padding = trailing.IndexOfAnyExcept("\0\r\n \u001A"u8) < 0;
        _findings.Add(0, "", padding ? Severity.Note : Severity.Error,
            _records.Count == MostRecords ? $"{trailing.Length} bytes follow the {MostRecords}th record and were not read"
            : padding ? $"{trailing.Length} bytes of padding follow the last record"
            : $"{trailing.Length} bytes at offset {_file.Length - trailing.Length} belong to no record that can be recognised",
            "a transaction ends with the FS of its last record, and has at most 999 records beside the Type-1", "B.1.5");
    }

    /// <summary>The type that CNT announces for the record at this place, or 0.</summary>
    private int ExpectedType(int place) => place >= 1 && place - 1 < _content.Count ? _content[place - 1].RecordType : 0;

    private BinaryRecord? ReadBinary(int at, int type)
    {
        var rest = _file[at..];
        var place = _records.Count + 1;
        var length = rest.Length >= 4 ? BinaryPrimitives.ReadUInt32BigEndian(rest.Span) : 0;
        // Some write it the other way round. Who is right shows where the record would end.
        if (rest.Length >= 5 && !EndsBeforeRecord(rest.Span, length)
            && BinaryPrimitives.ReadUInt32LittleEndian(rest.Span) is var reversed && EndsBeforeRecord(rest.Span, reversed))
        {
            _findings.Add(
                place, $"{type}", Severity.Error, $"the length of the Type-{type} record is little-endian",
                "four bytes, big-endian, that count the whole record", "B.1.5");
            length = reversed;
        }
        if (length < 5)
        {
            // Without a length there is no telling where the record ends; the bytes stay as trailing ones.
            _findings.Add(
                place, $"{type}", Severity.Error, $"the length of the Type-{type} record is {length}",
                "four bytes, big-endian, that count the whole record", "B.1.5");
            return null;
        }
        if (length > rest.Length)
            _findings.Add(
                place, $"{type}", Severity.Error, $"the Type-{type} record says {length} bytes, and the file has {rest.Length} more",
                "the file holds each record whole", "B.1.5");
        return new BinaryRecord(type, rest[..(int)Math.Min(length, rest.Length)]);
    }

    /// <summary>Whether a binary record of this length would end with the file, or before something that can be a record.</summary>
    private bool EndsBeforeRecord(ReadOnlySpan<byte> rest, uint length) => length >= 5 && length <= rest.Length
        && (length == rest.Length || LooksLikeStart(rest[(int)length..])
            || (ExpectedType(_records.Count + 1) is >= 3 and <= 8 && length + 4 < rest.Length));

    private TaggedRecord ReadTagged(int at, int type, int firstNumber)
    {
        var place = _records.Count + 1;
        var bytes = _file.Slice(at, FindLength(at, type, firstNumber, place));
        var fields = ReadFields(bytes, type, place);
        return type switch
        {
            1 => new Type1Record(bytes, fields),
            2 => new Type2Record(bytes, fields),
            10 => new Type10Record(bytes, fields),
            _ => new TaggedRecord(type, bytes, fields),
        };
    }

    /// <summary>The record's length: what LEN says if a record can end there, else where the next FS shows an end.</summary>
    private int FindLength(int at, int type, int firstNumber, int place)
    {
        var rest = _file.Span[at..];
        var tag = $"{type}.001";
        if (firstNumber != 1)
        {
            var found = ScanForEnd(rest, type);
            _findings.Add(
                place, tag, Severity.Error, $"the record begins with field {type}.{firstNumber:000}",
                "LEN is the first field of every record", "B.1.5");
            return found;
        }
        TryTag(rest, out _, out _, out var start);
        var stated = Digits(rest[start..], out var digits);
        var next = start + digits;
        if (digits > 0 && next < rest.Length && rest[next] is Separator.Group or Separator.File && stated > next && stated <= rest.Length)
        {
            var length = (int)stated;
            if (rest[length - 1] == Separator.File)
                return length;
            if (length == rest.Length || LooksLikeStart(rest[length..]))
            {
                _findings.Add(
                    place, tag, Severity.Error, "the record does not end with FS",
                    "the last byte of a record is FS, and LEN counts it", "B.1.5");
                return length;
            }
        }
        var scanned = ScanForEnd(rest, type);
        _findings.Add(place, tag, Severity.Error, digits == 0
                ? $"LEN is no number; the record has {scanned} bytes by its separators"
                : stated > rest.Length
                    ? $"LEN says {stated} bytes and the file has {rest.Length} more: it is cut short, or LEN is wrong; "
                        + $"{scanned} bytes were taken"
                    : $"LEN says {stated} bytes, where no record ends; {scanned} bytes were taken by the separators",
            "LEN counts every byte of the record, its own digits and the final FS included", "B.1.5");
        return scanned;
    }

    /// <summary>
    /// Where a record ends whose length is unusable: at an FS before the end of the file or before another record;
    /// for records of text at the first FS.
    /// </summary>
    private int ScanForEnd(ReadOnlySpan<byte> rest, int type)
    {
        var textOnly = type is 1 or 2 or 9 || ExpectedType(_records.Count + 1) is >= 3 and <= 8;
        for (var at = 0; at < rest.Length;)
        {
            var found = rest[at..].IndexOf(Separator.File);
            if (found < 0)
                return rest.Length;
            at += found + 1;
            if (textOnly || at == rest.Length || LooksLikeStart(rest[at..]))
                return at;
        }
        return rest.Length;
    }

    private static bool LooksLikeStart(ReadOnlySpan<byte> bytes) =>
        TryTag(bytes, out var type, out var number, out var length) && type is >= 1 and <= 99 && number == 1 && length < bytes.Length
            && char.IsAsciiDigit((char)bytes[length]);

    private List<Field> ReadFields(ReadOnlyMemory<byte> record, int type, int place)
    {
        var fields = new List<Field>();
        var (illegible, foreign, stray) = (0, 0, 0);
        var span = record.Span;
        var end = span[^1] == Separator.File ? span.Length - 1 : span.Length;
        for (var at = 0; at < end;)
        {
            if (!TryTag(span[at..end], out var tagType, out var number, out var tagLength))
            {
                illegible++;
                var skip = span[at..end].IndexOfAny(Separator.Group, Separator.File);
                at = skip < 0 ? end : at + skip + 1;
                continue;
            }
            if (tagType != type)
                foreign++;
            var start = at + tagLength;
            // Data may hold any byte, so they reach to the end of the record and are never searched for separators.
            var length = FieldDefinitions.HoldsData(tagType, number) && tagType == type
                ? -1
                : span[start..end].IndexOfAny(Separator.Group, Separator.File);
            var stop = length < 0 ? end : start + length;
            if (stop < end && span[stop] == Separator.File)
                stray++;
            fields.Add(new Field(tagType, number, record[start..stop], type == 1 ? CharacterEncoding.Ascii : _encoding));
            at = stop + 1;
        }
        if (illegible > 0)
            _findings.Add(
                place, $"{type}", Severity.Error, $"{Count(illegible, "field")} without a legible tag",
                "each field begins with type.number:", "B.1.5");
        if (foreign > 0)
            _findings.Add(
                place, $"{type}", Severity.Error, $"{Count(foreign, "field")} with the tag of another record type",
                $"the fields of a Type-{type} record begin with {type}.", "B.1.5");
        if (stray > 0)
            _findings.Add(
                place, $"{type}", Severity.Error, $"FS stands {stray} times before the record's end",
                "FS only ends a record; GS stands between fields", "B.1.5");
        return fields;
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{count} {what}s";

    /// <summary>
    /// Reads a tag: one or two digits, a point, one to four digits, a colon. Leading zeros of the number do not count:
    /// older files write 1.01 for 1.001.
    /// </summary>
    private static bool TryTag(ReadOnlySpan<byte> bytes, out int type, out int number, out int length)
    {
        (number, length) = (0, 0);
        type = (int)Digits(bytes[..Math.Min(2, bytes.Length)], out var typeDigits);
        if (typeDigits == 0 || typeDigits >= bytes.Length || bytes[typeDigits] != '.')
            return false;
        var rest = bytes[(typeDigits + 1)..];
        number = (int)Digits(rest[..Math.Min(4, rest.Length)], out var numberDigits);
        if (numberDigits == 0 || numberDigits >= rest.Length || rest[numberDigits] != ':')
            return false;
        length = typeDigits + 1 + numberDigits + 1;
        return true;
    }

    /// <summary>The number that the leading digits make, at most twelve of them.</summary>
    private static long Digits(ReadOnlySpan<byte> bytes, out int count)
    {
        var value = 0L;
        for (count = 0; count < bytes.Length && count < 12 && char.IsAsciiDigit((char)bytes[count]); count++)
            value = value * 10 + (bytes[count] - '0');
        return value;
    }
}
