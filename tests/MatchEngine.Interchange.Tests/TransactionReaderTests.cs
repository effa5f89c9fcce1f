using System.Text;
using MatchEngine.Interchange.Records;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange.Tests;

public sealed class TransactionReaderTests
{
    // Counted by hand: 8 for LEN, 1 GS, 14 for CNT, 1 GS, 9 for TOT, 1 FS.
    private static readonly byte[] HeaderForType4 = Samples.Text("1.001:34|1.003:1_1^4_00|1.004:FRS$");

    [Fact]
    public void A_binary_record_is_cut_by_its_big_endian_length_and_carried()
    {
        Assert.Equal(34, HeaderForType4.Length);
        // 20 bytes: length, IDC 0, and contents full of separators and of what looks like a tag.
        byte[] binary = [0, 0, 0, 20, 0, 0x1C, 0x1D, 0x1E, 0x1F, .. "10.001:1"u8, 0x1C, 0xFF, 0x1C];
        var text = Samples.Text("2.001:18|2.002:00$");
        var transaction = Transaction.Read(Samples.Join(HeaderForType4, binary, text));
        Assert.Equal([1, 4, 2], transaction.Records.Select(record => record.Type));
        var record = Assert.IsType<BinaryRecord>(transaction.Records[1]);
        Assert.Equal(0, record.Idc);
        Assert.Equal(binary, record.Bytes.ToArray());
        Assert.Empty(transaction.ReadingFindings);
        Assert.Equal(18, transaction.Records[2].Bytes.Length);
    }

    [Theory]
    [InlineData(0, 0, 0, 3), InlineData(0xFF, 0xFF, 0xFF, 0xFF), InlineData(0, 0, 1, 0)]
    public void A_binary_length_that_cannot_be_is_reported_and_no_byte_is_lost(byte a, byte b, byte c, byte d)
    {
        var file = Samples.Join(HeaderForType4, [a, b, c, d, 0, 1, 2, 3]);
        var transaction = Transaction.Read(file);
        Assert.Equal(file, transaction.ToBytes());
        Assert.Contains(transaction.ReadingFindings, finding => finding is { Severity: Severity.Error, Clause: "B.1.5" });
    }

    [Fact]
    public void A_binary_record_whose_length_is_little_endian_is_cut_where_the_next_one_begins()
    {
        byte[] binary = [200, 0, 0, 0, 7, .. Enumerable.Repeat((byte)0xEE, 195)];
        foreach (var behind in (string[])["", "2.001:28|2.002:00|2.003:xyz$"])
        {
            var content = behind.Length == 0 ? "1_1^4_07" : "1_2^4_07^2_00";
            var file = Samples.Join(Samples.Text($"1.001:27|1.003:{content}$"), binary, Samples.Text(behind));
            var transaction = Transaction.Read(file);
            Assert.Equal(behind.Length == 0 ? [1, 4] : [1, 4, 2], transaction.Records.Select(record => record.Type));
            Assert.Equal((200, 7), (transaction.Records[1].Bytes.Length, transaction.Records[1].Idc));
            Assert.Contains(
                transaction.ReadingFindings, finding => finding.Problem.Contains("little-endian", StringComparison.Ordinal));
            Assert.Equal(file, transaction.ToBytes());
        }
    }

    [Theory]
    [InlineData("\u00EF\u00BB\u00BF", "byte order mark"), InlineData("\r\n", "2 bytes of white space"), InlineData(" ", "1 bytes of white")]
    public void What_editors_put_before_a_file_is_passed_over_kept_and_reported(string before, string word)
    {
        var file = Samples.Join(Samples.Text(before), Samples.Header().Add(Samples.Face().ToRecord(1)).ToBytes());
        Assert.True(Transaction.IsTransaction(file));
        var transaction = Transaction.Read(file);
        Assert.Equal([1, 10], transaction.Records.Select(record => record.Type));
        Assert.Contains(word, Assert.Single(transaction.ReadingFindings).Problem, StringComparison.Ordinal);
        Assert.Equal(file, transaction.ToBytes());
        Assert.False(Transaction.IsTransaction(Samples.Join(Samples.Text(new string(' ', 20)), file)));
    }

    [Theory]
    [InlineData("FACE "), InlineData("FACE      ")]
    public void Blanks_behind_an_image_type_do_not_hide_a_face_and_are_found(string type)
    {
        var record = new Interchange.Records.RecordBuilder(10, 1).Add(3, type).AddData(Samples.JpegHeader(60, 80));
        var transaction = Transaction.Read(Samples.Header().Add(record).ToBytes());
        Assert.True(transaction.Images.Single().IsFace);
        Assert.Equal(
            60, Interchange.Images.ImageHeader.Read(Interchange.Searches.SearchSubmission.From(transaction).Image.Data.Span)!.Width);
        Assert.Contains(
            Interchange.Validation.TransactionValidator.Validate(transaction),
            finding => finding.Field == "10.003" && finding.Problem.Contains("blanks", StringComparison.Ordinal));
    }

    [Fact]
    public void Data_full_of_separators_are_cut_by_length_alone()
    {
        byte[] pixels = [.. Enumerable.Range(0, 40).SelectMany(_ => (byte[])[0x1C, 0x1D, 0x1E, 0x1F])];
        var file = Samples.Header().Add(Samples.Face(pixels).ToRecord(1)).Add(new RecordBuilder(2, 0).Add(3, "after")).ToBytes();
        var transaction = Transaction.Read(file);
        Assert.Equal(pixels, transaction.Images.Single().Data.ToArray());
        Assert.Equal("after", transaction.DescriptiveText.Single().Text(3));
        Assert.Empty(transaction.ReadingFindings);
    }

    [Theory]
    [InlineData("350065", "350064"), InlineData("350065", "350066"), InlineData("350065", "000001"),
        InlineData("350065", "999999"), InlineData("350065", "35OO65")]
    public void A_wrong_length_of_a_record_with_an_image_is_reported_and_the_image_found(string right, string wrong)
    {
        var file = Samples.Bytes(Samples.Sap10);
        var image = Transaction.Read(file).Images.Single().Data.ToArray();
        Replace(file, "10.001:" + right, "10.001:" + wrong);
        var transaction = Transaction.Read(file);
        Assert.Equal(file, transaction.ToBytes());
        Assert.Equal("10.001", Assert.Single(transaction.ReadingFindings).Field);
        Assert.Equal(image, transaction.Images.Single().Data.ToArray());
    }

    [Fact]
    public void A_wrong_length_amid_the_file_costs_no_record()
    {
        var file = Samples.Bytes(Samples.Tattoo);
        Replace(file, "10.001:12373", "10.001:12300");
        var transaction = Transaction.Read(file);
        Assert.Equal(["TATTOO", "MARK"], transaction.Images.Select(image => image.ImageType));
        Assert.Equal(12_373, transaction.Records[2].Bytes.Length);
        var finding = Assert.Single(transaction.ReadingFindings);
        Assert.Equal((3, "10.001", Severity.Error, "B.1.5"), (finding.Record, finding.Field, finding.Severity, finding.Clause));
    }

    [Fact]
    public void A_file_cut_short_keeps_what_is_there()
    {
        var whole = Samples.Bytes(Samples.Sap10);
        var transaction = Transaction.Read(whole.AsMemory(0, 100_000));
        Assert.Equal(100_000, transaction.Length);
        Assert.True(transaction.Images.Single().IsFace);
        Assert.Contains("cut short", Assert.Single(transaction.ReadingFindings).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_record_end_is_reported_once()
    {
        // The 32nd byte, the last of the Type-1 by its LEN, is a blank instead of FS.
        var file = Samples.Text("1.001:32|1.003:1_1^2_00|1.004:X 2.001:18|2.002:00$");
        var transaction = Transaction.Read(file);
        Assert.Equal([32, 18], transaction.Records.Select(record => record.Bytes.Length));
        Assert.Equal(["1.001"], transaction.ReadingFindings.Select(finding => finding.Field));
    }

    [Fact]
    public void Illegible_foreign_and_stray_parts_are_counted()
    {
        var file = Samples.Text("1.001:45|junk|1.004:FRS|2.005:20200101$1.9:Z$");
        var transaction = Transaction.Read(file);
        Assert.Equal(["1.001", "1.004", "2.005", "1.009"], transaction.Header.Fields.Select(field => field.Tag));
        Assert.Equal("Z", transaction.Header.ControlNumber);
        Assert.Null(transaction.Header.TransactionDate);
        Assert.Equal(3, transaction.ReadingFindings.Count);
    }

    [Fact]
    public void Short_field_numbers_of_old_files_are_read()
    {
        var header = Transaction.Read(Samples.Text("1.01:27|1.02:0300|1.04:FRS$")).Header;
        Assert.Equal(("0300", "FRS"), (header.Version, header.TransactionType));
    }

    [Theory]
    [InlineData("\n", Severity.Note), InlineData("\0\0\0", Severity.Note), InlineData("garbage", Severity.Error)]
    public void Bytes_after_the_last_record_are_kept_and_reported(string rest, Severity severity)
    {
        var file = Samples.Join(Samples.Bytes(Samples.Minutiae), Encoding.ASCII.GetBytes(rest));
        var transaction = Transaction.Read(file);
        Assert.Equal(rest.Length, transaction.Trailing.Length);
        Assert.Equal(file, transaction.ToBytes());
        Assert.Equal(severity, Assert.Single(transaction.ReadingFindings).Severity);
    }

    [Fact]
    public void At_most_a_thousand_records_are_made()
    {
        var file = Samples.Join([Samples.Text("1.001:19|1.004:FRS$"), .. Enumerable.Repeat(Samples.Text("2.001:18|2.002:00$"), 3000)]);
        var transaction = Transaction.Read(file);
        Assert.Equal(1000, transaction.Records.Count);
        Assert.Equal(file, transaction.ToBytes());
        Assert.Equal(2001 * 18, transaction.Trailing.Length);
    }

    // Files made to cost more than they weigh: one field, subfield or item for each few bytes.
    [Theory]
    [InlineData("1.1:|"), InlineData("|"), InlineData("$"), InlineData("^"), InlineData("_"), InlineData("x|"), InlineData("10.1:1$"),
        InlineData("1.3:^_"), InlineData("10.999:$")]
    public void Memory_grows_with_the_file_and_no_faster(string piece)
    {
        var unit = Samples.Text(piece);
        var file = Samples.Join([Samples.Text("1.001:999999999|1.003:1_1"), .. Enumerable.Repeat(unit, 500_000 / unit.Length)]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var transaction = Transaction.Read(file);
        var findings = TransactionValidator.Validate(transaction);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.NotEmpty(findings);
        Assert.True(findings.Count <= 10_001);
        Assert.Equal(file, transaction.ToBytes());
        Assert.True(allocated < 100L * file.Length, $"{allocated / (double)file.Length:0.0} bytes for each byte of the file");
    }

    private static void Replace(byte[] file, string what, string with)
    {
        var at = file.AsSpan().IndexOf(Encoding.ASCII.GetBytes(what));
        Assert.True(at >= 0 && what.Length == with.Length);
        Encoding.ASCII.GetBytes(with).CopyTo(file, at);
    }
}
