using System.Security.Cryptography;
using System.Text;
using System.Xml;
using MatchEngine.Interchange.Fields;
using MatchEngine.Interchange.Records;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange.FaceRecords;

/// <summary>
/// Reads transactions of ANSI/NIST-ITL in XML (the NIEM-conformant encoding, Annex C) by writing them in the traditional one: what is
/// searched, shown and checked is the same. Of Type-1 and Type-10 the fields of <see cref="XmlFields"/> are taken; names of namespaces,
/// which differ from version to version, are not looked at. Other records are named and left out.
/// </summary>
internal sealed class XmlTransactionReader
{
    /// <summary>The local name of the root.</summary>
    public const string Root = "NISTBiometricInformationExchangePackage";

    private const int MostRecords = 1000, MostText = 10_000, MostDepth = 64;

    private readonly XmlReader _reader;
    private readonly byte[] _decoded;
    private readonly FindingList _findings = new();
    private readonly List<(int Type, SortedDictionary<int, ReadOnlyMemory<byte>> Fields)> _records = [];
    private readonly List<string> _path = [];
    private int _used;
    private int _leftOut;

    private XmlTransactionReader(XmlReader reader, byte[] decoded) => (_reader, _decoded) = (reader, decoded);

    /// <summary>Writes a transaction in the traditional encoding.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="findings">What was passed over.</param>
    /// <returns>The transaction, in pinned memory that the caller clears.</returns>
    /// <exception cref="InterchangeException">The XML is damaged or cut short.</exception>
    public static byte[] ToTraditional(ReadOnlyMemory<byte> bytes, out IReadOnlyList<Finding> findings)
    {
        // Four characters of base64 are three bytes.
        var decoded = GC.AllocateArray<byte>(bytes.Length / 4 * 3 + 4, pinned: true);
        try
        {
            using var xml = XmlRoot.Open(bytes);
            var reader = new XmlTransactionReader(xml, decoded);
            reader.ReadRecords();
            findings = reader._findings.ToList();
            return reader.Write();
        }
        catch (Exception error) when (error is XmlException or FormatException)
        {
            throw new InterchangeException(
                InterchangeFault.NotAnsiNist,
                "the file is ANSI/NIST-ITL in XML and is damaged or cut short"
                    + (error is XmlException { LineNumber: > 0 } at ? $" in line {at.LineNumber}" : ""));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decoded);
        }
    }

    private void ReadRecords()
    {
        _reader.MoveToContent();
        var more = _reader.Read();
        while (more && _reader.NodeType != XmlNodeType.EndElement)
        {
            if (_reader.NodeType != XmlNodeType.Element)
                more = _reader.Read();
            else if (XmlFields.TypeOf(_reader.LocalName) is { } type && _records.Count < MostRecords)
                more = ReadRecord(type);
            else
            {
                _leftOut++;
                _reader.Skip();
                more = !_reader.EOF;
            }
        }
        if (_leftOut > 0)
            _findings.Add(
                0, "", Severity.Note, $"{_leftOut} records are of types that are not read from XML",
                "Type-1 and Type-10 are read", "Annex C");
        _findings.Add(
            0, "", Severity.Note,
            "the transaction is encoded in XML; fields are told by the numbers of the traditional encoding", "either one",
            "Annex C");
    }

    /// <summary>Reads a record; the reader ends behind it.</summary>
    private bool ReadRecord(int type)
    {
        var fields = new SortedDictionary<int, ReadOnlyMemory<byte>>();
        var depth = _reader.Depth;
        _path.Clear();
        var isEmpty = _reader.IsEmptyElement;
        var more = _reader.Read();
        while (more && !isEmpty && _reader.Depth > depth)
        {
            switch (_reader.NodeType)
            {
                case XmlNodeType.Element when _reader.LocalName == XmlFields.Data && FieldDefinitions.HoldsData(type, 999):
                    more = ReadData(fields);
                    continue;
                case XmlNodeType.Element when _reader.Depth - depth > MostDepth:
                    throw new XmlException("elements lie too deep");
                case XmlNodeType.Element:
                    _path.RemoveRange(
                        Math.Min(_path.Count, _reader.Depth - depth - 1), Math.Max(0, _path.Count - (_reader.Depth - depth - 1)));
                    _path.Add(_reader.LocalName);
                    if (type == 10 && _reader.LocalName == XmlFields.FaceImage)
                        fields.TryAdd(3, "FACE"u8.ToArray());
                    break;
                case XmlNodeType.Text when XmlFields.NumberOf(type, _path, _reader.Depth - depth - 1) is { } number:
                    Take(fields, type, number, _reader.Value);
                    break;
            }
            more = _reader.Read();
        }
        _records.Add((type, fields));
        return isEmpty ? more : _reader.Read();
    }

    private bool ReadData(SortedDictionary<int, ReadOnlyMemory<byte>> fields)
    {
        var length = XmlRoot.ReadBase64(_reader, _decoded, _used);
        if (length is > 0 && fields.TryAdd(999, _decoded.AsMemory(_used, length.Value)))
            _used += length.Value;
        return !_reader.EOF;
    }

    private static void Take(SortedDictionary<int, ReadOnlyMemory<byte>> fields, int type, int number, string value)
    {
        value = value[..Math.Min(value.Length, MostText)];
        value = string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var text = new StringBuilder();
        foreach (var c in XmlFields.ToTraditional(type, number, value))
            text.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        var bytes = FieldText.Encode(text.ToString());
        if (type == 1 && number is XmlFields.MinorVersion && fields.TryGetValue(2, out var major))
            fields[2] = (byte[])[.. major.Span, .. bytes];
        else if (type == 1 && number == XmlFields.MinorVersion)
            fields[2] = bytes;
        else if (number is XmlFields.ContentType or XmlFields.ContentIdc)
            // Subfields of 1.003, by and by: type, then IDC.
            fields[3] = (byte[])[
                .. fields.GetValueOrDefault(3).Span, number == XmlFields.ContentType ? Separator.Record : Separator.Unit, .. bytes];
        else
            fields.TryAdd(number, bytes);
    }

    private byte[] Write()
    {
        var header = _records.FirstOrDefault(record => record.Type == 1).Fields ?? [];
        var images = _records.Where(record => record.Type != 1).ToList();
        Content(header);
        if (images.Any(image => image.Fields.Any(field => field.Key != 999 && !Ascii.IsValid(field.Value.Span))))
            header[15] = (byte[])[.. "003"u8, Separator.Unit, .. "UTF-8"u8];
        var records = images.Prepend((Type: 1, Fields: header)).Select(record => (
            record.Type,
            Fields: (IReadOnlyList<(int Number, ReadOnlyMemory<byte> Value)>)[.. record.Fields.Select(field => (field.Key, field.Value))]))
            .ToList();
        var written = GC.AllocateUninitializedArray<byte>(
            records.Sum(record => RecordBuilder.TaggedLength(record.Type, record.Fields)), pinned: true);
        var at = 0;
        foreach (var (type, fields) in records)
            at += RecordBuilder.WriteTagged(type, fields, written.AsSpan(at));
        return written;
    }

    /// <summary>What the file says of its records becomes 1.003; where it says nothing, there is none, and the check finds that.</summary>
    private static void Content(SortedDictionary<int, ReadOnlyMemory<byte>> header)
    {
        if (!header.TryGetValue(3, out var content))
            return;
        var count = content.Span.Count(Separator.Record);
        header[3] = (byte[])[
            (byte)'1', Separator.Unit, .. Encoding.ASCII.GetBytes(count.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            .. content.Span];
    }
}
