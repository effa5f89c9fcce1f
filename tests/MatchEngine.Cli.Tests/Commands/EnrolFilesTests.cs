using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;

namespace MatchEngine.Cli.Tests.Commands;

/// <summary>What people really have on their disks, given to <c>enroll</c> by whole processes.</summary>
public sealed class EnrolFilesTests : IDisposable
{
    private static readonly string[] Lenient = ["--faces", "largest", "--min-quality", "none", "--json"];

    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    private string Photos => Directory.CreateDirectory(_cli.File("photos")).FullName;

    [Fact]
    public async Task Two_first_enrolments_into_one_new_gallery_both_succeed()
    {
        Copy(1, "a.jpg");
        Copy(3, "b.jpg");
        Process[] both =
        [
            .. new[] { "a.jpg", "b.jpg" }.Select(name => _cli.Start(["enroll", "-g", "new", Path.Combine(Photos, name), .. Lenient])),
        ];
        var errors = await Task.WhenAll(both.Select(process => process.StandardError.ReadToEndAsync(Ends)));
        foreach (var (process, error) in both.Zip(errors))
        {
            await process.WaitForExitAsync(Ends);
            Assert.True(process.ExitCode == 0, error);
            process.Dispose();
        }
        Assert.Single(errors, error => error.Contains("Created gallery", StringComparison.Ordinal));
        Assert.Equal(2, _cli.Run("gallery", "show", "new", "--json").Expect(0).Json.GetProperty("subjects").GetInt32());
    }

    [Fact]
    public void Pipes_sockets_and_devices_in_a_folder_are_named_and_skipped()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs mkfifo");
        Copy(1, "a.jpg");
        using (var make = Process.Start("mkfifo", Path.Combine(Photos, "b.jpg")))
            make.WaitForExit();
        using var socket = new System.Net.Sockets.Socket(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(Path.Combine(Photos, "c.jpg")));
        File.CreateSymbolicLink(Path.Combine(Photos, "d.jpg"), "/dev/zero");
        var outcome = _cli.Run(["enroll", "-g", "g", Photos, .. Lenient]).Expect(0);
        Assert.Equal(1, outcome.Json.GetProperty("enrolled").GetInt32());
        var skipped = outcome.Json.GetProperty("skipped");
        foreach (var (name, kind) in new[] { ("b.jpg", "pipe"), ("c.jpg", "socket"), ("d.jpg", "device") })
        {
            Assert.Equal(1, skipped.GetProperty(kind).GetInt32());
            Assert.Contains($"{Path.Combine(Photos, name)}: skipped ({kind})", outcome.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Files_of_records_and_zip_archives_lie_in_folders_and_what_is_no_photo_is_counted_by_kind()
    {
        Copy(1, "a.jpg");
        _cli.Run(
            "an2", "wrap", Matchengine.Sample(3), "--out", Path.Combine(Photos, "b.an2")).Expect(0);
        File.WriteAllBytes(Path.Combine(Photos, "c.fir"), [.. "FAC\0010\0"u8, .. File.ReadAllBytes(Matchengine.Sample(4))]);
        File.WriteAllText(
            Path.Combine(Photos, "d.xml"),
            "<x:faceImageDataBlock xmlns:x='y'><x:representationData2D>"
                + Convert.ToBase64String(File.ReadAllBytes(Matchengine.Sample(5))) + "</x:representationData2D></x:faceImageDataBlock>");
        File.WriteAllText(Path.Combine(Photos, "readme.TXT"), "no photo");
        File.WriteAllText(Path.Combine(Photos, "LICENSE"), "no photo");
        using (var zip = ZipFile.Open(Path.Combine(Photos, "e.zip"), ZipArchiveMode.Create))
        {
            zip.CreateEntryFromFile(Matchengine.Sample(6), "people/f.jpg");
            zip.CreateEntryFromFile(Path.Combine(Photos, "b.an2"), "people\\g.an2");
            zip.CreateEntryFromFile(Path.Combine(Photos, "readme.TXT"), "notes.txt");
        }
        var report = _cli.Run(["enroll", "-g", "g", Photos, .. Lenient]).Expect(0).Json;
        // The photo of b is that of g too: enrolled as two people, and one is a wrong label.
        Assert.Equal(6, report.GetProperty("enrolled").GetInt32());
        Assert.Contains("same_photo_other_subject", report.GetProperty("warnings").ToString(), StringComparison.Ordinal);
        Assert.Equal(2, report.GetProperty("skipped").GetProperty(".txt").GetInt32());
        Assert.Equal(1, report.GetProperty("skipped").GetProperty("no extension").GetInt32());
        var found = _cli.Run("search", "-g", "g", Matchengine.Sample(6), "--face", "largest", "--min-quality", "none", "--json").Expect(0);
        Assert.Equal("e.zip/people/f", found.Json.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
        Assert.Contains("Skipped, as no photos: 2 .txt, 1 no extension.", _cli.Run(["enroll", "-g", "g", Photos, .. Lenient[..^1]]).Output);
    }

    [Fact]
    public void An_archive_that_is_no_archive_or_a_bomb_costs_itself_alone()
    {
        Copy(1, "a.jpg");
        File.WriteAllText(Path.Combine(Photos, "b.zip"), "no archive");
        using (var zip = ZipFile.Open(Path.Combine(Photos, "c.zip"), ZipArchiveMode.Create))
        using (var bomb = zip.CreateEntry("c.bmp", CompressionLevel.Optimal).Open())
            bomb.Write(new byte[50 << 20]);
        var report = _cli.Run(["enroll", "-g", "g", Photos, .. Lenient]).Expect(1).Json;
        Assert.Equal(
            (1, 2), (report.GetProperty("enrolled").GetInt32(), report.GetProperty("failed").GetInt32()));
        Assert.Equal(
            ["unreadable", "too_large"], report.GetProperty("failures").EnumerateArray().Select(f => f.GetProperty("reason").GetString()));
    }

    [Theory]
    [InlineData("image;subject;note\r\nphotos\\a.jpg;A;x\r\n", "A"), InlineData("image\tsubject\nphotos/a.jpg\tB\n", "B")]
    [InlineData("image,subject,note\nphotos/a.jpg,C,\"one\ntwo\"\n", "C"), InlineData("\uFEFFimage,subject\nphotos\\a.jpg,D\n", "D")]
    public void Tables_of_other_programs_are_read(string table, string subject)
    {
        Copy(1, "a.jpg");
        File.WriteAllText(_cli.File("t.csv"), table, new UTF8Encoding(false));
        _cli.Run(["enroll", "-g", "g", "--metadata", _cli.File("t.csv"), .. Lenient]).Expect(0);
        Assert.Equal(
            1, _cli.Run("gallery", "show", "g", "--json").Expect(0).Json.GetProperty("subjects").GetInt32());
        var found = _cli.Run(
            "search", "-g", "g", Path.Combine(Photos, "a.jpg"), "--face", "largest", "--min-quality", "none", "--json").Expect(0);
        Assert.Equal(subject, found.Json.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
    }

    [Fact]
    public void One_name_written_in_two_ways_is_one_subject()
    {
        // René as Linux and as macOS write it; both files, and a table that names the one by the other's name.
        Copy(1, "Ren\u00E9.jpg");
        _cli.Run(["enroll", "-g", "g", Photos, .. Lenient]).Expect(0);
        File.Delete(Path.Combine(Photos, "Ren\u00E9.jpg"));
        Copy(1, "Rene\u0301.png");
        Copy(3, "Rene\u0301.jpg");
        File.WriteAllText(_cli.File("t.csv"), "image,subject\nphotos/Ren\u00E9.jpg,Rene\u0301\n");
        _cli.Run(["enroll", "-g", "g", Photos, .. Lenient]).Expect(0);
        _cli.Run(["enroll", "-g", "g", "--metadata", _cli.File("t.csv"), .. Lenient]).Expect(0);
        Assert.Equal(1, _cli.Run("gallery", "show", "g", "--json").Expect(0).Json.GetProperty("subjects").GetInt32());
    }

    [Fact]
    public void A_data_folder_that_may_not_be_written_can_be_searched_and_listed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/setpriv"), "needs setpriv, to be somebody else");
        Copy(1, "a.jpg");
        _cli.Run(["enroll", "-g", "g", Photos, .. Lenient]).Expect(0);
        using (var open = Process.Start("chmod", ["-R", "a+rX", _cli.Folder]))
            open.WaitForExit();
        var search = AsNobody("search", "-g", "g", Path.Combine(Photos, "a.jpg"), "--face", "largest", "--min-quality", "none", "--json");
        Assert.True(search.ExitCode == 0, search.Error);
        Assert.Equal("a", search.Json.GetProperty("candidates")[0].GetProperty("subjectId").GetString());
        var list = AsNobody("gallery", "list");
        Assert.True(list.ExitCode == 0, list.Error);
        // To change it is refused, in words.
        var change = AsNobody(["enroll", "-g", "g", Photos, .. Lenient, "--keep-images"]);
        Assert.Equal(2, change.ExitCode);
        Assert.Contains("may not be written", change.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", change.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_of_galleries_with_a_damaged_one_alone_does_not_say_that_there_are_none()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_cli.Data, "galleries", "broken")).FullName;
        File.WriteAllText(Path.Combine(folder, "gallery.db"), "no database, but as long as one has to be to be looked at. ".PadRight(4096));
        var list = _cli.Run("gallery", "list").Expect(1);
        Assert.Contains("broken", list.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("There are no galleries", list.Output, StringComparison.Ordinal);
        Assert.Contains("There are no galleries", _cli.Run("gallery", "list", "--data", _cli.File("other")).Expect(0).Output);
    }

    [Fact]
    public void Partial_success_has_one_exit_code_whatever_verb_it_is()
    {
        Copy(1, "a.jpg");
        File.WriteAllText(Path.Combine(Photos, "b.jpg"), "no photo");
        // Enrolling some, none because all is there already beside a failure, and listing some.
        _cli.Run(["enroll", "-g", "g", Photos, .. Lenient]).Expect(1);
        _cli.Run(["enroll", "-g", "g", Photos, .. Lenient]).Expect(1);
        Directory.CreateDirectory(Path.Combine(_cli.Data, "galleries", "broken"));
        File.WriteAllText(Path.Combine(_cli.Data, "galleries", "broken", "gallery.db"), "no database".PadRight(4096));
        _cli.Run("gallery", "list").Expect(1);
        File.WriteAllText(_cli.File("t.csv"), "image,subject\nphotos/a.jpg,A\nphotos/b.jpg,B\n");
        _cli.Run(["enroll", "-g", "h", "--metadata", _cli.File("t.csv"), .. Lenient]).Expect(1);
    }

    [Fact]
    public void A_photo_that_lacks_its_end_marker_is_enrolled_with_a_warning_and_one_in_the_dark_refused_for_that()
    {
        File.WriteAllBytes(Path.Combine(Photos, "a.jpg"), File.ReadAllBytes(Matchengine.Sample(1))[..^2]);
        using (var black = new Image(300, 300))
            File.WriteAllBytes(Path.Combine(Photos, "b.png"), ImageEncoder.ToPng(black));
        var report = _cli.Run(["enroll", "-g", "g", Photos, .. Lenient]).Expect(1).Json;
        Assert.Equal("end_missing", Assert.Single(report.GetProperty("warnings").EnumerateArray()).GetProperty("reason").GetString());
        var failure = Assert.Single(report.GetProperty("failures").EnumerateArray());
        Assert.Equal(AcquisitionFailure.NoFace.ToCode(), failure.GetProperty("reason").GetString());
        Assert.Contains("nearly black", failure.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private void Copy(int sample, string name) => File.Copy(Matchengine.Sample(sample), Path.Combine(Photos, name));

    private Matchengine.Outcome AsNobody(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/setpriv")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        };
        string[] all =
        [
            "--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", Matchengine.Program,
            .. arguments,
        ];
        foreach (var argument in all)
            start.ArgumentList.Add(argument);
        (start.Environment["MATCHENGINE_DATA_DIR"], start.Environment["HOME"]) = (_cli.Data, "/nonexistent");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        Assert.True(process.WaitForExit(_cli.Patience));
        // Whoever is not root cannot become nobody, and tests nothing here.
        Assert.SkipWhen(error.Result.Contains("setpriv", StringComparison.Ordinal), "needs to be root, to become somebody else");
        return new Matchengine.Outcome(process.ExitCode, output.Result, error.Result);
    }
}
