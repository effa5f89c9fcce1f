using System.Text;
using MatchEngine.Interchange.Records;

namespace MatchEngine.Interchange.Tests;

public sealed class TransactionTests
{
    [Theory]
    [MemberData(nameof(Samples.Files), MemberType = typeof(Samples))]
    public void Every_file_comes_back_byte_for_byte(string file)
    {
        var bytes = Samples.Bytes(file);
        Assert.True(Transaction.IsTransaction(bytes));
        var transaction = Transaction.Read(bytes);
        Assert.Equal(bytes.Length, transaction.Length);
        Assert.Equal(bytes, transaction.ToBytes());
        Assert.True(transaction.Trailing.IsEmpty);
        Assert.Empty(transaction.ReadingFindings);
    }

    // Types, lengths and IDCs as a few lines of Python gave them that know LEN and nothing else.
    [Theory]
    [InlineData(Samples.Sap10, "1:174: 2:57:0 10:350065:1")]
    [InlineData(Samples.Tattoo, "1:185: 2:57:0 10:12373:1 10:8016:2")]
    [InlineData(Samples.Mixed, "1:201: 2:57:0 9:3822:1 10:350065:2 14:614557:1")]
    [InlineData(Samples.Node, "1:198: 2:64:0 10:4025:1")]
    [InlineData(Samples.Minutiae, "1:134: 9:3854:0")]
    public void Records_are_cut_where_their_lengths_say(string file, string records) =>
        Assert.Equal(
            records, string.Join(' ', Samples.Read(file).Records.Select(record => $"{record.Type}:{record.Bytes.Length}:{record.Idc}")));

    [Fact]
    public void Nists_face_is_read_as_its_fields_say()
    {
        var transaction = Samples.Read(Samples.Sap10);
        var header = transaction.Header;
        Assert.Equal(
            ("0400", "AMN", "DAI000000", "MDNISTIMG", "jck sap10"),
            (header.Version, header.TransactionType, header.DestinationAgency, header.OriginatingAgency, header.ControlNumber));
        Assert.Equal(new DateOnly(2009, 10, 29), header.TransactionDate);
        Assert.Equal(new DateTimeOffset(2009, 10, 9, 19, 0, 0, TimeSpan.Zero), header.Time);
        Assert.Equal(("NORAM", null), (header.Domain!["DNM"], header.Domain["DVN"]));
        Assert.Equal([new ContentEntry(2, 0), new ContentEntry(10, 1)], header.Content);
        Assert.Equal(2, header.ContentCount);
        Assert.Equal("domain defined text place holder", Assert.Single(transaction.DescriptiveText).Text(3));
        var face = Assert.Single(transaction.Images);
        Assert.True(face.IsFace);
        Assert.Equal((1181, 1575, 0, 1, 1, "JPEGB", "SRGB", 10),
            (face.Width, face.Height, face.ScaleUnits, face.HorizontalScale, face.VerticalScale, face.Compression,
                face.ColorSpace, face.AcquisitionProfile));
        Assert.Equal(new DateOnly(2009, 10, 29), face.PhotoDate);
        Assert.Equal(349_902, face.Data.Length);
        Assert.True(face.Data.Span is [0xFF, 0xD8, 0xFF, 0xEE, .., 0xFF, 0xD9]);
    }

    [Fact]
    public void Fields_of_a_text_file_are_those_of_a_plain_split()
    {
        // A second implementation for files without binary data: split at FS, then at GS, then at the first colon.
        var bytes = Samples.Bytes(Samples.Minutiae);
        var expected = Encoding.Latin1.GetString(bytes).Split((char)0x1C)[..^1].SelectMany(record => record.Split((char)0x1D))
            .Select(field => field.Split(':', 2)).ToList();
        var fields = Transaction.Read(bytes).Records.Cast<TaggedRecord>().SelectMany(record => record.Fields).ToList();
        Assert.Equal(20, expected.Count);
        Assert.Equal(expected.Select(field => (field[0], field[1])), fields.Select(field => (field.Tag, field.Text)));
        Assert.Equal(
            expected.Select(field => field[1].Split((char)0x1E).Select(subfield => subfield.Split((char)0x1F))),
            fields.Select(field => field.Subfields.Select(subfield => subfield.Items)));
    }

    [Fact]
    public void Records_refer_to_the_callers_buffer_so_that_clearing_it_clears_them()
    {
        var bytes = Samples.Bytes(Samples.Node);
        var face = Transaction.Read(bytes).Images.Single();
        bytes.AsSpan().Clear();
        Assert.Equal(-1, face.Data.Span.IndexOfAnyExcept((byte)0));
        Assert.Equal(-1, face.Bytes.Span.IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData(""), InlineData("1"), InlineData("1.001"), InlineData("1.001:"), InlineData("1.001:x"), InlineData("2.001:57|"),
        InlineData("{\"a\":1}"), InlineData("\u00FF\u00D8\u00FF\u00E0")]
    public void What_does_not_begin_with_a_length_of_type_1_is_refused(string text)
    {
        var bytes = Samples.Text(text);
        Assert.False(Transaction.IsTransaction(bytes));
        Assert.Equal(InterchangeFault.NotAnsiNist, Assert.Throws<InterchangeException>(() => Transaction.Read(bytes)).Fault);
    }
}
