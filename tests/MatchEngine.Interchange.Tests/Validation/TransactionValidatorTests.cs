using System.Security.Cryptography;
using MatchEngine.Interchange.Records;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange.Tests.Validation;

public sealed class TransactionValidatorTests
{
    private static string List(Transaction transaction) =>
        string.Join('\n', TransactionValidator.Validate(transaction).Select(
            finding => $"{finding.Record} {finding.Field} {finding.Severity}: {finding.Problem}"));

    /// <summary>The findings of a clean submission in which fields of the face record were replaced; null takes a field away.</summary>
    private static IReadOnlyList<Finding> Face(byte[]? data, params (int Number, string? Text)[] changes)
    {
        var fields = new SortedDictionary<int, string?>
        {
            [3] = "FACE", [4] = "A", [5] = "20240229", [6] = "16", [7] = "10", [8] = "0", [9] = "1", [10] = "1",
            [11] = "NONE", [12] = "GRAY", [13] = "0",
        };
        foreach (var (number, text) in changes)
            fields[number] = text;
        var record = new RecordBuilder(10, 1);
        foreach (var (number, text) in fields)
            if (text is not null)
                record.Add(number, text.Split('^').Select(subfield => subfield.Split('_')));
        if (data is not [])
            record.AddData(data ?? new byte[160]);
        return TransactionValidator.Validate(Transaction.Read(Samples.Header().Add(record).ToBytes()));
    }

    private static IReadOnlyList<Finding> Header(string cnt, string rest, string records = "2.001:18|2.002:00$")
    {
        var length = 10 + cnt.Length + rest.Length; // tags and separators are in the pieces
        var text = $"1.001:{length:00}|{cnt}{rest}";
        return TransactionValidator.Validate(Transaction.Read(Samples.Text($"1.001:{text.Length}|{cnt}{rest}{records}")));
    }

    [Fact]
    public void Files_of_nist_show_what_is_known_of_them()
    {
        // Written for the standard of 2007, which asked for no more; the tattoo has no colour field, which is optional.
        Assert.Equal("", List(Samples.Read(Samples.Sap10)));
        Assert.Equal("", List(Samples.Read(Samples.Tattoo)));
        Assert.Equal("", List(Samples.Read(Samples.Mixed)));
    }

    [Fact]
    public void The_quirks_of_a_real_sender_are_found()
    {
        Assert.Equal(
            """
            1 1.003 Note: the number of records is written '02'
            3 10.004 Error: the field is absent
            3 10.009 Warning: '0' is not within range
            3 10.010 Warning: '0' is not within range
            3 10.013 Error: the field is absent
            3 10.039 Warning: '784336970' is not within range
            """, List(Samples.Read(Samples.Node)));
    }

    [Fact]
    public void Resolution_without_an_image_of_fixed_resolution_is_noted() =>
        Assert.Equal(
            "1 1.011 Note: a resolution of 19.69 without an image of fixed resolution\n1 1.012 Note: a resolution of 19.69 without an "
                + "image of fixed resolution",
            List(Samples.Read(Samples.Minutiae)));

    [Fact]
    public void A_clean_record_has_no_findings() => Assert.Empty(Face(null));

    [Theory]
    [InlineData(3, "PORTRAIT", "10.003", Severity.Warning)]
    [InlineData(3, null, "10.003", Severity.Error)]
    [InlineData(4, null, "10.004", Severity.Error)]
    [InlineData(5, "20230229", "10.005", Severity.Error)]
    [InlineData(6, "9", "10.006", Severity.Error)]
    [InlineData(6, null, "10.006", Severity.Error)]
    [InlineData(7, "1x", "10.007", Severity.Error)]
    [InlineData(8, "3", "10.008", Severity.Error)]
    [InlineData(11, "WSQ20", "10.011", Severity.Error)]
    [InlineData(11, "JPEGB", "10.999", Severity.Error)]
    [InlineData(12, "CMYK", "10.012", Severity.Error)]
    [InlineData(12, "SRGB", "10.999", Severity.Error)]
    [InlineData(13, null, "10.013", Severity.Error)]
    [InlineData(13, "33", "10.013", Severity.Warning)]
    [InlineData(13, "40", "10.026", Severity.Error)]
    [InlineData(14, "5_3_0_9", "10.014", Severity.Error)]
    [InlineData(14, "0_17_0_9", "10.014", Severity.Error)]
    [InlineData(14, "1_2", "10.014", Severity.Error)]
    [InlineData(19, "F^X", "10.019", Severity.Error)]
    [InlineData(19, "F^H^R^F", "10.019", Severity.Error)]
    [InlineData(20, "X", "10.020", Severity.Error)]
    [InlineData(20, "D", "10.025", Severity.Error)]
    [InlineData(21, "45", "10.021", Severity.Warning)]
    [InlineData(22, "x", "10.022", Severity.Warning)]
    [InlineData(24, "101_FFFF_1", "10.024", Severity.Error)]
    [InlineData(25, "0_91_0", "10.025", Severity.Error)]
    [InlineData(30, "ALONE", "10.030", Severity.Warning)]
    [InlineData(38, "", "10.038", Severity.Error)]
    [InlineData(40, "S", "10.040", Severity.Warning)]
    [InlineData(150, "x", "10.150", Severity.Warning)]
    [InlineData(903, "X", "10.903", Severity.Warning)]
    [InlineData(994, "http://x", "10.994", Severity.Error)]
    [InlineData(996, "00", "10.996", Severity.Error)]
    public void Each_rule_for_a_face_finds_what_breaks_it(int number, string? text, string field, Severity severity)
    {
        var findings = Face(null, (number, text));
        Assert.Contains(findings, finding => (finding.Record, finding.Field, finding.Severity) == (2, field, severity));
        Assert.All(findings, finding => Assert.True(finding.Expected.Length > 0 && finding.Clause.Length > 0));
    }

    [Theory]
    [InlineData(20, "F"), InlineData(14, "1_15_1_9_H"), InlineData(24, "254_FFFF_1"), InlineData(19, "F^H^R"),
        InlineData(200, "a user's own"), InlineData(903, "M012345678901")]
    public void Fields_within_the_rules_give_no_finding(int number, string text) => Assert.Empty(Face(null, (number, text)));

    [Fact]
    public void Conditions_between_fields_are_checked()
    {
        Assert.Empty(Face(null, (20, "D"), (25, "-180_90_180")));
        Assert.Empty(Face(null, (20, "A"), (21, "-45")));
        Assert.Empty(Face(null, (13, "40"), (26, "NEUTRAL"), (27, "BLU"), (28, "BRO")));
        Assert.Empty(Face(null, (3, "TATTOO"), (13, null), (40, "TAT UL ARM")));
        Assert.Equal(["10.040"], Face(null, (3, "SCAR"), (13, null)).Select(finding => finding.Field));
        Assert.Equal(["10.020"], Face(null, (3, "SCAR"), (13, null), (40, "X"), (20, "F")).Select(finding => finding.Field));
        Assert.Equal(["10.999"], Face([]).Select(finding => finding.Field));
        Assert.Empty(Face([], (994, "http://x")));
    }

    [Fact]
    public void The_hash_is_computed()
    {
        var data = Enumerable.Range(0, 160).Select(i => (byte)i).ToArray();
        var hash = Convert.ToHexString(SHA256.HashData(data));
        Assert.Empty(Face(data, (996, hash)));
        Assert.Equal(["10.996"], Face(data, (996, hash[..^1] + (hash[^1] == '0' ? '1' : '0'))).Select(finding => finding.Field));
    }

    [Fact]
    public void The_image_is_held_against_its_description()
    {
        (int, string?)[] Stated(int width, string compression) => [(6, $"{width}"), (7, "300"), (11, compression), (12, "SRGB")];
        Assert.Empty(Face(Samples.JpegHeader(200, 300), Stated(200, "JPEGB")));
        Assert.Equal(["10.006"], Face(Samples.JpegHeader(200, 300), Stated(201, "JPEGB")).Select(finding => finding.Field));
        Assert.Equal(["10.011"], Face(Samples.JpegHeader(200, 300), Stated(200, "PNG")).Select(finding => finding.Field));
        Assert.Equal(
            [("10.011", Severity.Warning)],
            Face(Samples.JpegHeader(200, 300, frame: 0xC2), Stated(200, "JPEGB")).Select(finding => (finding.Field, finding.Severity)));
    }

    [Theory]
    [InlineData("1_1^2_00", 0), InlineData("1_2^2_00", 1), InlineData("1_1^2_01", 1), InlineData("1_1^10_00", 1),
        InlineData("1_2^2_00^2_00", 1), InlineData("2_1^2_00", 1), InlineData("1_01^2_00", 1),
        InlineData("1^2_00", 1), InlineData("1_1^2", 2)]
    public void The_content_field_is_held_against_the_records(string content, int findings)
    {
        var found = Header($"1.002:0502|1.003:{content}|", "1.004:FRS|1.005:20261122|1.007:D|1.008:O|1.009:T|1.011:00.00|1.012:00.00$");
        Assert.Equal(Enumerable.Repeat("1.003", findings), found.Select(finding => finding.Field));
    }

    [Theory]
    [InlineData("1.002:0777|", "1.002"), InlineData("1.002:0502|1.005:20261131|", "1.005"), InlineData("1.002:0502|1.006:0|", "1.006"),
        InlineData("1.002:0502|1.014:2026|", "1.014")]
    [InlineData("1.002:0502|1.015:002_UTF-16|", "1.015"), InlineData("1.002:0502|1.018:US|", "1.018"),
        InlineData("1.002:0502|1.019:x|", "1.019"), InlineData("1.002:0502|1.011:1.5|", "1.011")]
    public void Each_rule_for_the_header_finds_what_breaks_it(string start, string field)
    {
        var rest = "1.003:1_1^2_00|1.004:FRS|" + (field == "1.005" ? "" : "1.005:20261122|") + "1.007:D|1.008:O|1.009:T|"
            + (field == "1.011" ? "" : "1.011:00.00|") + "1.012:00.00$";
        Assert.Equal([field], Header(start, rest).Select(finding => finding.Field));
    }

    [Fact]
    public void Everything_mandatory_is_missed()
    {
        var findings = TransactionValidator.Validate(Transaction.Read(Samples.Text("1.001:9$10.001:10$")));
        Assert.Superset(new HashSet<string>
        {
            "1.002", "1.003", "1.004", "1.005", "1.007", "1.008", "1.009", "1.011", "1.012", "10.002",
            "10.003", "10.004", "10.005", "10.999",
        }, findings.Select(finding => finding.Field).ToHashSet());
    }

    [Fact]
    public void Text_outside_the_declared_encoding_is_found()
    {
        Assert.Equal([("2", Severity.Warning)], Header(
            "1.002:0502|1.003:1_1^2_00|", "1.004:FRS|1.005:20261122|1.007:D|1.008:O|1.009:T|1.011:00.00|1.012:00.00$",
            "2.001:26|2.002:00|2.003:\u00E4$").Select(finding => (finding.Field, finding.Severity)));
        Assert.Equal([("2", Severity.Error)], Header(
            "1.002:0502|1.003:1_1^2_00|", "1.004:FRS|1.005:20261122|1.007:D|1.008:O|1.009:T|1.011:00.00|1.012:00.00|1.015:003$",
            "2.001:26|2.002:00|2.003:\u00E4$").Select(finding => (finding.Field, finding.Severity)));
        Assert.Contains(
            Header("1.002:0502|1.003:1_1^2_00|", "1.004:FRS|1.005:20261122|1.007:D\u00E4|1.008:O|1.009:T|1.011:00.00|1.012:00.00$"),
            finding => finding is { Field: "1", Severity: Severity.Error });
    }

    [Fact]
    public void Doubled_fields_shared_idcs_and_second_headers_are_found()
    {
        var twice = Header(
            "1.002:0502|1.003:1_1^2_00|", "1.004:FRS|1.004:FRS|1.005:20261122|1.007:D|1.008:O|1.009:T|1.011:00.00|1.012:00.00$");
        Assert.Equal(["1.004"], twice.Select(finding => finding.Field));
        var shared = Transaction.Read(Samples.Header().Add(Samples.Face().ToRecord(1)).Add(Samples.Face().ToRecord(1)).ToBytes());
        Assert.Equal([(3, "10.002")], TransactionValidator.Validate(shared).Select(finding => (finding.Record, finding.Field)));
        var file = Samples.Header().ToBytes();
        Assert.Contains(
            TransactionValidator.Validate(Transaction.Read(Samples.Join(file, file))),
            finding => finding is { Record: 2, Field: "1", Severity: Severity.Error });
    }

    [Fact]
    public void A_finding_repeats_no_text_of_persons_and_nothing_that_could_upset_a_terminal()
    {
        var findings = Header(
            "1.002:0502|1.003:1_1^2_00|", "1.004:FRS|1.005:\u001B[31m_SECRETNAME_LONGER|1.007:D|1.008:O|1.009:T|1.011:00.00|1.012:00.00$");
        Assert.NotEmpty(findings);
        Assert.All(findings, finding => Assert.All(finding.Problem, c => Assert.InRange(c, ' ', '…')));
        Assert.All(findings, finding => Assert.DoesNotContain("LONGER", finding.Problem, StringComparison.Ordinal));
    }
}
