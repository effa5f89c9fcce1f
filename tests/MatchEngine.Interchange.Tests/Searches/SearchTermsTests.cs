using MatchEngine.Interchange.Records;
using MatchEngine.Interchange.Searches;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange.Tests.Searches;

public sealed class SearchTermsTests
{
    private static Transaction Read(RecordBuilder record) =>
        Transaction.Read(Samples.Header().Add(record).Add(Samples.Face().ToRecord(1)).ToBytes());

    [Fact]
    public void What_is_asked_for_comes_back()
    {
        var full = new SearchTerms
        {
            Galleries = ["people", "others"], CaseNumber = "C-1", Basis = "§ 5", Requester = "Zoë",
            ListLength = 20, Floor = -0.25, FaceIdc = 3,
        };
        foreach (var terms in (SearchTerms[])[
            full, new(), new() { Galleries = ["a"] }, new() { Basis = "b" }, new() { ListLength = 2 }, new() { Floor = 0.5 }])
        {
            var transaction = Read(terms.ToRecord());
            Assert.Empty(TransactionValidator.Validate(transaction));
            var read = SearchTerms.Read(transaction)!;
            Assert.Equal(terms.Galleries, read.Galleries);
            Assert.Equal(terms with { Galleries = read.Galleries }, read);
        }
    }

    [Fact]
    public void The_layout_is_the_documented_one()
    {
        var file = Samples.Header().Add(new SearchTerms
        {
            Galleries = ["people", "others"], CaseNumber = "C-1", ListLength = 20, FaceIdc = 3,
        }.ToRecord()).ToBytes();
        Assert.True(file.AsSpan().EndsWith(Samples.Text(
            "|2.900:MATCHENGINE-SEARCH_1|2.901:people^others|2.902:C-1__|2.903:20_|2.904:3$")));
    }

    [Fact]
    public void A_record_of_another_domain_says_nothing() =>
        Assert.Null(SearchTerms.Read(Read(new RecordBuilder(2, 0).Add(900, "OTHER").Add(901, "people"))));

    [Theory]
    [InlineData(900, "MATCHENGINE-SEARCH", "2")]
    [InlineData(900, "MATCHENGINE-SEARCH")]
    [InlineData(902, "C-1")]
    [InlineData(903, "many", "")]
    [InlineData(903, "", "NaN")]
    [InlineData(904, "first")]
    public void What_cannot_be_read_is_refused(int field, params string[] items)
    {
        var record = new RecordBuilder(2, 0);
        if (field != 900)
            record.Add(900, [["MATCHENGINE-SEARCH", "1"]]);
        record.Add(field, [items]);
        Assert.Equal(
            InterchangeFault.BadTerms, Assert.Throws<InterchangeException>(() => SearchTerms.Read(Read(record))).Fault);
    }
}
