using MatchEngine.Frs.Probes;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Intake;

public class OwnedBufferTests
{
    [Fact]
    public void Grows_and_clears_what_it_outgrew()
    {
        var observer = new RecordingObserver();
        var expected = new byte[5000];
        new Random(3).NextBytes(expected);
        using (var buffer = new OwnedBuffer(16, observer))
        {
            foreach (var piece in expected.Chunk(333))
                buffer.Append(piece);
            Assert.Equal(expected, buffer.Memory.ToArray());
            Assert.True(observer.HandedOutCount > 1);
            Assert.False(observer.AllClear());
        }
        Assert.True(observer.AllClear());
    }

    [Fact]
    public void Is_gone_after_disposal()
    {
        var buffer = new OwnedBuffer(16, null);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Append([1]));
    }
}
