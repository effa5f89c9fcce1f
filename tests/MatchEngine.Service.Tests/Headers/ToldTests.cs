using MatchEngine.Galleries;
using MatchEngine.Service.Headers;
using Microsoft.AspNetCore.Http;

namespace MatchEngine.Service.Tests.Headers;

public class ToldTests
{
    [Fact]
    public void Values_are_ASCII_and_a_comma_parts_them_and_nothing_else()
    {
        var headers = new HeaderDictionary();
        Told.Reader(headers, new Disclaimer("1", "A lead – never 100 % sure,\r\nnever"), ["one, two", "drei ü"]);
        Assert.Equal("A lead %E2%80%93 never 100 %25 sure%2C%0D%0Anever", headers["x-matchengine-disclaimer"]);
        Assert.Equal("one%2C two, drei %C3%BC", headers["x-matchengine-notices"]);
    }

    [Fact]
    public void Notices_end_where_clients_would_give_up_and_say_how_many_are_left()
    {
        var headers = new HeaderDictionary();
        Told.Notices(headers, [.. Enumerable.Repeat(new string('x', 1000), 10)]);
        var told = headers["x-matchengine-notices"].ToString();
        Assert.EndsWith(", 6 more are not told here", told, StringComparison.Ordinal);
        Assert.InRange(told.Length, 4000, 4200);
        Told.Notices(headers = [], []);
        Assert.Empty(headers);
    }
}
