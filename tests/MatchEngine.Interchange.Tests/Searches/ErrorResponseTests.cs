using MatchEngine.Interchange.Searches;
using MatchEngine.Interchange.Validation;

namespace MatchEngine.Interchange.Tests.Searches;

public sealed class ErrorResponseTests
{
    private static readonly ErrorResponse Error = new("several_faces", 422, "the file has 2 face records: Zoë and …", "0195-a");

    [Fact]
    public void An_error_comes_back()
    {
        var transaction = Transaction.Read(Error.Write(Samples.Header(ErrorResponse.Error)));
        Assert.Empty(TransactionValidator.Validate(transaction));
        Assert.Equal(Error, ErrorResponse.Read(transaction));
    }

    [Fact]
    public void The_layout_is_the_documented_one() =>
        Assert.True((Error with { Code = "code", Detail = "two" }).Write(Samples.Header()).AsSpan().EndsWith(
            Samples.Text("|2.900:MATCHENGINE-ERROR_1|2.901:code_422|2.902:two|2.903:0195-a$")));

    [Fact]
    public void Another_transaction_is_none()
    {
        Assert.Null(ErrorResponse.Read(Transaction.Read(Samples.Header().Add(new SearchTerms().ToRecord()).ToBytes())));
        Assert.Throws<ArgumentException>(() => Error.Write(Samples.Header().Add(new SearchTerms().ToRecord())));
        Assert.Throws<ArgumentException>(() => (Error with { Detail = "a\u001cb" }).Write(Samples.Header()));
    }
}
