using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Enrolment;

public class FolderSourceTests
{
    [Fact]
    public void Images_are_found_in_all_folders_in_an_order_that_depends_on_names_only()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in new[]
        {
            "z.jpg", "b/2.PNG", "b/10.jpg", "a.webp", "b/c/1.tiff", "B.jpeg", "notes.txt", "b/metadata.csv",
            ".hidden.jpg", ".thumbs/1.jpg", "unread.heic",
        })
            folder.Write(file, "x");

        var items = Items(new FolderSource([folder]));

        Assert.Equal(
            ["B.jpeg", "a.webp", "b/10.jpg", "b/2.PNG", "b/c/1.tiff", "unread.heic", "z.jpg"],
            items.Select(item => Relative(folder, item.Image)));
        Assert.Equal(["B", "a", "b/10", "b/2", "b/c/1", "unread", "z"], items.Select(item => item.Subject));
    }

    [Fact]
    public void By_folder_the_photos_of_a_folder_share_a_subject_and_group_names_are_the_photos_own()
    {
        using var folder = new TemporaryFolder();
        folder.Write("anna/1.jpg", "x");
        folder.Write("anna/2.jpg", "x");

        var items = Items(new FolderSource([folder], SubjectFrom.Folder));

        Assert.Equal(["anna", "anna"], items.Select(item => item.Subject));
        Assert.Equal(["anna/1", "anna/2"], items.Select(item => item.GroupName));
    }

    [Fact]
    public void A_file_given_by_name_is_tried_whatever_it_is_called()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("scan.dat", "x");

        var item = Assert.Single(Items(new FolderSource([file])));

        Assert.Equal((file, "scan"), (item.Image, item.Subject));
    }

    [Fact]
    public void Paths_keep_the_order_given()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.jpg", "x");
        folder.Write("b/1.jpg", "x");

        Assert.Equal(
            ["b/1.jpg", "a/1.jpg"],
            Items(new FolderSource([folder.Sub("b"), folder.Sub("a")])).Select(item => Relative(folder, item.Image)));
    }

    [Fact]
    public void A_path_with_nothing_at_it_is_an_error_before_anything_is_enrolled()
    {
        using var folder = new TemporaryFolder();

        var error = Assert.Throws<FileNotFoundException>(() => new FolderSource([folder.Sub("none")]));

        Assert.Contains(folder.Sub("none"), error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new FolderSource([folder], SubjectFrom.Column));
    }

    [Fact]
    public void A_link_to_a_folder_is_not_followed_so_that_a_ring_has_an_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        using var folder = new TemporaryFolder();
        folder.Write("a/1.jpg", "x");
        Directory.CreateSymbolicLink(folder.Sub("a", "ring"), folder);
        File.CreateSymbolicLink(folder.Sub("a", "2.jpg"), folder.Sub("a", "1.jpg"));

        Assert.Equal(["a/1.jpg", "a/2.jpg"], Items(new FolderSource([folder])).Select(item => Relative(folder, item.Image)));
    }

    [Fact]
    public void Reading_can_be_cancelled()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.jpg", "x");

        Assert.Throws<OperationCanceledException>(() => new FolderSource([folder]).Read(new CancellationToken(canceled: true)).ToList());
    }

    private static List<EnrolmentItem> Items(FolderSource source) => [.. source.Read().Cast<EnrolmentItem>()];

    private static string Relative(string folder, string file) => Path.GetRelativePath(folder, file).Replace('\\', '/');
}
