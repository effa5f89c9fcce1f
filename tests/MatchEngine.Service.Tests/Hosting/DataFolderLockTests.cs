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
}
