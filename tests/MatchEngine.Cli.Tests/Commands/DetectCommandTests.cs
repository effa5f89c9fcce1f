using MatchEngine.Faces.Images;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Cli.Tests.Commands;

public sealed class DetectCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Faces_are_listed_and_drawn()
    {
        var found = _cli.Run("detect", Matchengine.Sample(1), "--draw", _cli.File("drawn.png"), "--json").Expect(0).Json;
        Assert.Equal(3, found.GetProperty("faces").GetArrayLength());
        using var original = ImageDecoder.Decode(File.ReadAllBytes(Matchengine.Sample(1)));
        using var drawn = ImageDecoder.Decode(File.ReadAllBytes(_cli.File("drawn.png")));
        Assert.Equal((original.Width, original.Height), (drawn.Width, drawn.Height));
        var box = found.GetProperty("faces")[0].GetProperty("box");
        var (x, y) = ((int)box.GetProperty("x").GetDouble() + 30, (int)box.GetProperty("y").GetDouble() + 1);
        Assert.Equal([0x20, 0xE0, 0x60], drawn.Row(y).Slice(3 * x, 3).ToArray());
        Assert.True(original.Row(5)[..300].SequenceEqual(drawn.Row(5)[..300]));
    }

    [Fact]
    public void Quality_is_told_face_by_face()
    {
        var face = _cli.Run("detect", Matchengine.Sample(1), "--json").Expect(0).Json.GetProperty("faces")[0];
        Assert.InRange(face.GetProperty("quality").GetProperty("overall").GetDouble(), 40, 100);
        var components = face.GetProperty("quality").GetProperty("components").EnumerateArray().ToList();
        Assert.Equal(
            QualityMeasure.All.Select(measure => measure.Name), components.Select(component => component.GetProperty("name").GetString()));
        Assert.All(components, component => Assert.Equal(
            ["name", "value", "unit", "score", "limit", "limitIs", "advice"],
            component.EnumerateObject().Select(property => property.Name)));
        var text = _cli.Run("detect", Matchengine.Sample(1), "--quality").Expect(0).Output;
        Assert.All(QualityMeasure.All, measure => Assert.Contains(measure.Name, text, StringComparison.Ordinal));
        Assert.DoesNotContain("HeadPoseYaw", _cli.Run("detect", Matchengine.Sample(1)).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void No_face_is_exit_code_1()
    {
        using (var blank = new Image(200, 200))
            File.WriteAllBytes(_cli.File("blank.png"), ImageEncoder.ToPng(blank));
        Assert.Equal(0, _cli.Run("detect", _cli.File("blank.png"), "--json").Expect(1).Json.GetProperty("faces").GetArrayLength());
    }

    [Theory]
    [InlineData("jpeg"), InlineData("png"), InlineData("webp")]
    public void A_damaged_file_gives_one_line_of_ours_and_no_noise_of_a_decoder(string kind)
    {
        byte[] start = kind switch
        {
            "jpeg" => File.ReadAllBytes(Matchengine.Sample(2))[..5000],
            "png" =>
            [
                0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, (byte)'I', (byte)'H', (byte)'D', (byte)'R', 0, 0, 0, 9,
                0, 0, 0, 9, 8, 2, 0, 0, 0, 1, 2, 3, 4,
            ],
            _ => [.. "RIFF"u8, 100, 0, 0, 0, .. "WEBPVP8 "u8, 80, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7],
        };
        File.WriteAllBytes(_cli.File("damaged"), start);
        var outcome = _cli.Run("detect", _cli.File("damaged"), "--json").Expect(2);
        Assert.Equal("undecodable", outcome.Json.GetProperty("error").GetProperty("reason").GetString());
        var line = Assert.Single(outcome.Error.TrimEnd().Split('\n'));
        Assert.StartsWith("matchengine: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_written_outside_the_data_folder()
    {
        // ONNX Runtime, left alone, keeps a database of its sessions below the user's cache folder.
        var home = Directory.CreateDirectory(_cli.File("home")).FullName;
        foreach (var name in (string[])["HOME", "XDG_CACHE_HOME", "TMPDIR", "USERPROFILE", "LOCALAPPDATA"])
            _cli.Variables[name] = home;
        _cli.Variables["DOTNET_EnableDiagnostics"] = "0"; // the runtime's own socket in the folder for temporary files
        _cli.Run("detect", Matchengine.Sample(3)).Expect(0);
        Assert.Empty(Directory.EnumerateFileSystemEntries(home));
        // Nor in it: a photo that is looked at leaves nothing.
        Assert.Equal(["home"], Directory.EnumerateFileSystemEntries(_cli.Folder).Select(Path.GetFileName).Order());
    }
}
