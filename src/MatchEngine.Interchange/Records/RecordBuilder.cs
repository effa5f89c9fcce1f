using System.Globalization;
using System.Text;
using MatchEngine.Interchange.Fields;

namespace MatchEngine.Interchange.Records;

/// <summary>
/// A record that is to be written: a tagged one from its fields, or one that was read and goes out as it came. Text is UTF-8, of which
/// ASCII is a part; image data are not copied before <see cref="TransactionBuilder.ToBytes"/>.
/// </summary>
public sealed class RecordBuilder
{
    private readonly List<(int Number, ReadOnlyMemory<byte> Value)> _fields = [];
    private readonly ReadOnlyMemory<byte> _verbatim;

    /// <summary>A tagged record; LEN and IDC are written by themselves.</summary>
    /// <param name="type">2, or 9 … 99. The Type-1 record is <see cref="TransactionBuilder"/>'s, and types 3 … 8 are binary.</param>
    /// <param name="idc">The information designation character, 0 … 99 (clause 7.3.1).</param>
    public RecordBuilder(int type, int idc)
    {
        if (type is not (2 or (>= 9 and <= 99)))
            throw new ArgumentOutOfRangeException(nameof(type), type, "a tagged record of type 2 or 9 … 99 is built here");
        ArgumentOutOfRangeException.ThrowIfNegative(idc);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(idc, 99);
        (Type, Idc) = (type, idc);
        // Two digits, as NIST's own reference files and FBI's EBTS have them; readers take one as well.
        Add(2, idc.ToString("00", CultureInfo.InvariantCulture));
    }

    private RecordBuilder(Record record)
    {
        (Type, Idc, _verbatim) = (record.Type, record.Idc ?? 0, record.Bytes);
        // Text of an old 8-bit set is left to itself: naming UTF-8 for it would be wrong.
        HasNonAscii = record is TaggedRecord tagged
            && tagged.Fields.Any(
                field => !field.IsData && !Ascii.IsValid(field.Value.Span) && System.Text.Unicode.Utf8.IsValid(field.Value.Span));
    }

    /// <summary>The type.</summary>
    public int Type { get; }

    /// <summary>The IDC.</summary>
    public int Idc { get; }

    /// <summary>Whether text goes beyond ASCII, so that 1.015 has to name UTF-8.</summary>
    internal bool HasNonAscii { get; private set; }

    /// <summary>A record that was read, to be written as it came, whatever its type.</summary>
    /// <exception cref="ArgumentException">It is a Type-1 record, which a new transaction has of its own.</exception>
    public static RecordBuilder From(Record record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return record.Type == 1
            ? throw new ArgumentException("a transaction has one Type-1 record, its own", nameof(record))
            : new RecordBuilder(record);
    }

    /// <summary>Adds a field of one item.</summary>
    /// <param name="number">The field's number, 2 … 999, once each. 10.999 takes <see cref="AddData"/>.</param>
    /// <param name="text">The text; no control characters.</param>
    /// <returns>This record.</returns>
    /// <exception cref="ArgumentException">The number is LEN's, out of range or was there before;
    /// or the text holds what it may not.</exception>
    public RecordBuilder Add(int number, string text) => Add(number, [[text]]);

    /// <summary>Adds a field of one number.</summary>
    /// <inheritdoc cref="Add(int, string)"/>
    public RecordBuilder Add(int number, int value) => Add(number, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>Adds a field of several subfields, each of several items.</summary>
    /// <inheritdoc cref="Add(int, string)"/>
    public RecordBuilder Add(int number, IEnumerable<IEnumerable<string>> subfields)
    {
        ArgumentNullException.ThrowIfNull(subfields);
        if (FieldDefinitions.HoldsData(Type, number))
            throw new ArgumentException($"{Type}.{number:000} takes data, not text", nameof(number));
        AddField(number, Join(subfields));
        return this;
    }

    /// <summary>Adds the data, field 999, which is written last. They are referred to, not copied.</summary>
    /// <returns>This record.</returns>
    /// <exception cref="ArgumentException">The type has no data, or they were added before.</exception>
    public RecordBuilder AddData(ReadOnlyMemory<byte> data)
    {
        if (!FieldDefinitions.HoldsData(Type, 999))
            throw new ArgumentException($"a Type-{Type} record has no binary data");
        AddField(999, data);
        return this;
    }

    internal static byte[] Join(IEnumerable<IEnumerable<string>> subfields)
    {
        var value = new List<byte>();
        var firstSubfield = true;
        foreach (var subfield in subfields)
        {
            if (!firstSubfield)
                value.Add(Separator.Record);
            firstSubfield = false;
            var firstItem = true;
            foreach (var item in subfield)
            {
                if (!firstItem)
                    value.Add(Separator.Unit);
                firstItem = false;
                value.AddRange(FieldText.Encode(item));
            }
        }
        return [.. value];
    }

    /// <summary>The bytes that the record will have.</summary>
    internal int Length => _verbatim.IsEmpty ? TaggedLength(Type, _fields) : _verbatim.Length;

    /// <summary>Writes the record.</summary>
    /// <returns>The bytes written.</returns>
    internal int WriteTo(Span<byte> destination)
    {
        if (_verbatim.IsEmpty)
            return WriteTagged(Type, _fields, destination);
        _verbatim.Span.CopyTo(destination);
        return _verbatim.Length;
    }

    internal static int TaggedLength(int type, IReadOnlyList<(int Number, ReadOnlyMemory<byte> Value)> fields)
    {
        // Each field has its tag, its value, and GS or FS after it.
        var others = fields.Sum(field => (long)Tag(type, field.Number).Length + field.Value.Length + 1);
        var bare = Tag(type, 1).Length + 1 + others;
        // LEN counts its own digits, and may need one more for having counted them.
        var digits = Digits(bare);
        if (Digits(bare + digits) > digits)
            digits++;
        return checked((int)(bare + digits));
    }

    internal static int WriteTagged(int type, IReadOnlyList<(int Number, ReadOnlyMemory<byte> Value)> fields, Span<byte> destination)
    {
        var length = TaggedLength(type, fields);
        var at = Put(destination, 0, Tag(type, 1) + length.ToString(CultureInfo.InvariantCulture));
        // Data last, the rest in the order of the numbers, which every reader copes with.
        foreach (var (number, value) in fields.OrderBy(field => field.Number))
        {
            destination[at++] = Separator.Group;
            at = Put(destination, at, Tag(type, number));
            value.Span.CopyTo(destination[at..]);
            at += value.Length;
        }
        destination[at++] = Separator.File;
        return at == length ? length : throw new InvalidOperationException($"a record of {length} bytes came out with {at}");
    }

    private void AddField(int number, ReadOnlyMemory<byte> value)
    {
        if (!_verbatim.IsEmpty)
            throw new ArgumentException("a record that was read is written as it came", nameof(number));
        if (number is < 2 or > 999)
            throw new ArgumentException($"there is no field {Type}.{number:000} to add; LEN is written by itself", nameof(number));
        if (_fields.Any(field => field.Number == number))
            throw new ArgumentException($"{Type}.{number:000} was added before", nameof(number));
        HasNonAscii |= !FieldDefinitions.HoldsData(Type, number) && !Ascii.IsValid(value.Span);
        _fields.Add((number, value));
    }

    private static string Tag(int type, int number) => string.Create(CultureInfo.InvariantCulture, $"{type}.{number:000}:");

    private static int Digits(long value) => value.ToString(CultureInfo.InvariantCulture).Length;

    private static int Put(Span<byte> destination, int at, string ascii) => at + Encoding.ASCII.GetBytes(ascii, destination[at..]);
}
