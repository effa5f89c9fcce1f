using MatchEngine.Service.Tests.Fakes;
using MatchEngine.Vetting.CompreFace;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Service.Tests.CompreFace;

/// <summary>The dialect as the vetting bench meets it: <c>compreface:URL</c>.</summary>
public sealed class CompreFaceTargetTests(TestService service) : VettedDialect(service, whole: 1), IClassFixture<TestService>
{
    protected override Task<string> CredentialAsync(HttpClient account, string key) => Task.FromResult(key);

    protected override Task<ISystemUnderTest> OpenAsync(TargetOptions options) =>
        Task.FromResult(CompreFaceTarget.Open(Service.Address, options));
}
