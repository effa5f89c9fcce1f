using MatchEngine.Galleries;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Sqlite.Archives;

namespace MatchEngine.Sqlite.Tests.Archives;

public class UnpackingLimitsTests
{
    [Fact]
    public void An_archive_that_grows_a_thousandfold_is_refused_while_it_is_read()
    {
        using var target = new TemporaryFolder();
        var bomb = PoisonedArchive.Bomb(PoisonedArchive.Sound(), 256 << 20);
        long most = 0;

        var error = Assert.Throws<ArchiveException>(() => GalleryArchive.Read(
            new MemoryStream(bomb), target.Sub("gallery.db"), new UnpackingLimits(() => long.MaxValue), new Furthest(at => most = at),
            CancellationToken.None));

        Assert.Contains("times its own size", error.Message, StringComparison.Ordinal);
        Assert.InRange(most, 1, UnpackingLimits.Unrated + (1 << 20));
        Assert.InRange(new FileInfo(target.Sub("gallery.db")).Length, 1, UnpackingLimits.Unrated + (1 << 20));
    }

    [Fact]
    public void A_restoration_leaves_nothing_of_a_bomb()
    {
        using var target = new TemporaryFolder();
        var bomb = PoisonedArchive.Bomb(PoisonedArchive.Sound(), 64 << 20);
        Assert.Throws<ArchiveException>(() => SqliteDataFolder.Open(target).Restore(new MemoryStream(bomb), NoAudit.Record));
        Assert.Empty(Directory.GetFileSystemEntries(target.Sub("galleries")));
    }

    [Fact]
    public void What_has_no_room_is_refused_before_a_byte_is_written()
    {
        using var target = new TemporaryFolder();
        var error = Assert.Throws<StoreException>(() => GalleryArchive.Read(
            new MemoryStream(PoisonedArchive.Sound()), target.Sub("gallery.db"), new UnpackingLimits(() => FreeSpace.Reserve + 1000), null,
            CancellationToken.None));
        Assert.Equal((StoreFault.DiskFull, 0L), (error.Fault, new FileInfo(target.Sub("gallery.db")).Length));
    }

    [Fact]
    public void A_disk_that_fills_up_meanwhile_ends_the_reading()
    {
        var free = long.MaxValue;
        var limits = new UnpackingLimits(() => free);
        limits.Require("/x/gallery.db", 1 << 30, 40 << 20);
        free = FreeSpace.Reserve - 1;
        limits.Require("/x/gallery.db", 1 << 30, 50 << 20);
        Assert.Equal(
            StoreFault.DiskFull, Assert.Throws<StoreException>(() => limits.Require("/x/gallery.db", 1 << 30, 60 << 20)).Fault);
    }

    private sealed class Furthest(Action<long> told) : IProgress<long>
    {
        public void Report(long value) => told(value);
    }
}
