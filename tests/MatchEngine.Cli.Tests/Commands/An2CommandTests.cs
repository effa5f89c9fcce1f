using System.Text;
using MatchEngine.Faces.Images;
using MatchEngine.Interchange;
using MatchEngine.Interchange.Images;
using MatchEngine.Interchange.Searches;
using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests.Commands;

public sealed class An2CommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Records_fields_and_findings_are_shown_without_a_pixel()
    {
        var node = TestData.Require("an2/node-nist_sre_with_face.tdf");
        var shown = _cli.Run("an2", "show", node, "--json").Expect(1);
        Assert.Equal(
            ("SRE", "QS0000000405"),
            (shown.Json.GetProperty("transactionType").GetString(), shown.Json.GetProperty("controlNumber").GetString()));
        Assert.Equal(
            [1, 2, 10], shown.Json.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("type").GetInt32()));
        var data = shown.Json.GetProperty("records")[2].GetProperty("fields").EnumerateArray().Last();
        Assert.Equal(
            ("10.999", "DATA", 3868),
            (data.GetProperty("tag").GetString(), data.GetProperty("mnemonic").GetString(), data.GetProperty("bytes").GetInt32()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, data.GetProperty("subfields").ValueKind);
        Assert.Contains(
            shown.Json.GetProperty("findings").EnumerateArray(),
            finding => finding.GetProperty("field").GetString() == "10.004" && finding.GetProperty("severity").GetString() == "error");
        Assert.DoesNotContain("JFIF", shown.Output, StringComparison.Ordinal);

        var text = _cli.Run("an2", "show", node).Expect(1).Output;
        Assert.Contains("3,868 bytes of data", text, StringComparison.Ordinal);
        Assert.Contains("784336970␟CRIMINAL␟", text, StringComparison.Ordinal);
        Assert.DoesNotContain("JFIF", text, StringComparison.Ordinal);
        Assert.Contains(
            "Nothing found", _cli.Run("an2", "show", TestData.Require("an2/type-10-sap10.an2")).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_goes_into_a_file_and_comes_out_of_it_unchanged()
    {
        var photo = File.ReadAllBytes(Matchengine.Sample(2));
        var wrapped = _cli.Run(
            "an2", "wrap", Matchengine.Sample(2), "--out", _cli.File("a.an2"), "--number", "T-77", "--originator", "LAB", "--photo-date",
            "2024-02-29", "--pose", "F", "--text", "59=I", "--text", "64=case 12", "--json").Expect(0);
        Assert.Equal("T-77", wrapped.Json.GetProperty("controlNumber").GetString());
        Assert.Empty(wrapped.Error);
        var transaction = Transaction.Read(File.ReadAllBytes(_cli.File("a.an2")));
        Assert.Equal(
            ("FRS", "0502", "LAB"), (transaction.Header.TransactionType, transaction.Header.Version, transaction.Header.OriginatingAgency));
        Assert.Equal(("I", "case 12"), (transaction.DescriptiveText.Single().Text(59), transaction.DescriptiveText.Single().Text(64)));
        var face = transaction.Images.Single();
        Assert.Equal((new DateOnly(2024, 2, 29), "F", "LAB"), (face.PhotoDate, face.Pose, face.SourceAgency));
        using (var decoded = ImageDecoder.Decode(photo))
            Assert.Equal((decoded.Width, decoded.Height), (face.Width, face.Height));
        _cli.Run("an2", "show", _cli.File("a.an2")).Expect(0);
        Assert.Contains(
            "no folder", _cli.Run("an2", "extract", _cli.File("a.an2"), "--out", _cli.File("nowhere/out.jpg")).Expect(2).Error,
            StringComparison.Ordinal);
        _cli.Run("an2", "extract", _cli.File("a.an2"), "--out", _cli.File("out.jpg")).Expect(0);
        Assert.Equal(photo, File.ReadAllBytes(_cli.File("out.jpg")));
        Assert.Equal(["a.an2", "out.jpg"], Directory.EnumerateFiles(_cli.Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Uncompressed_pixels_come_out_as_a_picture()
    {
        File.WriteAllBytes(_cli.File("raw.an2"), Raw(1, 20, 12));
        _cli.Run("an2", "extract", _cli.File("raw.an2"), "--out", _cli.File("raw.pgm")).Expect(0);
        using var image = ImageDecoder.Decode(File.ReadAllBytes(_cli.File("raw.pgm")));
        Assert.Equal((20, 12), (image.Width, image.Height));
        Assert.Equal([21, 21, 21], image.Row(1).Slice(3, 3).ToArray());
    }

    [Fact]
    public void One_of_several_images_is_named_by_its_idc()
    {
        var tattoo = TestData.Require("an2/type-10-branded-tattoo-mark.an2");
        var refused = _cli.Run("an2", "extract", tattoo, "--out", _cli.File("x.jpg"), "--json").Expect(2);
        Assert.Contains(
            "1 (TATTOO), 2 (MARK)", refused.Json.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("no_such_record", _cli.Run("an2", "extract", tattoo, "--out", _cli.File("x.jpg"), "--idc", "5", "--json")
            .Expect(2).Json.GetProperty("error").GetProperty("reason").GetString());
        Assert.False(File.Exists(_cli.File("x.jpg")));
        _cli.Run("an2", "extract", tattoo, "--out", _cli.File("x.jpg"), "--idc", "2").Expect(0);
        Assert.Equal(7851, new FileInfo(_cli.File("x.jpg")).Length);
    }

    [Theory]
    [InlineData("show", "not_ansi_nist"), InlineData("extract", "not_ansi_nist"), InlineData("wrap", "usage")]
    public void What_is_no_such_file_is_refused_by_name(string verb, string reason)
    {
        File.WriteAllText(_cli.File("notes.txt"), "1. buy milk");
        string[] output = verb == "show" ? [] : ["--out", _cli.File("out")];
        var outcome = _cli.Run(["an2", verb, _cli.File("notes.txt"), "--json", .. output]).Expect(2);
        Assert.Equal(reason, outcome.Json.GetProperty("error").GetProperty("reason").GetString());
        Assert.Contains("notes.txt", outcome.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_cli.File("out")));
    }

    [Fact]
    public void A_terminal_gets_no_control_character_of_a_file()
    {
        File.WriteAllBytes(
            _cli.File("evil.an2"),
            Encoding.Latin1.GetBytes("1.001:45\u001D1.004:\u001B]0;title\u0007\u001D1.009:\u009B31m\u001D1.008:[red]\u001C"));
        var output = _cli.Run("an2", "show", _cli.File("evil.an2")).Expect(1).Output;
        Assert.DoesNotContain(output, c => c is < ' ' and not '\n' or (>= '\u007F' and <= '\u009F'));
        Assert.Contains("[red]", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_face_of_a_file_is_searched_as_its_photo_is()
    {
        var name = Portraits.Write(_cli.File("photos"))[0];
        _cli.Run("enroll", "-g", "people", _cli.File("photos"), "--subject-from", "file").Expect(0);
        var photo = _cli.File($"photos/{name}-b.jpg");
        _cli.Run("an2", "wrap", photo, "--out", _cli.File("probe.an2")).Expect(0);
        var direct = _cli.Run("search", "-g", "people", photo, "--json").Expect(0).Json;
        var submitted = _cli.Run("search", "-g", "people", _cli.File("probe.an2"), "--json").Expect(0).Json;
        Assert.Equal(direct.GetProperty("candidates").GetRawText(), submitted.GetProperty("candidates").GetRawText());

        // The same pixels uncompressed, as colour: the decoder gets them as a PPM.
        using (var pixels = ImageDecoder.Decode(File.ReadAllBytes(photo)))
        {
            var face = Face(pixels.Pixels.ToArray(), pixels.Width, pixels.Height) with { ColorSpace = ColorSpaces.Srgb };
            File.WriteAllBytes(
                _cli.File("raw.an2"), Header().Add(face.ToRecord(4)).Add((face with { Comment = "again" }).ToRecord(6)).ToBytes());
        }
        var several = _cli.Run("search", "-g", "people", _cli.File("raw.an2"), "--json").Expect(2);
        Assert.Equal("several_faces", several.Json.GetProperty("error").GetProperty("reason").GetString());
        var chosen = _cli.Run("search", "-g", "people", _cli.File("raw.an2"), "--idc", "6", "--json").Expect(0).Json;
        Assert.Equal(direct.GetProperty("candidates").GetRawText(), chosen.GetProperty("candidates").GetRawText());
        Assert.Equal("usage", _cli.Run("search", "-g", "people", photo, "--idc", "6", "--json").Expect(2).Json.GetProperty("error")
            .GetProperty("reason").GetString());
    }

    [Fact]
    public void Detect_compare_and_enroll_take_such_a_file()
    {
        var name = Portraits.Write(_cli.File("photos"))[0];
        var photo = _cli.File($"photos/{name}-a.jpg");
        var file = _cli.File("probe.jpg"); // a file is known by its content
        _cli.Run("an2", "wrap", photo, "--out", file).Expect(0);
        Assert.Equal(
            _cli.Run("detect", photo, "--json").Expect(0).Json.GetRawText(),
            _cli.Run("detect", file, "--json").Expect(0).Json.GetRawText());
        Assert.Equal(1, _cli.Run("compare", photo, file, "--json").Expect(0).Json.GetProperty("score").GetDouble(), 3);
        Assert.Equal(1, _cli.Run("enroll", "-g", "people", file, "--json").Expect(0).Json.GetProperty("enrolled").GetInt32());
        // What is enrolled is the image in it: under the same name it is there already.
        File.Copy(photo, _cli.File("probe.jpeg"));
        Assert.Equal(
            1, _cli.Run("enroll", "-g", "people", _cli.File("probe.jpeg"), "--json").Expect(0).Json.GetProperty("duplicates").GetInt32());
    }

    [Theory]
    [InlineData("type-10-branded-tattoo-mark.an2", "not_a_face"), InlineData("type9.an2k", "no_image_record"),
        InlineData("type-10-sap10.an2", null)]
    public void Files_of_nist_are_searched_or_refused_with_the_reason(string file, string? reason)
    {
        var probe = TestData.Require("an2/" + file);
        _cli.Run("gallery", "create", "people").Expect(0);
        var outcome = _cli.Run("search", "-g", "people", probe, "--json").Expect(reason is null ? 1 : 2);
        if (reason is null)
            Assert.Equal(
                (1, 1181), (outcome.Json.GetProperty("probe").GetProperty("facesFound").GetInt32(), outcome.Json.GetProperty("probe")
                    .GetProperty("imageWidth").GetInt32()));
        else
            Assert.Equal(reason, outcome.Json.GetProperty("error").GetProperty("reason").GetString());
    }

    private static byte[] Raw(int idc, int width, int height) =>
        Header().Add(Face([.. Enumerable.Range(0, width * height).Select(i => (byte)i)], width, height).ToRecord(idc)).ToBytes();

    private static TransactionBuilder Header() => new()
    {
        TransactionType = "FRS", Time = DateTimeOffset.UnixEpoch, DestinationAgency = "D", OriginatingAgency = "O", ControlNumber = "1",
    };

    private static FaceRecordContent Face(byte[] pixels, int width, int height) => new()
    {
        Image = pixels, Width = width, Height = height, Compression = CompressionAlgorithms.None, ColorSpace = ColorSpaces.Gray,
        SourceAgency = "O", PhotoDate = new DateOnly(2026, 1, 1),
    };
}
