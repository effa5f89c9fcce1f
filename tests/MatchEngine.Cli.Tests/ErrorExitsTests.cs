using MatchEngine.Frs.Errors;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Cli.Tests;

public class ErrorExitsTests
{
    [Fact]
    public void Every_code_has_an_exit_and_no_exit_is_for_a_code_that_nobody_has() =>
        Assert.Equal(ErrorCodes.All, ErrorExits.Codes.Order(StringComparer.Ordinal));

    [Fact]
    public void An_error_of_the_input_ends_with_2_and_a_fault_of_ours_with_its_stack()
    {
        Assert.Equal(ExitCode.BadUsage, ErrorExits.Of(new GalleryNotFoundException("g", "none")));
        Assert.Null(ErrorExits.Of(new InvalidOperationException()));
    }
}
