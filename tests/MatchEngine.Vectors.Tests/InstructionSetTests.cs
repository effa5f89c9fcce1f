using System.Diagnostics;
using MatchEngine.Vectors.Kernels;
using MatchEngine.Vectors.Tests.Exact;
using MatchEngine.Vectors.Tests.Kernels;

namespace MatchEngine.Vectors.Tests;

/// <summary>
/// Runs the tests of templates, kernels and index again in child processes with instruction sets switched off, as on an older processor.
/// The names are those of .NET 10: <c>EnableAVX512F</c>, which .NET 8 knew, is ignored without a word.
/// So the child also checks which kernel it got.
/// </summary>
public class InstructionSetTests
{
    [Theory]
    [InlineData("EnableAVXVNNI", "avx-vnni")]
    [InlineData("EnableAVX512", "avx-512")]
    [InlineData("EnableAVXVNNI EnableAVX512", "avx-vnni avx-512")]
    [InlineData("EnableAVX2", "avx-vnni avx-512 avx2")]
    [InlineData("EnableHWIntrinsic", "avx-vnni avx-512 avx2 arm-dp vector128")]
    public async Task The_same_tests_pass_without(string switches, string kernelsSwitchedOff)
    {
        var off = kernelsSwitchedOff.Split(' ');
        Assert.SkipUnless(
            DotKernel.All.Any(kernel => kernel.IsSupported && off.Contains(kernel.Name)),
            $"this processor has none of {kernelsSwitchedOff}");
        var expected = DotKernel.All.First(kernel => kernel.IsSupported && !off.Contains(kernel.Name)).Name;

        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList = { typeof(InstructionSetTests).Assembly.Location, "-noLogo", "-noColor" },
        };
        foreach (var type in new[]
        {
            typeof(DotKernelTests), typeof(DotProductTests), typeof(SketchKernelTests), typeof(Float16DotTests), typeof(FloatDotTests),
            typeof(ExactIndexTests), typeof(BestPerSubjectTests), typeof(TemplateTests), typeof(TemplateFormatTests),
        })
        {
            start.ArgumentList.Add("-class");
            start.ArgumentList.Add(type.FullName!);
        }
        foreach (var name in switches.Split(' '))
            start.Environment["DOTNET_" + name] = "0";
        start.Environment["MATCHENGINE_EXPECTED_KERNEL"] = expected;

        using var child = Process.Start(start)!;
        var output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        try
        {
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        finally
        {
            if (!child.HasExited)
                child.Kill(entireProcessTree: true);
        }
        Assert.True(child.ExitCode == 0, $"without {switches}:\n{await output}\n{await errors}");
        // The child reports what it ran: an empty selection would pass too.
        Assert.Matches(@"Total: ([5-9]\d|\d{3})", await output);
    }
}
