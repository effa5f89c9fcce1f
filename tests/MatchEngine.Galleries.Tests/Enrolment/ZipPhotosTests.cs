using System.IO.Compression;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Enrolment;

public sealed class ZipPhotosTests(ITestOutputHelper output)
{
    [Fact]
    public void Photos_are_listed_by_name_and_read_whole_and_the_rest_is_counted()
    {
        using var folder = new TemporaryFolder();
        var (a, b) = (Noise(1, 5000), Noise(2, 300_000));
        using var photos = new ZipPhotos(folder.Write("a.zip", Zip(("b/2.JPG", b), ("a.jpg", a), ("notes.txt", [1]), ("b/", []),
            ("__MACOSX/a.jpg", [1]))));
        var skipped = new SkippedFiles();
        Assert.Equal(["a.jpg", "b/2.JPG"], photos.List(skipped));
        Assert.Equal((1, 1), (skipped.Kinds[".txt"], skipped.Kinds[".jpg"]));
        using (var read = photos.Read("b/2.JPG", ImageLimits.Default))
            Assert.True(read.Span.SequenceEqual(b));
        using (var read = photos.Read("a.jpg", ImageLimits.Default))
            Assert.True(read.Span.SequenceEqual(a));
        // With the last one it is closed: nobody holds it.
        File.Delete(folder.Sub("a.zip"));
    }

    [Fact]
    public void Too_large_and_too_well_packed_entries_are_refused_before_they_are_unpacked()
    {
        using var folder = new TemporaryFolder();
        using var photos = new ZipPhotos(folder.Write("a.zip", Zip(("bomb.bmp", new byte[20 << 20]), ("large.jpg", Noise(1, 40_000)))));
        Assert.Equal(2, photos.List(new SkippedFiles()).Count);
        foreach (var (name, limits) in new[] { ("bomb.bmp", ImageLimits.Default), ("large.jpg", new ImageLimits(MaxBytes: 39_999)) })
            Assert.Equal(
                AcquisitionFailure.TooLarge, Assert.Throws<AcquisitionException>(() => photos.Read(name, limits)).Reason);
    }

    [Fact]
    public void No_more_of_an_entry_is_unpacked_than_its_directory_says()
    {
        using var folder = new TemporaryFolder();
        var zip = Zip(("a.jpg", Noise(1, 5000)));
        // The directory's size without packing, of the one entry: 24 bytes behind its signature.
        var directory = zip.AsSpan().LastIndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(zip.AsSpan(directory + 24), 100);
        using var photos = new ZipPhotos(folder.Write("a.zip", zip));
        Assert.Single(photos.List(new SkippedFiles()));
        using var read = photos.Read("a.jpg", ImageLimits.Default);
        Assert.InRange(read.Span.Length, 0, 100);
    }

    [Fact]
    public void Names_that_lead_elsewhere_lead_nowhere()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.zip", Zip(("../../etc/x.jpg", Noise(1, 50)), ("/root/y.jpg", Noise(2, 50)), ("a\\b.jpg", Noise(3, 50))));
        using var source = new FolderSource([folder.Sub("a.zip")]);
        var items = source.Read().Cast<EnrolmentItem>().ToList();
        Assert.Equal(["etc/x", "root/y", "a/b"], items.Select(item => item.Subject));
        Assert.All(items, item => Assert.StartsWith(folder.Sub("a.zip"), item.Image, StringComparison.Ordinal));
        foreach (var item in items)
            item.Open!(ImageLimits.Default).Dispose();
    }

    [Fact]
    public void Names_that_no_path_can_have_are_skipped_and_told()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.zip", Zip(("a\0b.jpg", Noise(1, 50)), ("c\u001B[2J.jpg", Noise(2, 50)), ("d.jpg", Noise(3, 50))));
        using var source = new FolderSource([folder.Sub("a.zip")]);
        Assert.Equal("d", Assert.IsType<EnrolmentItem>(Assert.Single(source.Read())).Subject);
        Assert.Equal(2, source.Skipped.Kinds["entry with an unusable name"]);
    }

    [Fact]
    public void Mutants_are_read_or_refused() => Fuzz(400, seed: 20261130);

    [Fact(Explicit = true)]
    public void Twenty_thousand_mutants_are_read_or_refused() => Fuzz(20_000, Environment.TickCount);

    private void Fuzz(int mutants, int seed)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        var whole = Zip(("a.jpg", Noise(1, 700)), ("b/c.an2", new byte[900]), ("d.txt", Noise(3, 60)), ("e.png", Noise(4, 300)));
        var limits = new ImageLimits(MaxBytes: 1 << 20);
        var (read, refused) = (0, 0);
        for (var i = 0; i < mutants; i++)
        {
            var file = folder.Write("m.zip", Mutate(whole, random));
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using var source = new FolderSource([file]);
                foreach (var entry in source.Read())
                    if (entry is not EnrolmentItem item)
                        refused++;
                    else
                    {
                        try
                        {
                            using var bytes = item.Open!(limits);
                            Assert.InRange(bytes.Span.Length, 0, 1 << 20);
                            read++;
                        }
                        catch (AcquisitionException)
                        {
                            refused++;
                        }
                    }
            }
            catch (Exception error) when (error is not AcquisitionException)
            {
                throw new InvalidOperationException($"mutant {i} of seed {seed}: {error}", error);
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        }
        output.WriteLine($"{read} entries read, {refused} refused, seed {seed}");
        Assert.True(read > mutants / 10 && refused > mutants / 10, $"{read} read, {refused} refused");
    }

    private static byte[] Mutate(byte[] whole, Random random) => random.Next(4) switch
    {
        0 => Mutants.BitsFlipped(whole, random),
        // Most of what matters is in the directory, at the end.
        1 => Mutants.BytesDrawn(whole, 4, whole.AsSpan().IndexOf("PK\u0001\u0002"u8), whole.Length, random),
        2 => Mutants.Extreme(whole, random),
        _ => Mutants.Cut(whole, random),
    };

    private static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
            foreach (var (name, content) in entries)
                using (var entry = zip.CreateEntry(name).Open())
                    entry.Write(content);
        return file.ToArray();
    }

    private static byte[] Noise(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
