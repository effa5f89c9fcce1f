using MatchEngine.Frs.Errors;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Tests.Errors;

public class HttpErrorsTests
{
    [Fact]
    public void Every_code_of_a_use_case_has_a_kind_and_no_kind_is_for_a_code_that_nobody_has() =>
        Assert.Equal(ErrorCodes.All, HttpErrors.Codes.Order(StringComparer.Ordinal));

    [Fact]
    public void One_code_has_one_status() =>
        Assert.All(
            HttpErrors.Codes.Select(HttpErrors.Of).GroupBy(kind => kind.Code),
            kinds => Assert.Single(kinds.Select(kind => (kind.Status, kind.Title)).Distinct()));
}
