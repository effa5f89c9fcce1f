using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Tests.Errors;

public class StoreExceptionTests
{
    [Fact]
    public void Errors_of_the_file_system_become_faults_too()
    {
        Assert.Equal(StoreFault.ReadOnly, StoreException.Of(new UnauthorizedAccessException(), "f").Fault);
        Assert.Equal(StoreFault.DiskFull, StoreException.Of(new IOException("full", 28), "f").Fault);
        Assert.Equal(StoreFault.DiskFull, StoreException.Of(new IOException("full", unchecked((int)0x80070070)), "f").Fault);
        Assert.Equal(StoreFault.Unreachable, StoreException.Of(new IOException("other"), "f").Fault);
    }
}
