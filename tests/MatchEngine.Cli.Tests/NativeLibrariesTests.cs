using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using MatchEngine.Tests;

namespace MatchEngine.Cli.Tests;

/// <summary>Which native libraries a build and a publish of the command carry: libvips, ONNX Runtime and SQLite, of one platform.</summary>
public sealed class NativeLibrariesTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void The_output_of_a_build_holds_those_of_this_platform_alone()
    {
        var runtimes = Path.Combine(AppContext.BaseDirectory, "runtimes");
        // An earlier build may have left folders that are empty now.
        var folder = Assert.Single(
            Directory.GetDirectories(runtimes, "native", SearchOption.AllDirectories), native => Directory.EnumerateFiles(native).Any());
        AssertComplete(folder, RuntimeInformation.ProcessArchitecture);
    }

    /// <summary>Explicit: builds all once for each. The launcher is left out: what is asked for is what lies beside it.</summary>
    [Theory(Explicit = true)]
    [InlineData("linux-arm64", "libvips.so.42", "libonnxruntime.so", "libe_sqlite3.so")]
    [InlineData("linux-x64", "libvips.so.42", "libonnxruntime.so", "libe_sqlite3.so", "Magick.Native-Q8-x64.dll.so")]
    [InlineData("osx-arm64", "libvips.42.dylib", "libonnxruntime.dylib", "libe_sqlite3.dylib")]
    [InlineData("win-arm64", "libvips-42.dll", "onnxruntime.dll", "e_sqlite3.dll")]
    [InlineData("win-x64", "libvips-42.dll", "onnxruntime.dll", "e_sqlite3.dll", "Magick.Native-Q8-x64.dll")]
    public void A_publish_carries_those_of_its_platform(string platform, params string[] files)
    {
        var folder = Publish("-r", platform, "-p:UseAppHost=false");
        Assert.All(files, file => Assert.True(File.Exists(Path.Combine(folder, file)), $"{file} is missing"));
        AssertComplete(folder, platform.EndsWith("arm64", StringComparison.Ordinal) ? Architecture.Arm64 : Architecture.X64);
        // The second decoder has libraries for x64 alone; elsewhere its formats are refused by name.
        Assert.Equal(
            files.Count(file => file.StartsWith("Magick", StringComparison.Ordinal)), Directory.GetFiles(folder, "Magick.Native*").Length);
        Assert.False(Directory.Exists(Path.Combine(folder, "runtimes")));
    }

    /// <summary>Explicit: fetches the .NET runtime and builds all.</summary>
    [Fact(Explicit = true)]
    public void A_publish_that_brings_its_own_runtime_runs_from_elsewhere()
    {
        var folder = Publish("--use-current-runtime", "--self-contained");
        string[] arguments = ["compare", Matchengine.Sample(1), Matchengine.Sample(1), "--face", "1", "--json"];
        using var compare = Process.Start(new ProcessStartInfo(Path.Combine(folder, "matchengine"), arguments)
        {
            WorkingDirectory = Path.GetTempPath(),
            RedirectStandardOutput = true,
        })!;
        Assert.Contains("\"score\": 1", compare.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
        Assert.True(compare.WaitForExit(Patience));
    }

    /// <summary>Explicit: builds all once more.</summary>
    [Fact(Explicit = true)]
    public void A_publish_without_the_second_decoder_runs_and_refuses_its_formats_by_name()
    {
        var folder = Publish(
            "--use-current-runtime", "--no-self-contained", "-p:SecondDecoder=false", "-p:RestoreLockedMode=false");
        Assert.Empty(Directory.GetFiles(folder, "Magick*").Concat(Directory.GetFiles(folder, "MatchEngine.Codecs*")));
        var jp2 = _cli.File("a.jp2");
        File.WriteAllBytes(jp2, [0, 0, 0, 12, (byte)'j', (byte)'P', 32, 32, 13, 10, 0x87, 10]);
        foreach (var (file, exit, word) in new[] { (jp2, 2, "JPEG 2000 is not read here"), (Matchengine.Sample(1), 0, "") })
        {
            using var detect = Process.Start(new ProcessStartInfo(Path.Combine(folder, "matchengine"), ["detect", file])
            {
                RedirectStandardOutput = true, RedirectStandardError = true,
            })!;
            var output = detect.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var told = detect.StandardError.ReadToEnd();
            Assert.True(detect.WaitForExit(Patience) && output.IsCompleted);
            Assert.Equal(exit, detect.ExitCode);
            Assert.Contains(word, told, StringComparison.Ordinal);
        }
    }

    /// <summary>Publishes the command with the packages that the lock files name, and nothing left behind in the repository.</summary>
    private string Publish(params string[] options)
    {
        var folder = _cli.File("published");
        string[] arguments =
        [
            "publish", Path.Combine(TestData.Repository, "src", "MatchEngine.Cli"), "-c", "Release", "-p:RestoreLockedMode=true",
            // What is asked is which libraries lie there; compiling it all ahead of time takes a minute a platform.
            "-p:PublishReadyToRun=false",
            "--artifacts-path", _cli.File("artifacts"), "-o", folder, .. options,
        ];
        using var publish = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true })!;
        var output = publish.StandardOutput.ReadToEnd();
        Assert.True(publish.WaitForExit(Patience));
        Assert.True(publish.ExitCode == 0, output);
        return folder;
    }

    private static void AssertComplete(string folder, Architecture architecture)
    {
        foreach (var name in (ReadOnlySpan<string>)["vips", "onnxruntime", "e_sqlite3"])
        {
            // onnxruntime.lib is for linkers.
            var file = Assert.Single(Directory.GetFiles(folder), file => Path.GetExtension(file) != ".lib"
                && Path.GetFileName(file).Replace("lib", "", StringComparison.Ordinal).Split('.', '-')[0] == name);
            Assert.Equal(architecture, ArchitectureOf(file));
        }
    }

    /// <summary>What the header of an ELF, Mach-O or PE file says it is for.</summary>
    private static Architecture ArchitectureOf(string file)
    {
        var bytes = File.ReadAllBytes(file).AsSpan();
        var machine = bytes[..4] switch
        {
            [0x7F, (byte)'E', (byte)'L', (byte)'F'] => BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]),
            [0xCF, 0xFA, 0xED, 0xFE] => BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            [(byte)'M', (byte)'Z', ..] =>
                BinaryPrimitives.ReadUInt16LittleEndian(bytes[(BinaryPrimitives.ReadInt32LittleEndian(bytes[60..]) + 4)..]),
            _ => throw new InvalidDataException($"{file} is no native library"),
        };
        return machine switch
        {
            62 or 0x8664 or 0x0100_0007 => Architecture.X64,
            183 or 0xAA64 or 0x0100_000C => Architecture.Arm64,
            _ => throw new InvalidDataException($"{file} is for machine {machine}"),
        };
    }
}
