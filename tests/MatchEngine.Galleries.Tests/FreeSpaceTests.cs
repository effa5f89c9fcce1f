using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests;

public class FreeSpaceTests
{
    [Fact]
    public void More_than_the_disk_holds_is_refused_and_a_little_is_not()
    {
        using var folder = new TemporaryFolder();
        var free = FreeSpace.Of(folder);
        Assert.True(free > 0);
        FreeSpace.Require(FreeSpace.Reserve + 10, folder, 10);
        Assert.Equal(
            StoreFault.DiskFull, Assert.Throws<StoreException>(() => FreeSpace.Require(FreeSpace.Reserve + 10, folder, 11)).Fault);
        Assert.Throws<StoreException>(() => FreeSpace.Require(folder, long.MaxValue / 2));
    }
}
