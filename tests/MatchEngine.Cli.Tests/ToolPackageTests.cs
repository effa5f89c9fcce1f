using System.IO.Compression;
using System.Text.Json;
using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests;

/// <summary>The command as a <c>dotnet tool</c>: packed, installed from a folder, and at its work.</summary>
public class ToolPackageTests
{
    [Fact]
    public void The_installed_command_enrols_and_finds_people_of_a_sample_photo()
    {
        using var tool = ToolPackage.Install("MatchEngine.Cli");

        tool.Run("matchengine", "enroll", "-g", "people", Matchengine.Sample(3), "--faces", "largest");
        var list = JsonDocument.Parse(
            tool.Run("matchengine", "search", "-g", "people", Matchengine.Sample(3), "--face", "largest", "--json")).RootElement;

        Assert.True(list.GetProperty("candidates")[0].GetProperty("score").GetDouble() > 0.99);
        using var package = ZipFile.OpenRead(tool.File);
        var files = package.Entries
            .Select(entry => entry.FullName.Replace("tools/net10.0/any/", "", StringComparison.Ordinal)).ToList();
        // What is passed on is passed on with its licence.
        Assert.Contains("models/LICENSE", files);
        Assert.Contains("samples/LICENSE", files);
        Assert.Contains(files, file => file.StartsWith("notices/NetVips.Native.", StringComparison.Ordinal));
        Assert.Contains("notices/Microsoft.ML.OnnxRuntime/ThirdPartyNotices.txt", files);
        // Models that the product does not use, and the users' data, are not in it.
        Assert.Equal(
            ["fr_detect", "fr_eye", "fr_feature", "fr_landmark", "fr_pose"],
            files.Where(file => file.EndsWith(".onnx", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension).Order());
        Assert.InRange(new FileInfo(tool.File).Length, 1, 100 << 20);
    }
}
