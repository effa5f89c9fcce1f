using MatchEngine.Service.Settings;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Details;
using MatchEngine.Frs.Examining;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Importing;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Probes;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Frs.Supervising;
using MatchEngine.Service.Rest;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Hosting;

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
