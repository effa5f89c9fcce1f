using MatchEngine.Evaluation.Verification;

namespace MatchEngine.Evaluation.Tests.Verification;

public class NormalDeviateTests
{
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.2, -0.8416212335729143)]
    [InlineData(1e-6, -4.753424308822899)]
    public void Known_quantiles(double rate, double deviate) => Assert.Equal(deviate, NormalDeviate.Of(rate), 1e-9);
}
