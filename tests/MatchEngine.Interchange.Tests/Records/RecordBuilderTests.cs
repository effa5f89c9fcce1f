using FsCheck.Fluent;
using MatchEngine.Interchange.Records;
using MatchEngine.Tests;

namespace MatchEngine.Interchange.Tests.Records;

public sealed class RecordBuilderTests
{
    [Fact]
    public void Nists_own_records_come_out_of_their_fields_byte_for_byte()
    {
        // NIST wrote these bytes and counted these lengths; only the values are taken from the file.
        foreach (var file in (string[])[Samples.Sap10, Samples.Tattoo, Samples.Mixed])
        {
            var rebuilt = 0;
            foreach (var record in Samples.Read(file).Records.OfType<TaggedRecord>().Where(record => record.Type != 1))
            {
                var builder = new RecordBuilder(record.Type, record.Idc!.Value);
                foreach (var field in record.Fields.Where(field => field.Number > 2))
                    _ = field.IsData
                        ? builder.AddData(field.Value)
                        : builder.Add(field.Number, field.Subfields.Select(subfield => subfield.Items));
                var bytes = new byte[builder.Length];
                Assert.Equal(record.Bytes.Length, builder.WriteTo(bytes));
                Assert.True(record.Bytes.Span.SequenceEqual(bytes), $"{file}, type {record.Type}");
                rebuilt++;
            }
            Assert.True(rebuilt >= 2);
        }
    }

    // "2.001:" 6, LEN's digits d, GS 1, "2.002:00" 8, GS 1, "2.003:" 6, n letters, FS 1: 23 + d + n, counted by hand.
    [Theory]
    [InlineData(1, 26), InlineData(73, 98), InlineData(74, 99), InlineData(75, 101), InlineData(76, 102), InlineData(973, 999),
        InlineData(974, 1001), InlineData(975, 1002)]
    public void The_length_counts_its_own_digits(int letters, int length)
    {
        var builder = new RecordBuilder(2, 0).Add(3, new string('a', letters));
        var bytes = new byte[builder.Length + 5];
        Assert.Equal((length, length), (builder.Length, builder.WriteTo(bytes)));
        Assert.Equal(Samples.Text($"2.001:{length}|2.002:00|2.003:{new string('a', letters)}$"), bytes[..length]);
    }

    [Fact]
    public void Fields_are_written_by_number_and_data_last()
    {
        var builder = new RecordBuilder(10, 7).AddData(new byte[] { 0x1C, 1, 0x1D }).Add(20, "F")
            .Add(3, "FACE").Add(42, [["A", "B"], ["C"]]);
        var bytes = new byte[builder.Length];
        builder.WriteTo(bytes);
        Assert.Equal([.. Samples.Text("10.001:65|10.002:07|10.003:FACE|10.020:F|10.042:A_B^C|10.999:"), 0x1C, 1, 0x1D, 0x1C], bytes);
    }

    [Fact]
    public void What_cannot_be_written_is_refused()
    {
        var record = new RecordBuilder(2, 0).Add(3, "x");
        Assert.ThrowsAny<ArgumentException>(() => record.Add(3, "again"));
        Assert.ThrowsAny<ArgumentException>(() => record.Add(1, "12"));
        Assert.ThrowsAny<ArgumentException>(() => record.Add(2, "01"));
        Assert.ThrowsAny<ArgumentException>(() => record.Add(1000, "x"));
        Assert.ThrowsAny<ArgumentException>(() => record.Add(4, "a\u001Db"));
        Assert.ThrowsAny<ArgumentException>(() => record.Add(4, "a\nb"));
        Assert.ThrowsAny<ArgumentException>(() => record.Add(4, "half \uD83D"));
        Assert.ThrowsAny<ArgumentException>(() => record.AddData(new byte[3]));
        Assert.ThrowsAny<ArgumentException>(() => new RecordBuilder(10, 1).Add(999, "text"));
        Assert.ThrowsAny<ArgumentException>(() => new RecordBuilder(1, 0));
        Assert.ThrowsAny<ArgumentException>(() => new RecordBuilder(4, 0));
        Assert.ThrowsAny<ArgumentException>(() => new RecordBuilder(2, 100));
        Assert.ThrowsAny<ArgumentException>(() => RecordBuilder.From(Samples.Read(Samples.Node).Header));
    }

    [Fact]
    public void Any_records_are_read_as_they_were_written()
    {
        var character = Gen.Elements([.. "aZ09 .:,-_/äß☺白|^$"]);
        var item = character.ArrayOf().Select(characters => new string(characters));
        var subfields = item.NonEmptyListOf().NonEmptyListOf();
        var field = Gen.Choose(3, 998).Zip(subfields, (number, value) => (Number: number, Value: value));
        var data = Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf();
        var record = Gen.Elements(2, 9, 10, 14, 21, 99).Zip(Gen.Choose(0, 99)).Zip(field.ListOf(), (head, fields) =>
            (Type: head.Item1, Idc: head.Item2, Fields: fields.DistinctBy(one => one.Number).OrderBy(one => one.Number).ToList()))
            .Zip(data, (head, bytes) => (head.Type, head.Idc, head.Fields, Data: bytes));
        Prop.ForAll(record.ListOf().ToArbitrary(), records =>
        {
            var builder = Samples.Header();
            foreach (var (type, idc, fields, bytes) in records)
            {
                var one = new RecordBuilder(type, idc);
                foreach (var (number, value) in fields)
                    one.Add(number, value);
                builder.Add(type >= 10 ? one.AddData(bytes) : one);
            }
            var file = builder.ToBytes();
            var read = Transaction.Read(file);
            Assert.Empty(read.ReadingFindings);
            Assert.Equal(file, read.ToBytes());
            Assert.Equal(records.Select(one => new ContentEntry(one.Type, one.Idc)), read.Header.Content);
            Assert.Equal(records.Count, read.Header.ContentCount);
            foreach (var ((type, idc, fields, bytes), found) in records.Zip(read.Records.Skip(1).Cast<TaggedRecord>()))
            {
                Assert.Equal((type, idc), (found.Type, found.Idc));
                var text = found.Fields.Where(one => one.Number > 2 && !one.IsData).ToList();
                Assert.Equal(fields.Select(one => one.Number), text.Select(one => one.Number));
                foreach (var (expected, actual) in fields.Zip(text))
                    Assert.Equal(
                        expected.Value.Select(items => items.ToArray()), actual.Subfields.Select(subfield => subfield.Items.ToArray()));
                if (type >= 10)
                    Assert.Equal(bytes, found.Find(999)!.Value.ToArray());
            }
        }).CheckSame();
    }
}
