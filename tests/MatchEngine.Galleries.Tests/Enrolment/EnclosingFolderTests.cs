using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Enrolment;

public class EnclosingFolderTests
{
    /// <summary>Every way out of the folder that a row of a metadata file can name, and names that lead nowhere.</summary>
    public static TheoryData<string> Ways =>
    [
        "../secret.jpg", "inner/../../secret.jpg", "./../secret.jpg", "inner/../../root/../secret.jpg", "..", "../root-twin/photo.jpg",
        "{outside}/secret.jpg", "{root}/photo.jpg", "/", "//", "/etc/passwd", "/dev/zero", "/proc/self/environ",
        "link.jpg", "chain.jpg", "folder/secret.jpg", "inner/folder/secret.jpg", "circle.jpg", "dangling.jpg", "folder/absent.jpg",
        "absent.jpg", "inner", ".", "empty.jpg", "pipe.jpg", "..\\secret.jpg", "photo.jpg\0", "photo.jpg/", "photo.jpg/x",
    ];

    [Theory, MemberData(nameof(Ways))]
    public void No_name_leads_out_of_the_folder(string name)
    {
        using var folder = Filled();
        var enclosure = new EnclosingFolder(folder.Sub("root"));
        name = name.Replace("{outside}", folder, StringComparison.Ordinal).Replace("{root}", folder.Sub("root"), StringComparison.Ordinal);

        var found = enclosure.Find(name);

        Assert.True(found is null || found == folder.Sub("root") || found.StartsWith(folder.Sub("root") + "/", StringComparison.Ordinal));
        Assert.Null(found is null ? null : enclosure.ResolveFile(found));
    }

    [Theory]
    [InlineData("photo.jpg", "photo.jpg")]
    [InlineData("./photo.jpg", "photo.jpg")]
    [InlineData("inner//photo.jpg", "inner/photo.jpg")]
    [InlineData("inside.jpg", "inner/photo.jpg")]
    [InlineData("turn/photo.jpg", "inner/photo.jpg")]
    public void A_name_below_leads_to_its_file_through_links_that_stay(string name, string file)
    {
        using var folder = Filled();
        var enclosure = new EnclosingFolder(folder.Sub("root"));
        Assert.Equal(folder.Sub("root", file), enclosure.ResolveFile(enclosure.Find(name)!));
    }

    [Fact]
    public void A_folder_that_is_a_link_itself_encloses_what_it_leads_to()
    {
        using var folder = Filled();
        Directory.CreateSymbolicLink(folder.Sub("alias"), folder.Sub("root"));
        var enclosure = new EnclosingFolder(folder.Sub("alias"));
        Assert.Equal(folder.Sub("root", "photo.jpg"), enclosure.Find("photo.jpg"));
        Assert.Null(enclosure.Find("link.jpg"));
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_row_that_names_a_way_out_is_refused_in_the_one_text(string name)
    {
        using var folder = Filled();
        name = name.Replace("{outside}", folder, StringComparison.Ordinal).Replace("{root}", folder.Sub("root"), StringComparison.Ordinal);
        folder.Write("root/rows.csv", $"image,subject\n\"{name}\",S\nphoto.jpg,good\n");
        var source = new MetadataSource(folder.Sub("root", "rows.csv")) { Enclosure = new EnclosingFolder(folder.Sub("root")) };

        var entries = source.Read().ToList();

        var refused = Assert.IsType<RejectedEntry>(entries[0]).Failure;
        Assert.DoesNotContain(folder, refused.Detail + refused.File, StringComparison.Ordinal);
        if (!name.Contains('\0'))
            Assert.Equal(("rows.csv", 2L, "rows.csv, line 2: " + EnclosingFolder.Refusal), (refused.File, refused.Line, refused.Detail));
        var good = Assert.IsType<EnrolmentItem>(entries[1]);
        Assert.Equal(("photo.jpg", folder.Sub("root", "photo.jpg")), (good.Image, good.File));
    }

    [Fact]
    public void Of_a_folder_only_files_below_it_are_taken_and_the_others_are_named()
    {
        using var folder = Filled();
        var source = new FolderSource([folder.Sub("root")]) { Enclosure = new EnclosingFolder(folder.Sub("root")) };

        var entries = source.Read().ToList();

        Assert.Equal(
            ["inner/photo.jpg", "inside.jpg", "photo.jpg"],
            entries.OfType<EnrolmentItem>().Select(item => item.Image).Order(StringComparer.Ordinal));
        Assert.All(
            entries.OfType<EnrolmentItem>(), item => Assert.StartsWith(folder.Sub("root") + "/", item.File, StringComparison.Ordinal));
        Assert.Equal(
            ["chain.jpg", "circle.jpg", "dangling.jpg", "empty.jpg", "link.jpg", "pipe.jpg"],
            entries.OfType<RejectedEntry>().Select(entry => entry.Failure.File).Order(StringComparer.Ordinal));
        Assert.Single(entries.OfType<RejectedEntry>().Select(entry => entry.Failure.Detail).Distinct());
    }

    [Fact]
    public void A_metadata_file_that_cannot_be_used_is_named_as_the_folder_shows_it()
    {
        using var folder = Filled();
        folder.Write("root/inner/rows.csv", "picture,subject\n");
        foreach (var file in (string[])["inner/rows.csv", "inner/absent.csv"])
        {
            var source = new MetadataSource(folder.Sub("root", file)) { Enclosure = new EnclosingFolder(folder.Sub("root")) };
            var error = Assert.Throws<MetadataException>(() => source.Read().ToList());
            Assert.DoesNotContain(folder, error.Message, StringComparison.Ordinal);
            Assert.Equal(file, error.File);
        }
    }

    private static TemporaryFolder Filled()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links and pipes are made as Unix has them");
        var folder = new TemporaryFolder();
        folder.Write("secret.jpg", "secret");
        folder.Write("root-twin/photo.jpg", "a folder whose name begins like the root's");
        folder.Write("root/photo.jpg", "x");
        folder.Write("root/inner/photo.jpg", "x");
        folder.Write("root/empty.jpg", "");
        File.CreateSymbolicLink(folder.Sub("root", "link.jpg"), folder.Sub("secret.jpg"));
        File.CreateSymbolicLink(folder.Sub("root", "chain.jpg"), "link.jpg");
        File.CreateSymbolicLink(folder.Sub("root", "circle.jpg"), "circle.jpg");
        File.CreateSymbolicLink(folder.Sub("root", "dangling.jpg"), folder.Sub("absent.jpg"));
        File.CreateSymbolicLink(folder.Sub("root", "inside.jpg"), "inner/photo.jpg");
        Directory.CreateSymbolicLink(folder.Sub("root", "folder"), folder);
        Directory.CreateSymbolicLink(folder.Sub("root", "inner", "folder"), "../..");
        Directory.CreateSymbolicLink(folder.Sub("root", "turn"), "inner");
        using var made = System.Diagnostics.Process.Start("mkfifo", folder.Sub("root", "pipe.jpg"));
        made.WaitForExit();
        return folder;
    }
}
