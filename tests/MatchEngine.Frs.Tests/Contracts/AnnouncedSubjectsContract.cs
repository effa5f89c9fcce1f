using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class AnnouncedSubjectsContract : BookContract
{
    [Fact]
    public void A_name_is_announced_once_in_a_gallery_of_one_identity_and_taken_back_once()
    {
        var names = Book.AnnouncedSubjects;
        Assert.True(names.Announce(BookChange.None, "g", "1", "ü b"));
        Assert.False(names.Announce(BookChange.None, "g", "1", "ü b"));
        Assert.True(names.Announce(BookChange.None, "g", "1", "a"));
        Assert.True(names.Announce(BookChange.None, "g", "2", "ü b"));
        Assert.True(names.Announce(BookChange.None, "h", "1", "ü b"));
        Assert.Equal(["a", "ü b"], names.List("g", "1"));
        Assert.Equal((2, 1, 0), (names.Count("g", "1"), names.Count("g", "2"), names.Count("i", "1")));
        Assert.Equal((true, false), (names.Contains("g", "2", "ü b"), names.Contains("g", "2", "a")));
        Assert.True(names.Withdraw(BookChange.None, "g", "1", "ü b"));
        Assert.False(names.Withdraw(BookChange.None, "g", "1", "ü b"));
        Assert.Equal(["a"], names.List("g", "1"));
        Assert.Equal(["ü b"], names.List("g", "2"));
    }

    [Fact]
    public void Names_of_galleries_that_are_gone_go_with_them()
    {
        var names = Book.AnnouncedSubjects;
        foreach (var gallery in (string[])["g", "h", "i"])
            names.Announce(BookChange.None, gallery, "1", "a");
        Assert.Equal(1, names.KeepOnly(["h", "g", "j"]));
        Assert.Equal(["a"], names.List("g", "1"));
        Assert.Empty(names.List("i", "1"));
        Assert.Equal(2, names.KeepOnly([]));
    }
}
