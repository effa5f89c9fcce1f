using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Targets;

public sealed class TargetCredentialsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Each_caller_sends_their_own_and_a_stranger_sends_a_wrong_one()
    {
        File.WriteAllText(_file, "  me_secret\n");
        var credentials = TargetCredentials.Read(_file, null);
        Assert.Equal("me_secret", credentials.Of(Caller.Examiner));
        Assert.Null(credentials.Of(Caller.Nobody));
        Assert.Null(credentials.Of(Caller.OtherOrganisation));
        Assert.NotEqual(TargetCredentials.None.Of(Caller.Stranger), credentials.Of(Caller.Stranger));
        Assert.Equal("examiner: given, other organisation: none", credentials.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("one\ntwo")]
    [InlineData(null)]
    public void What_is_no_credential_is_refused(string? text)
    {
        File.WriteAllText(_file, text ?? new string('x', 10_000));
        Assert.Throws<InvalidDataException>(() => TargetCredentials.Read(_file, null));
    }
}
