using System.Reflection;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests;

public class ImageBytesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(1_000_000)]
    public void A_file_and_a_stream_are_read_whole(int length)
    {
        using var folder = new TemporaryFolder();
        var content = new byte[length];
        new Random(length).NextBytes(content);
        var file = folder.Write("probe.jpg", content);

        using var fromFile = ImageBytes.Read(file);
        using var fromStream = ImageBytes.Read(new TrickleStream(content));

        Assert.True(fromFile.Span.SequenceEqual(content));
        Assert.True(fromStream.Span.SequenceEqual(content));
    }

    [Fact]
    public void Disposing_overwrites_the_buffer_and_ends_its_use()
    {
        var bytes = ImageBytes.Read(new MemoryStream([1, 2, 3]));
        var buffer = (byte[])typeof(ImageBytes).GetField("_buffer", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(bytes)!;
        Assert.Equal([1, 2, 3], buffer[..3]);
        var view = bytes.Memory;
        Assert.Equal([1, 2, 3], view.ToArray());

        bytes.Dispose();

        Assert.Equal([0, 0, 0], view.ToArray());
        Assert.Throws<ObjectDisposedException>(() => bytes.Memory);
        Assert.All(buffer, b => Assert.Equal(0, b));
        Assert.Throws<ObjectDisposedException>(() => bytes.Span.Length);
        bytes.Dispose();
    }

    [Fact]
    public void More_bytes_than_the_limit_are_refused_from_file_and_stream()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("probe.jpg", new byte[101]);
        var limits = new ImageLimits(MaxBytes: 100);

        Assert.Equal(AcquisitionFailure.TooLarge, Assert.Throws<AcquisitionException>(() => ImageBytes.Read(file, limits)).Reason);
        Assert.Equal(
            AcquisitionFailure.TooLarge,
            Assert.Throws<AcquisitionException>(() => ImageBytes.Read(new MemoryStream(new byte[101]), limits)).Reason);
        using var within = ImageBytes.Read(new MemoryStream(new byte[100]), limits);
        Assert.Equal(100, within.Span.Length);
    }

    [Fact]
    public void A_file_far_above_the_limit_is_refused_without_being_read()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Sub("huge.jpg");
        using (var stream = File.Create(file))
            stream.SetLength(1L << 40);

        Assert.Equal(AcquisitionFailure.TooLarge, Assert.Throws<AcquisitionException>(() => ImageBytes.Read(file)).Reason);
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_unreadable()
    {
        using var folder = new TemporaryFolder();

        var missing = Assert.Throws<AcquisitionException>(() => ImageBytes.Read(folder.Sub("none.jpg")));
        var isFolder = Assert.Throws<AcquisitionException>(() => ImageBytes.Read(folder));

        Assert.Equal((AcquisitionFailure.Unreadable, AcquisitionFailure.Unreadable), (missing.Reason, isFolder.Reason));
        Assert.Contains("no such file", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_announces_no_length_is_read_to_its_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs /proc");

        using var bytes = ImageBytes.Read("/proc/self/cmdline");

        Assert.Equal(File.ReadAllBytes("/proc/self/cmdline"), bytes.Span);
    }

    /// <summary>Gives a stream's bytes a few at a time.</summary>
    private sealed class TrickleStream(byte[] content) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 7_777)]);
    }
}
