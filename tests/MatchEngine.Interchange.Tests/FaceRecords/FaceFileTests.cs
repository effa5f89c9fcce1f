using System.Text;
using MatchEngine.Interchange.FaceRecords;
using MatchEngine.Interchange.Validation;
using MatchEngine.Tests;

namespace MatchEngine.Interchange.Tests.FaceRecords;

public sealed class FaceFileTests
{
    public static TheoryData<string> Kinds => [.. Records.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_face_of_a_record_is_the_image_that_was_put_into_it(string kind)
    {
        var bytes = Records.Make(kind, Records.First);
        Assert.True(FaceFile.IsFaceFile(bytes));
        using var file = FaceFile.Read(bytes);
        var image = file.Take();
        Assert.Equal(Records.First, image.Data.ToArray());
        Assert.Equal((60, 80, "JPEGB"), (image.Width, image.Height, image.Compression));
        Assert.DoesNotContain(file.Findings, finding => finding.Severity == Severity.Error);
        Assert.Equal(kind.Contains("CBEFF", StringComparison.Ordinal), file.IsInCbeff);
        Assert.Equal(
            kind.Contains("CBEFF", StringComparison.Ordinal),
            file.Findings.Any(f => f.Problem.Contains("CBEFF", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_of_several_faces_is_named_by_its_number(string kind)
    {
        using var file = FaceFile.Read(Records.Make(kind, Records.First, Records.Second));
        Assert.Equal(InterchangeFault.SeveralFaces, Assert.Throws<InterchangeException>(() => file.Take()).Fault);
        Assert.Equal(Records.First, file.Take(1).Data.ToArray());
        Assert.Equal(Records.Second, file.Take(2).Data.ToArray());
        Assert.Equal(InterchangeFault.NoSuchRecord, Assert.Throws<InterchangeException>(() => file.Take(3)).Fault);
    }

    [Theory]
    [InlineData("19794 of 2005", FaceFileFormat.Iso19794), InlineData("19794 of 2011", FaceFileFormat.Iso19794)]
    [InlineData("39794", FaceFileFormat.Iso39794), InlineData("39794 in CBEFF", FaceFileFormat.Iso39794)]
    [InlineData("39794 in XML", FaceFileFormat.Iso39794Xml), InlineData("ANSI/NIST in XML", FaceFileFormat.AnsiNistXml)]
    public void The_format_is_told_by_the_beginning(string kind, FaceFileFormat format)
    {
        var bytes = Records.Make(kind, Records.First);
        Assert.Equal(format, FaceFile.FormatOf(bytes));
        Assert.StartsWith(format == FaceFileFormat.AnsiNistXml ? "ANSI/NIST" : "ISO/IEC", format.ToName(), StringComparison.Ordinal);
    }

    [Fact]
    public void Images_and_texts_are_no_such_files()
    {
        foreach (var other in (byte[][])[
            [], Records.First, "FACE"u8.ToArray(), "<svg/>"u8.ToArray(), "<"u8.ToArray(), "<?xml"u8.ToArray(), "e\u0003abc"u8.ToArray(),
            "u\u0003abc"u8.ToArray(), [0x65, 0x82, 1], [0x7F, 0x61, 0x83], "hello"u8.ToArray()])
        {
            Assert.False(FaceFile.IsFaceFile(other));
            Assert.Equal(InterchangeFault.NotAnsiNist, Assert.Throws<InterchangeException>(() => FaceFile.Read(other)).Fault);
        }
    }

    [Fact]
    public void A_19794_record_in_a_passports_data_group_is_unwrapped_and_that_is_said()
    {
        var bytes = Records.InCbeff(0x5F2E, Records.Of2005(Records.First));
        using var file = FaceFile.Read(bytes);
        Assert.True(file.IsInCbeff);
        Assert.Equal(FaceFileFormat.Iso19794, file.Format);
        Assert.Equal(Records.First, file.Take().Data.ToArray());
        // The group without the data group around it is one too.
        Assert.True(FaceFile.IsFaceFile(bytes.AsSpan(bytes.AsSpan().IndexOf((byte)0x7F))));
    }

    [Fact]
    public void A_record_whose_blocks_are_missing_gives_the_image_that_follows_with_findings()
    {
        using var file = FaceFile.Read((byte[])[.. "FAC\0010\0"u8, .. Records.First]);
        Assert.Equal(Records.First, file.Take().Data.ToArray());
        Assert.Contains(file.Findings, finding => finding.Severity == Severity.Error);
    }

    [Fact]
    public void A_wrong_length_and_a_wrong_number_of_points_are_findings()
    {
        var bytes = Records.Of2005(Records.First);
        bytes[11]++;
        bytes[14 + 5] = 7;
        using var file = FaceFile.Read(bytes);
        Assert.Equal(Records.First, file.Take().Data.ToArray());
        Assert.Contains(file.Findings, finding => finding.Problem.Contains("record says", StringComparison.Ordinal));
        Assert.Contains(file.Findings, finding => finding.Problem.Contains("feature points", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("FAC\0" + "010\0" + "nothing that is an image"), InlineData("FAC\0" + "030\0")]
    public void A_record_without_an_image_is_refused(string text) =>
        Assert.Equal(
            InterchangeFault.NoImage,
            Assert.Throws<InterchangeException>(() => FaceFile.Read(Encoding.Latin1.GetBytes(text))).Fault);

    [Theory]
    [InlineData("39794"), InlineData("39794 in XML"), InlineData("ANSI/NIST in XML")]
    public void Cut_anywhere_a_strict_encoding_is_refused(string kind)
    {
        var whole = Records.Make(kind, Records.First);
        for (var length = whole.Length - (kind == "39794" ? 1 : 30); length > 40; length -= Math.Max(1, whole.Length / 60))
            if (FaceFile.IsFaceFile(whole.AsSpan(0, length)))
                Assert.Throws<InterchangeException>(() => FaceFile.Read(whole.AsMemory(0, length)));
    }

    [Fact]
    public void Ber_of_indefinite_length_is_read_like_der()
    {
        var der = Records.Asn1(Records.First);
        // An indefinite length is 80, and two zeros end what it is of.
        var content = der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7F);
        using var file = FaceFile.Read((byte[])[der[0], 0x80, .. der[content..], 0, 0]);
        Assert.Equal(Records.First, file.Take().Data.ToArray());
    }

    [Fact]
    public void Xml_of_ansi_nist_becomes_the_fields_of_the_traditional_encoding()
    {
        using var file = FaceFile.Read(Records.NiemXml(Records.First, Records.Second));
        var transaction = file.Transaction!;
        Assert.Equal(
            ("0502", "FRS", "DEST", "ORIG", "T-1", 4),
            (transaction.Header.Version, transaction.Header.TransactionType, transaction.Header.DestinationAgency,
                transaction.Header.OriginatingAgency, transaction.Header.ControlNumber, transaction.Header.Priority));
        Assert.Equal(new DateOnly(2026, 11, 22), transaction.Header.TransactionDate);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 13, 30, 15, TimeSpan.Zero), transaction.Header.Time);
        var face = transaction.Images.First();
        Assert.Equal(
            (1, 60, 80, "ORIG", new DateOnly(2026, 2, 28)), (face.Idc, face.Width, face.Height, face.SourceAgency, face.PhotoDate));
        // Nothing is wrong with it but that it is XML.
        Assert.Equal("Annex C", Assert.Single(file.Findings).Clause);
    }

    [Fact]
    public void Xml_that_lacks_what_is_mandatory_has_it_named_field_by_field()
    {
        using var file = FaceFile.Read(File.ReadAllBytes(TestData.Require("cases/an2-niem-xml-skeleton.xml")));
        Assert.Equal(FaceFileFormat.AnsiNistXml, file.Format);
        Assert.Equal(600, Interchange.Images.ImageHeader.Read(file.Take().Data.Span)!.Width);
        Assert.Superset(
            new HashSet<string> { "1.002", "1.004", "1.007", "1.008", "1.009", "10.002", "10.004", "10.006", "10.011", "10.012" },
            file.Findings.Where(finding => finding.Problem.Contains("absent", StringComparison.Ordinal)).Select(f => f.Field).ToHashSet());
    }

    [Fact]
    public void Records_of_other_types_in_xml_are_left_out_and_counted()
    {
        var text = Encoding.UTF8.GetString(Records.NiemXml(Records.First)).Replace(
            "<itl:PackageFacialAndSMTImageRecord>",
            "<itl:PackageDescriptiveTextRecord><biom:RecordCategoryCode>02</biom:RecordCategoryCode></itl:PackageDescriptiveTextRecord>"
                + "<itl:PackageFacialAndSMTImageRecord>",
            StringComparison.Ordinal);
        using var file = FaceFile.Read(Encoding.UTF8.GetBytes(text));
        Assert.Equal(Records.First, file.Take().Data.ToArray());
        Assert.Contains(file.Findings, finding => finding.Problem.StartsWith("1 records are of types", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"aaaa\">]>"), InlineData("<!DOCTYPE x SYSTEM \"file:///etc/hostname\">")]
    public void A_document_type_is_refused(string type)
    {
        var text = Encoding.UTF8.GetString(Records.NiemXml(Records.First));
        var at = text.IndexOf("<itl:NIST", StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(text.Insert(at, type));
        // Behind an entity's '>' the root is not recognised; either way nothing of it is read.
        Assert.Equal(InterchangeFault.NotAnsiNist, Assert.Throws<InterchangeException>(() => FaceFile.Read(bytes)).Fault);
    }

    [Fact]
    public void What_was_decoded_is_overwritten()
    {
        var file = FaceFile.Read(Records.NiemXml(Records.First));
        var image = file.Take().Data;
        file.Dispose();
        Assert.Equal(new byte[image.Length], image.ToArray());
    }

    [Fact]
    public void Cases_of_the_data_set_are_read()
    {
        using (var record = FaceFile.Read(File.ReadAllBytes(TestData.Require("cases/iso19794-5-header-then-jpeg.bin"))))
        {
            Assert.Equal(600, record.Take().Width);
            Assert.NotEmpty(record.Findings);
        }
        using (var marked = FaceFile.Read(File.ReadAllBytes(TestData.Require("cases/an2-after-UTF8-BOM.an2"))))
        {
            Assert.Equal("JPEGB", marked.Take().Compression);
            Assert.Contains(marked.Findings, finding => finding.Problem.Contains("byte order mark", StringComparison.Ordinal));
        }
        using var two = FaceFile.Read(File.ReadAllBytes(TestData.Require("cases/an2-two-face-records.an2")));
        Assert.Contains("1, 2", Assert.Throws<InterchangeException>(() => two.Take()).Message, StringComparison.Ordinal);
        Assert.NotEqual(two.Take(1).Data.Length, two.Take(2).Data.Length);
    }
}
