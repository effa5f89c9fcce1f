using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Tests.Hosting;

public class DataFolderLockTests
{
    [Fact]
    public void A_second_service_on_the_folder_is_told_so()
    {
        using var folder = new TemporaryFolder();
        using (DataFolderLock.Take(folder.Sub("data")))
        {
            var refused = Assert.Throws<ServiceSettingsException>(() => DataFolderLock.Take(folder.Sub("data")));
            Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
        }
        DataFolderLock.Take(folder.Sub("data")).Dispose();
    }

    [Theory]
    [InlineData("/proc/matchengine")]
    [InlineData("/sys/matchengine")]
    [InlineData("/dev/null/matchengine")]
    public void A_folder_that_cannot_be_made_is_not_called_another_service(string folder)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "folders in which nobody may make one are known for Linux");
        var refused = Assert.Throws<ServiceSettingsException>(() => DataFolderLock.Take(folder));
        Assert.DoesNotContain("another service", refused.Message, StringComparison.Ordinal);
        Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
        Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
    }
}
