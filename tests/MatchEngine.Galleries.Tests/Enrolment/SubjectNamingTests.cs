using MatchEngine.Galleries.Enrolment;

namespace MatchEngine.Galleries.Tests.Enrolment;

public class SubjectNamingTests
{
    private static readonly string Root = Path.GetFullPath("/photos/people");

    [Theory]
    [InlineData("anna.jpg", "anna", "anna")]
    [InlineData("site/anna.jpg", "site/anna", "site/anna")]
    [InlineData("anna.2026.jpg", "anna.2026", "anna.2026")]
    [InlineData("noextension", "noextension", "noextension")]
    public void By_file_the_path_without_extension_is_the_subject(string file, string subject, string group) =>
        Assert.Equal((subject, group), SubjectNaming.Of(SubjectFrom.File, Root, Path.Combine(Root, file)));

    [Theory]
    [InlineData("anna/1.jpg", "anna", "anna/1")]
    [InlineData("site/anna/1.jpg", "site/anna", "site/anna/1")]
    [InlineData("1.jpg", "people", "people/1")]
    public void By_folder_the_files_folder_is_the_subject(string file, string subject, string group) =>
        Assert.Equal((subject, group), SubjectNaming.Of(SubjectFrom.Folder, Root, Path.Combine(Root, file)));

    [Fact]
    public void A_file_outside_the_folder_is_named_by_its_own_folder()
    {
        var file = Path.GetFullPath("/elsewhere/bert/7.jpg");

        Assert.Equal(("7", "7"), SubjectNaming.Of(SubjectFrom.File, Root, file));
        Assert.Equal(("bert", "bert/7"), SubjectNaming.Of(SubjectFrom.Folder, Root, file));
    }
}
