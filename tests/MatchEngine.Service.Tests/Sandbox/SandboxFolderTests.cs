using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Sandbox;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Tests.Sandbox;

public sealed class SandboxFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_folder_in_which_anything_else_lies_is_refused_and_left_as_it_is()
    {
        var real = _temporary.Sub("real");
        Directory.CreateDirectory(real);
        File.WriteAllText(Path.Combine(real, "service.db"), "somebody's");
        Assert.Contains(
            "neither empty", Assert.Throws<ServiceSettingsException>(() => SandboxFolder.Take(real)).Message, StringComparison.Ordinal);
        Assert.Equal(["service.db"], Directory.EnumerateFileSystemEntries(real).Select(Path.GetFileName));
    }

    [Fact]
    public void One_that_is_not_there_one_that_is_empty_and_one_of_a_sandbox_are_taken()
    {
        var named = _temporary.Sub("new");
        for (var i = 0; i < 3; i++)
        {
            using var folder = SandboxFolder.Take(named);
            Assert.Equal(named, folder.Root);
            Assert.Null(folder.Read());
            // Killed while it was made: begun again.
            folder.Begin();
            File.WriteAllText(Path.Combine(folder.Data, "half"), "");
        }
        Assert.True(Directory.Exists(named));
    }

    [Fact]
    public void One_that_is_not_named_is_new_belongs_to_its_owner_alone_and_goes_at_the_end()
    {
        string root;
        using (var folder = SandboxFolder.Take(null))
        {
            using var other = SandboxFolder.Take(" ");
            root = folder.Root;
            Assert.NotEqual(root, other.Root);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Root));
            folder.Begin();
        }
        Assert.False(Directory.Exists(root));
    }

    [Fact]
    public void What_was_kept_comes_back_and_what_came_later_goes()
    {
        using var folder = SandboxFolder.Take(_temporary.Sub("kept"));
        folder.Begin();
        Directory.CreateDirectory(Path.Combine(folder.Data, "galleries"));
        File.WriteAllText(Path.Combine(folder.Data, "galleries", "a"), "first");
        folder.Keep(new SandboxRecord { People = ["alfa"] });
        File.WriteAllText(Path.Combine(folder.Data, "galleries", "a"), "changed");
        File.WriteAllText(Path.Combine(folder.Data, "later"), "");
        folder.Restore();
        Assert.Equal("first", File.ReadAllText(Path.Combine(folder.Data, "galleries", "a")));
        Assert.False(File.Exists(Path.Combine(folder.Data, "later")));
        Assert.Equal(["alfa"], folder.Read()!.People);
    }

    [Fact]
    public void A_record_that_nobody_can_read_is_told_with_its_remedy()
    {
        using var folder = SandboxFolder.Take(_temporary.Sub("torn"));
        folder.Begin();
        File.WriteAllText(folder.RecordFile, "{");
        Assert.Contains("Delete the folder", Assert.Throws<ServiceSettingsException>(folder.Read).Message, StringComparison.Ordinal);
    }
}
