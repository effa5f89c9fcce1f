using System.Runtime.InteropServices;
using MatchEngine.Faces.Images;

namespace MatchEngine.Faces.Tests.Images;

public sealed class ImageTests
{
    [Fact]
    public unsafe void Disposing_overwrites_the_pixels()
    {
        var image = new Image(64, 64);
        image.Pixels.Fill(0xAB);
        var address = (byte*)Unsafe(image.Pixels);
        image.Dispose();
        // The memory is free now and may be in use again; a long run of the old value would still be the old picture.
        var survivors = 0;
        for (var i = 64; i < 3 * 64 * 64; i++)
            survivors += address[i] == 0xAB ? 1 : 0;
        Assert.InRange(survivors, 0, 64);
        Assert.Throws<ObjectDisposedException>(() => image.Pixels.Length);
        image.Dispose();
    }

    private static unsafe void* Unsafe(Span<byte> span)
    {
        fixed (byte* pointer = &MemoryMarshal.GetReference(span))
            return pointer;
    }

    [Theory]
    [InlineData(0, 5), InlineData(5, 0), InlineData(-1, 5), InlineData(40_000, 40_000)]
    public void Impossible_sizes_are_refused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Image(width, height));
}
