using MatchEngine.Galleries.Properties;

namespace MatchEngine.Galleries.Tests.Properties;

public class BiographicFieldsTests
{
    private static readonly OrderedDictionary<string, string> Values = new() { ["name"] = "A", ["sex"] = "F", ["age"] = "44" };

    [Fact]
    public void Only_what_is_named_is_seen_in_its_order()
    {
        Assert.Same(Values, BiographicFields.All.Of(Values));
        Assert.Empty(BiographicFields.None.Of(Values));
        Assert.Equal([new("name", "A"), new("age", "44")], BiographicFields.Only("age", "name", "Sex", "unknown").Of(Values));
    }

    [Fact]
    public void Two_rules_together_show_what_both_show()
    {
        Assert.Equal(BiographicFields.Only("age"), BiographicFields.Only("age", "sex").And(BiographicFields.Only("age", "name")));
        Assert.Equal(BiographicFields.Only("age"), BiographicFields.All.And(BiographicFields.Only("age")));
        Assert.Equal(BiographicFields.Only("age"), BiographicFields.Only("age").And(BiographicFields.All));
        Assert.Equal(BiographicFields.None, BiographicFields.Only("age").And(BiographicFields.None));
        Assert.NotEqual(BiographicFields.None, BiographicFields.All);
        Assert.Null(BiographicFields.All.Keys);
        Assert.Empty(BiographicFields.None.Keys!);
    }
}
