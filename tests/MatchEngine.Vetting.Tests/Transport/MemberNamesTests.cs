using System.Text;
using MatchEngine.Vetting.Transport;

namespace MatchEngine.Vetting.Tests.Transport;

public class MemberNamesTests
{
    [Theory]
    [InlineData("""{"a":1,"b":{"c":[{"d":2},{"d":3,"e":[[{"f":1}]]}]},"g":null}""", "a b b.c b.c.d b.c.e b.c.e.f g")]
    [InlineData("[1,2]", "")]
    [InlineData("""{"a":{"b":1},"c":2}""", "a a.b c")]
    public void Members_are_named_by_where_they_stand(string json, string names) =>
        Assert.Equal(names, string.Join(' ', MemberNames.Of(Encoding.UTF8.GetBytes(json))));
}
