using MatchEngine.Interchange.Fields;

namespace MatchEngine.Interchange.Tests.Fields;

public sealed class FieldTests
{
    // The reader mends a LEN of 0 by the first FS, so that the values here need no counting.
    private static Field Read(string value) =>
        Transaction.Read(
            Samples.Join(Samples.Header().ToBytes(), Samples.Text($"2.001:0|2.003:{value}$"))).DescriptiveText.Single().Find(3)!;

    [Theory]
    [InlineData("", "[]"), InlineData("a", "[a]"), InlineData("_", "[,]"), InlineData("^", "[][]"), InlineData("a_b^c", "[a,b][c]"),
        InlineData("^_^", "[][,][]"), InlineData("a:b.c", "[a:b.c]")]
    public void Values_are_split_into_subfields_and_items(string value, string expected) =>
        Assert.Equal(expected, string.Concat(Read(value).Subfields.Select(subfield => $"[{string.Join(',', subfield.Items)}]")));

    [Fact]
    public void What_is_too_much_stays_together()
    {
        var field = Read(new string('^', 20_000));
        Assert.Equal(10_000, field.Subfields.Count);
        Assert.Equal(20_000 - 9_999, field.Subfields[^1].Items.Single().Length);
        Assert.Equal(1_000, Assert.Single(Read(new string('_', 5_000)).Subfields).Items.Count);
    }

    [Fact]
    public void A_field_knows_its_definition_and_data_are_no_text()
    {
        var face = Samples.Read(Samples.Sap10).Images.Single();
        Assert.Equal(
            ("10.003", "IMT", "image type"), (face.Find(3)!.Tag, face.Find(3)!.Definition!.Mnemonic, face.Find(3)!.Definition!.Name));
        Assert.True(face.Find(999)!.IsData);
        Assert.Equal("", face.Find(999)!.Text);
        Assert.Empty(face.Find(999)!.Subfields);
        Assert.Null(Read("x").Definition);
    }
}
