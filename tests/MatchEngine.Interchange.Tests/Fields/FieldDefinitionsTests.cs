using MatchEngine.Interchange.Fields;

namespace MatchEngine.Interchange.Tests.Fields;

public sealed class FieldDefinitionsTests
{
    // Numbers, mnemonics and clauses as the public text of the standard has them, where it could be read.
    [Theory]
    [InlineData(1, 3, "CNT", "8.1.3"), InlineData(1, 15, "DCS", "8.1.15"), InlineData(10, 18, "DIST", "8.10.18"),
        InlineData(10, 19, "LAF", "8.10.19"), InlineData(10, 20, "POS", "8.10.20")]
    [InlineData(10, 24, "SQS", "8.10.23"), InlineData(10, 25, "SPA", "8.10.24"), InlineData(10, 26, "SXS", "8.10.25"),
        InlineData(10, 39, "T10", "8.10.35"), InlineData(10, 40, "SMT", "8.10.36")]
    [InlineData(10, 992, "T2C", "8.10.52"), InlineData(10, 993, "SAN", "8.10.53"), InlineData(10, 996, "HAS", "8.10.56")]
    public void Definitions_are_those_of_the_standard(int type, int number, string mnemonic, string clause)
    {
        var definition = FieldDefinitions.Find(type, number)!;
        Assert.Equal((mnemonic, clause, $"{type}.{number:000}"), (definition.Mnemonic, definition.Clause, definition.Tag));
    }

    [Fact]
    public void Each_field_is_defined_once_and_none_that_is_reserved()
    {
        foreach (var type in (int[])[1, 2, 10])
        {
            var fields = FieldDefinitions.Of(type);
            Assert.Equal(fields.Select(field => field.Number).Distinct().Order(), fields.Select(field => field.Number));
            Assert.Equal(fields.Count, fields.Select(field => field.Mnemonic).Distinct().Count());
        }
        Assert.Equal(58, FieldDefinitions.Of(10).Count);
        Assert.DoesNotContain(FieldDefinitions.Of(10), field => FieldDefinitions.IsReservedOfType10(field.Number));
        Assert.Empty(FieldDefinitions.Of(14));
    }

    [Theory]
    [InlineData(1, false), InlineData(2, false), InlineData(9, false), InlineData(10, true), InlineData(14, true), InlineData(99, true)]
    public void Field_999_is_data_from_type_10_on(int type, bool data) => Assert.Equal(data, FieldDefinitions.HoldsData(type, 999));
}
