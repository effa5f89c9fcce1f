using MatchEngine.Faces.Images;
using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests.Commands;

/// <summary>Inputs that failed once, each with the answer that the data set's README states.</summary>
public sealed class CasesTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("heic-from-heif-enc.heic", true), InlineData("jpeg2000.jp2", true), InlineData("an2-type10-jpeg2000.an2", true)]
    [InlineData("tiff-8bit-CIELAB-london-face.tif", true), InlineData("tiff-tiled-planar-valid.tif", true)]
    [InlineData("bmp-16bit-565.bmp", false), InlineData("iso19794-5-header-then-jpeg.bin", false)]
    [InlineData("an2-after-UTF8-BOM.an2", false), InlineData("jpeg-complete-but-without-EOI.jpg", false)]
    public void The_face_of_a_case_is_the_one_that_it_was_made_of(string file, bool second)
    {
        var (input, reference) = (TestData.Require("cases/" + file), TestData.Require("london-faces/neutral/006.jpg"));
        Assert.SkipUnless(!second || SecondDecoder.IsInstalled, "needs the second decoder, which is for x64 alone");
        var outcome = _cli.Run("compare", input, reference, "--json").Expect(0);
        Assert.InRange(outcome.Json.GetProperty("score").GetDouble(), 0.9, 1);
        if (file.StartsWith("jpeg-complete", StringComparison.Ordinal))
            Assert.Contains("lacks its end marker", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bitmap_of_os2_decodes_and_shows_no_face()
    {
        var outcome = _cli.Run("detect", TestData.Require("cases/bmp-os2-core-header-valid.bmp"), "--json").Expect(1);
        Assert.Equal((127, 64), (outcome.Json.GetProperty("width").GetInt32(), outcome.Json.GetProperty("height").GetInt32()));
        Assert.Empty(outcome.Json.GetProperty("faces").EnumerateArray());
    }

    [Fact]
    public void A_transaction_in_xml_is_recognised_and_what_it_lacks_is_named()
    {
        var outcome = _cli.Run("an2", "show", TestData.Require("cases/an2-niem-xml-skeleton.xml"), "--json").Expect(1);
        var findings = outcome.Json.GetProperty("findings").EnumerateArray().ToList();
        Assert.Contains(findings, finding => finding.GetProperty("problem").GetString()!.Contains("XML", StringComparison.Ordinal));
        foreach (var field in (string[])["1.004", "1.007", "1.008", "1.009", "10.004", "10.006", "10.011"])
            Assert.Contains(findings, finding => finding.GetProperty("field").GetString() == field);
        _cli.Run(
            "compare", TestData.Require("cases/an2-niem-xml-skeleton.xml"), TestData.Require("london-faces/neutral/006.jpg"), "--json")
            .Expect(0);
    }

    [Fact]
    public void Two_face_records_are_told_apart_by_their_idc()
    {
        var file = TestData.Require("cases/an2-two-face-records.an2");
        Assert.Contains("IDCs 1, 2", _cli.Run("detect", file).Expect(2).Error, StringComparison.Ordinal);
        _cli.Run("an2", "extract", file, "--out", _cli.File("2.jpg"), "--idc", "2").Expect(0);
        _cli.Run("detect", _cli.File("2.jpg")).Expect(0);
    }

    [Theory]
    [InlineData("csv-rfc4180-quoted-newline.csv", 2), InlineData("csv-semicolon-bom-crlf.csv", 2)]
    [InlineData("csv-nfc-name-file-is-nfd.csv", 1)]
    public void Tables_as_people_have_them_are_read_as_they_are_meant(string file, int photos)
    {
        var table = _cli.File("table.csv");
        File.Copy(TestData.Require("cases/" + file), table);
        var folder = Directory.CreateDirectory(_cli.File("photos")).FullName;
        // Zoë as macOS writes the name: e, and two dots above it.
        foreach (var (i, name) in new[] { "p5.jpg", "p6.jpg", "with space's \"q\", c.jpg", "Zoe\u0308.jpg" }.Index())
            File.Copy(TestData.Require($"london-faces/neutral/00{i + 1}.jpg"), Path.Combine(folder, name));
        var report = _cli.Run("enroll", "-g", "g", "--metadata", table, "--json").Expect(0).Json;
        Assert.Equal(photos, report.GetProperty("enrolled").GetInt32());
        var found = _cli.Run(
            "search", "-g", "g",
            Path.Combine(folder, file.Contains("nfc", StringComparison.Ordinal) ? "Zoe\u0308.jpg" : "p5.jpg"), "--json");
        var best = found.Expect(0).Json.GetProperty("candidates")[0];
        Assert.Equal(file.Contains("nfc", StringComparison.Ordinal) ? "Zoe" : "Müller", best.GetProperty("subjectId").GetString());
        if (file.Contains("newline", StringComparison.Ordinal))
            Assert.Equal("line1\r\nline2", best.GetProperty("biographics").GetProperty("note").GetString());
    }
}
