using System.Text;
using MatchEngine.Interchange.Records;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange.Tests;

public sealed class TransactionBuilderTests
{
    [Fact]
    public void The_header_is_what_was_counted_by_hand()
    {
        var file = Samples.Header().Add(new RecordBuilder(2, 0)).ToBytes();
        // LEN 10, VER 10, CNT 14, TOT 9, DAT 14, DAI 10, ORI 10, TCN 9, NSR 11, NTR 11, GMT 21: 129 characters, 10 GS, 1 FS.
        var header =
            "1.001:139|1.002:0502|1.003:1_1^2_00|1.004:FRS|1.005:20261122|1.007:DEST|1.008:ORIG|1.009:T-1"
            + "|1.011:00.00|1.012:00.00|1.014:20261122133015Z$";
        Assert.Equal(Samples.Text(header + "2.001:18|2.002:00$"), file);
    }

    [Fact]
    public void Optional_fields_are_written_when_given()
    {
        var header = Transaction.Read(new TransactionBuilder
        {
            TransactionType = "SRE", Time = DateTimeOffset.UnixEpoch, DestinationAgency = "D", OriginatingAgency = "O", ControlNumber = "2",
            ControlReference = "1", Priority = 3,
            DomainName = "NORAM", DomainVersion = "10.0", Resolution = "19.69",
        }.ToBytes()).Header;
        Assert.Equal(
            ("SRE", "1", 3, "19.69", "19.69"),
            (header.TransactionType, header.ControlReference, header.Priority, header.NativeScanningResolution, header.NominalResolution));
        Assert.Equal(("NORAM", "10.0"), (header.Domain!["DNM"], header.Domain["DVN"]));
        Assert.Equal(CharacterEncoding.Ascii, header.Encoding);
        Assert.Empty(header.Content);
    }

    [Fact]
    public void Text_beyond_ascii_is_utf8_and_says_so()
    {
        var transaction = Transaction.Read(Samples.Header().Add(new RecordBuilder(2, 0).Add(3, "Zoë 白")).ToBytes());
        Assert.Equal(CharacterEncoding.Utf8, transaction.Header.Encoding);
        Assert.Equal("Zoë 白", transaction.DescriptiveText.Single().Text(3));
        Assert.Equal("Zoë 白", Encoding.UTF8.GetString(transaction.DescriptiveText.Single().Find(3)!.Value.Span));
        Assert.Empty(TransactionValidator.Validate(transaction));
    }

    [Fact]
    public void Records_that_were_read_go_out_as_they_came()
    {
        var read = Samples.Read(Samples.Mixed);
        var builder = Samples.Header();
        foreach (var record in read.Records.Skip(1))
            builder.Add(RecordBuilder.From(record));
        var written = Transaction.Read(builder.ToBytes());
        Assert.Equal(read.Header.Content, written.Header.Content);
        foreach (var (before, after) in read.Records.Skip(1).Zip(written.Records.Skip(1)))
            Assert.True(before.Bytes.Span.SequenceEqual(after.Bytes.Span));
    }

    [Fact]
    public void What_the_standard_forbids_is_refused()
    {
        TransactionBuilder With(string type = "FRS", string number = "1", string agency = "A", int? priority = null) => new()
        {
            TransactionType = type, Time = DateTimeOffset.UnixEpoch, DestinationAgency = agency, OriginatingAgency = "O",
            ControlNumber = number, Priority = priority,
        };
        Assert.ThrowsAny<ArgumentException>(() => With(type: "").ToBytes());
        Assert.ThrowsAny<ArgumentException>(() => With(type: new string('X', 17)).ToBytes());
        Assert.ThrowsAny<ArgumentException>(() => With(number: new string('1', 49)).ToBytes());
        Assert.ThrowsAny<ArgumentException>(() => With(agency: "Ä").ToBytes());
        Assert.ThrowsAny<ArgumentException>(() => With(priority: 10).ToBytes());
        var full = With();
        for (var i = 0; i < 999; i++)
            full.Add(new RecordBuilder(2, 0));
        Assert.Equal(1000, Transaction.Read(full.ToBytes()).Records.Count);
        Assert.ThrowsAny<ArgumentException>(() => full.Add(new RecordBuilder(2, 0)));
    }
}
