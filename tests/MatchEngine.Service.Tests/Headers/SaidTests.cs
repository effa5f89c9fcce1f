using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Headers;
using Microsoft.AspNetCore.Http;

namespace MatchEngine.Service.Tests.Headers;

public class SaidTests
{
    [Fact]
    public void What_a_request_says_counts_and_what_it_leaves_out_is_as_it_stands()
    {
        var request = new DefaultHttpContext().Request;
        Assert.Equal(new SearchPurpose(), Said.Purpose(request, null));
        var standing = new SearchPurpose("C-1", "basis", null);
        Assert.Equal(standing, Said.Purpose(request, standing));
        request.Headers["x-matchengine-case"] = "C-2";
        request.Headers["x-matchengine-basis"] = "";
        request.Headers["x-matchengine-requester"] = "Ada";
        Assert.Equal(new SearchPurpose("C-2", "basis", "Ada"), Said.Purpose(request, standing));
        Assert.Null(Said.Approval(request));
    }
}
