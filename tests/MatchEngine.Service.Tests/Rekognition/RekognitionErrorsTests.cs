using MatchEngine.Service.Errors;
using MatchEngine.Service.Rekognition;

namespace MatchEngine.Service.Tests.Rekognition;

public class RekognitionErrorsTests
{
    [Fact]
    public void Every_code_of_a_use_case_has_a_type_of_its_own_choice()
    {
        foreach (var kind in HttpErrors.Codes.Select(HttpErrors.Of))
            Assert.Contains(kind.Code, RekognitionErrors.Codes);
    }

    [Theory]
    [InlineData("forbidden", 403, "AccessDeniedException")]
    [InlineData("purpose_required", 400, "AccessDeniedException")]
    [InlineData("under_age", 422, "AccessDeniedException")]
    [InlineData("not_found", 404, "ResourceNotFoundException")]
    [InlineData("no_face", 422, "InvalidParameterException")]
    [InlineData("undecodable", 422, "InvalidImageFormatException")]
    [InlineData("too_large", 413, "ImageTooLargeException")]
    [InlineData("queue_full", 503, "ThrottlingException")]
    [InlineData("store_unavailable", 503, "ThrottlingException")]
    [InlineData("internal", 500, "InternalServerError")]
    [InlineData("never_heard_of", 400, "InvalidParameterException")]
    [InlineData("never_heard_of", 502, "InternalServerError")]
    public void A_problem_has_the_type_that_clients_of_AWS_know(string code, int status, string type) =>
        Assert.Equal(type, RekognitionErrors.TypeOf(new ProblemKind(code, status, "")));
}
