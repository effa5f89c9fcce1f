using System.Diagnostics;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Images.Isolation;

namespace MatchEngine.Cli.Tests.Isolation;

/// <summary>Decoding in child processes. It is tested here because the child must be a program, and the command is one.</summary>
public sealed class IsolatedImageDecoderTests : IDisposable
{
    private static readonly string[] Command =
    [
        Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
        Matchengine.Program,
        DecoderProcess.Verb,
    ];

    private readonly IsolatedImageDecoder _decoder = new(new IsolationOptions { Command = Command });

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    public void Dispose() => _decoder.Dispose();

    private static byte[] Sample { get; } = File.ReadAllBytes(Matchengine.Sample(1));

    [Fact]
    public void Pixels_are_those_of_the_process_itself_and_one_child_serves_many_images()
    {
        for (var number = 1; number <= 6; number++)
        {
            var bytes = File.ReadAllBytes(Matchengine.Sample(number));
            using var expected = ImageDecoder.Decode(bytes);
            using var image = _decoder.Decode(bytes, ImageLimits.Default, Ends);
            Assert.Equal((expected.Width, expected.Height), (image.Width, image.Height));
            Assert.True(expected.Pixels.SequenceEqual(image.Pixels));
        }
        Assert.Single(_decoder.Children);
    }

    [Fact]
    public void A_picture_too_large_to_be_held_is_scaled_down_alike()
    {
        var limits = new ImageLimits(MaxDecodedPixels: 700_000);
        using var expected = ImageDecoder.Decode(Sample, limits);
        using var image = _decoder.Decode(Sample, limits, Ends);
        Assert.True(expected.Width < expected.OriginalWidth);
        Assert.Equal(
            (expected.Width, expected.Height, expected.OriginalWidth, expected.OriginalHeight),
            (image.Width, image.Height, image.OriginalWidth, image.OriginalHeight));
        Assert.True(expected.Pixels.SequenceEqual(image.Pixels));
    }

    [Fact]
    public void Refusals_are_those_of_the_process_itself_and_cost_no_child()
    {
        using (_decoder.Decode(Sample, ImageLimits.Default, Ends))
        {
        }
        var child = Assert.Single(_decoder.Children);
        var small = new ImageLimits(MaxPixels: 1000);
        foreach (var (bytes, limits) in (ReadOnlySpan<(byte[], ImageLimits)>)[
            ([], ImageLimits.Default), ("no image"u8.ToArray(), ImageLimits.Default), (Sample[..5000], ImageLimits.Default),
            (Sample, small), (Sample, new ImageLimits(MaxBytes: 10))])
        {
            var expected = Assert.Throws<AcquisitionException>(() => ImageDecoder.Decode(bytes, limits));
            var told = Assert.Throws<AcquisitionException>(() => _decoder.Decode(bytes, limits, Ends));
            Assert.Equal((expected.Reason, expected.Message), (told.Reason, told.Message));
        }
        Assert.Equal(child, Assert.Single(_decoder.Children));
    }

    [Fact]
    public async Task An_image_whose_child_is_killed_is_refused_and_the_next_one_is_decoded() => await KillAsync(_decoder, 3);

    [Fact(Explicit = true)]
    public async Task Three_hundred_kills_lose_no_image_but_their_own() => await KillAsync(_decoder, 300);

    [Fact]
    public void A_child_that_died_between_two_images_is_replaced_without_a_word()
    {
        _decoder.Decode(Sample, ImageLimits.Default, Ends).Dispose();
        using (var child = Process.GetProcessById(Assert.Single(_decoder.Children)))
        {
            child.Kill();
            child.WaitForExit();
        }
        _decoder.Decode(Sample, ImageLimits.Default, Ends).Dispose();
    }

    [Fact]
    public void A_child_that_hangs_is_killed()
    {
        // A program that reads and never answers.
        using var hanging = new IsolatedImageDecoder(
            new IsolationOptions { Command = ["sleep", "1000"], Timeout = TimeSpan.FromMilliseconds(300) });
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the command sleep");
        var error = Assert.Throws<AcquisitionException>(() => hanging.Decode(Sample, ImageLimits.Default, Ends));
        Assert.Equal(AcquisitionFailure.DecoderFailed, error.Reason);
        Assert.Contains("longer than 0.3 s", error.Message, StringComparison.Ordinal);
        Assert.Empty(hanging.Children);
    }

    [Fact]
    public void A_child_that_answers_nonsense_is_not_believed()
    {
        // A program that sends back what it gets: the first byte of a length is no kind of answer.
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the command cat");
        using var parrot = new IsolatedImageDecoder(new IsolationOptions { Command = ["cat"] });
        Assert.Equal(
            AcquisitionFailure.DecoderFailed,
            Assert.Throws<AcquisitionException>(() => parrot.Decode(Sample, ImageLimits.Default, Ends)).Reason);
    }

    [Fact]
    public void A_program_that_is_not_there_is_told()
    {
        using var nothing = new IsolatedImageDecoder(new IsolationOptions { Command = ["/no/such/program"] });
        Assert.Equal(
            AcquisitionFailure.DecoderFailed,
            Assert.Throws<AcquisitionException>(() => nothing.Decode(Sample, ImageLimits.Default, Ends)).Reason);
    }

    [Fact]
    public async Task Callers_at_one_time_have_a_child_each()
    {
        using var barrier = new Barrier(3);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
            () =>
            {
                barrier.SignalAndWait(Ends);
                for (var i = 0; i < 5; i++)
                    _decoder.Decode(Sample, ImageLimits.Default, Ends).Dispose();
            },
            Ends,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        Assert.InRange(_decoder.Children.Count, 1, 3);
    }

    [Fact]
    public async Task Cancelling_ends_the_decoding()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ends);
        var decoding = Task.Run(() => _decoder.Decode(Sample, ImageLimits.Default, cancel.Token), Ends);
        while (_decoder.Children.Count == 0 && !decoding.IsCompleted)
            await Task.Yield();
        await cancel.CancelAsync();
        try
        {
            (await decoding).Dispose();
        }
        catch (OperationCanceledException)
        {
            Assert.Empty(_decoder.Children);
        }
    }

    [Fact]
    public void A_child_on_Linux_may_write_no_file_and_leave_no_dump()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "limits are set on Linux");
        _decoder.Decode(Sample, ImageLimits.Default, Ends).Dispose();
        var limits = File.ReadAllLines($"/proc/{Assert.Single(_decoder.Children)}/limits");
        Assert.Matches(@"^Max file size +0 +0 ", limits.Single(line => line.StartsWith("Max file size", StringComparison.Ordinal)));
        Assert.Matches(
            @"^Max core file size +0 +0 ", limits.Single(line => line.StartsWith("Max core file size", StringComparison.Ordinal)));
        Assert.DoesNotContain(
            "unlimited", limits.Single(line => line.StartsWith("Max address space", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(
            File.ReadAllLines($"/proc/{Assert.Single(_decoder.Children)}/status"),
            line => line.StartsWith("NoNewPrivs:", StringComparison.Ordinal) && line.EndsWith('1'));
    }

    [Fact]
    public void The_command_says_the_same_with_and_without_it()
    {
        using var cli = new Matchengine();
        var plain = cli.Run("detect", Matchengine.Sample(1), "--json").Expect(0);
        var isolated = cli.Run("detect", Matchengine.Sample(1), "--isolate-decoder", "--json").Expect(0);
        Assert.Equal((plain.Output, ""), (isolated.Output, isolated.Error));
        var broken = cli.File("cut.jpg");
        File.WriteAllBytes(broken, Sample[..5000]);
        Assert.Contains("cut short", cli.Run("detect", broken, "--isolate-decoder").Expect(2).Error, StringComparison.Ordinal);
    }

    /// <summary>
    /// Has images decoded while somebody kills the children: each image comes out whole or is refused for that reason,
    /// and the next one is decoded.
    /// </summary>
    private static async Task KillAsync(IsolatedImageDecoder decoder, int kills)
    {
        using var expected = ImageDecoder.Decode(Sample);
        var refused = 0;
        while (refused < kills)
        {
            var decoding = Task.Run(() => decoder.Decode(Sample, ImageLimits.Default, Ends), Ends);
            // As soon as a child is there and has the image; some are killed while they start, some in the midst of it.
            var spins = refused % 40 * 25_000;
            while (!decoding.IsCompleted)
            {
                foreach (var id in decoder.Children)
                {
                    Thread.SpinWait(spins);
                    try
                    {
                        using var child = Process.GetProcessById(id);
                        child.Kill();
                    }
                    catch (Exception error) when (error is ArgumentException or InvalidOperationException
                        or System.ComponentModel.Win32Exception)
                    {
                        // Gone already.
                    }
                }
                await Task.Yield();
            }
            try
            {
                using var image = await decoding;
                Assert.True(expected.Pixels.SequenceEqual(image.Pixels));
            }
            catch (AcquisitionException error)
            {
                Assert.Equal(AcquisitionFailure.DecoderFailed, error.Reason);
                Assert.Contains("did not survive", error.Message, StringComparison.Ordinal);
                refused++;
                using var after = decoder.Decode(Sample, ImageLimits.Default, Ends);
                Assert.True(expected.Pixels.SequenceEqual(after.Pixels));
            }
        }
        Assert.Single(decoder.Children);
    }
}
