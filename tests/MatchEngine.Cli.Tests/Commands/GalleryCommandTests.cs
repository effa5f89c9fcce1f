namespace MatchEngine.Cli.Tests.Commands;

public sealed class GalleryCommandTests : IDisposable
{
    private readonly Matchengine _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Galleries_are_made_listed_shown_and_deleted()
    {
        Assert.Equal("fr-feature", _cli.Run("gallery", "create", "one", "--json").Expect(0).Json.GetProperty("model").GetString());
        _cli.Run("gallery", "create", "two", "--model", "fr-feature").Expect(0);
        Assert.Equal(["one", "two"], _cli.Run("gallery", "list", "--json").Expect(0).Json.GetProperty("galleries").EnumerateArray()
            .Select(gallery => gallery.GetProperty("name").GetString()));
        Assert.Equal(0, _cli.Run("gallery", "show", "two", "--json").Expect(0).Json.GetProperty("subjects").GetInt32());
        _cli.Run("gallery", "delete", "one").Expect(0);
        Assert.Contains("two", _cli.Run("gallery", "list").Expect(0).Output, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.EnumerateFileSystemEntries(_cli.Data, "*", SearchOption.AllDirectories),
            path => path.Contains("one", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_command_makes_belongs_to_its_owner_alone()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Windows has no modes of files");
        var photo = _cli.File($"photos/{Portraits.Write(_cli.File("photos"))[0]}-a.jpg");
        _cli.Run("enroll", "-g", "own", photo, "--keep-images").Expect(0);
        _cli.Run("gallery", "export", "own", _cli.File("own.zip")).Expect(0);
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        Assert.NotEmpty(Directory.GetFiles(_cli.Data, "gallery.db", SearchOption.AllDirectories));
        Assert.DoesNotContain(
            new DirectoryInfo(_cli.Data).GetFileSystemInfos("*", SearchOption.AllDirectories).Append(new FileInfo(_cli.File("own.zip"))),
            entry => (entry.UnixFileMode & Others) != UnixFileMode.None);
    }

    [Theory]
    [InlineData("gallery_exists", "create", "here")]
    [InlineData("gallery_not_found", "show", "nowhere")]
    [InlineData("gallery_not_found", "delete", "nowhere")]
    [InlineData("usage", "create", "../outside")]
    [InlineData("model", "create", "fresh", "--model", "no-such-model")]
    [InlineData("model", "create", "fresh", "--model", "fr-detect")]
    public void Mistakes_are_told_in_a_line_and_in_json(string reason, params string[] arguments)
    {
        _cli.Run("gallery", "create", "here").Expect(0);
        var outcome = _cli.Run(["gallery", .. arguments, "--json"]).Expect(2);
        Assert.Equal(reason, outcome.Json.GetProperty("error").GetProperty("reason").GetString());
        Assert.Single(outcome.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Photos_are_kept_when_asked_for_and_encrypted_with_the_key_of_the_environment()
    {
        var name = Portraits.Write(_cli.File("photos"))[0];
        var photo = _cli.File($"photos/{name}-a.jpg");
        _cli.Run("enroll", "-g", "g", photo, "--keep-images").Expect(0);
        Assert.True(Kept());
        _cli.Run("gallery", "rekey", "g").Expect(2);
        _cli.Variables["MATCHENGINE_DATA_KEY"] = "no key";
        Assert.Equal(
            "data_key", _cli.Run("gallery", "show", "g", "--json").Expect(2).Json.GetProperty("error").GetProperty("reason").GetString());
        _cli.Variables["MATCHENGINE_DATA_KEY"] = new string('7', 64);

        Assert.Equal(4, _cli.Run("gallery", "rekey", "g", "--json").Expect(0).Json.GetProperty("encrypted").GetInt32());

        Assert.False(Kept());
        _cli.Run("search", "-g", "g", photo).Expect(0);
        _cli.Variables.Clear();
        Assert.Equal(
            "store_wrong_key",
            _cli.Run("search", "-g", "g", photo, "--json").Expect(2).Json.GetProperty("error").GetProperty("reason").GetString());

        bool Kept()
        {
            var bytes = File.ReadAllBytes(photo);
            return File.ReadAllBytes(Path.Combine(_cli.Data, "galleries", "g", "gallery.db")).AsSpan()
                .IndexOf(bytes.AsSpan(bytes.Length - 100)) >= 0;
        }
    }

    [Fact]
    public void Properties_are_set_one_by_one_and_shown()
    {
        _cli.Run("gallery", "create", "g").Expect(0);
        Assert.Equal("local", _cli.Run("gallery", "show", "g", "--json").Expect(0).Json.GetProperty("owner").GetString());

        _cli.Run("gallery", "set", "g", "--owner", "County", "--approved", "false").Expect(0);
        Assert.Equal("profile", _cli.Run("gallery", "set", "g", "--profile", "no-such", "--json").Expect(2).Json.GetProperty("error")
            .GetProperty("reason").GetString());
        Assert.Equal(
            "ngi-ips", _cli.Run("gallery", "set", "g", "--profile", "ngi-ips", "--json").Expect(0).Json.GetProperty("profile").GetString());
        _cli.Run("gallery", "set", "g", "--profile", "default").Expect(0);
        var set = _cli.Run("gallery", "set", "g", "--retention-days", "90", "--retention-from", "captured", "--json").Expect(0).Json;

        Assert.Equal(
            ("County", "default", false),
            (set.GetProperty("owner").GetString(), set.GetProperty("profile").GetString(), set.GetProperty("approved").GetBoolean()));
        Assert.Equal(
            (90, "captured"),
            (set.GetProperty("retention").GetProperty("days").GetInt32(), set.GetProperty("retention").GetProperty("basis").GetString()));
        Assert.Contains("90 days from capture", _cli.Run("gallery", "show", "g").Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains(
            "until removed", _cli.Run("gallery", "set", "g", "--retention-days", "forever").Expect(0).Output, StringComparison.Ordinal);
        _cli.Run("gallery", "purge", "g").Expect(2);
        _cli.Run("gallery", "set", "g", "--retention-days", "1").Expect(0);
        Assert.Equal(0, _cli.Run("gallery", "purge", "g", "--json").Expect(0).Json.GetProperty("encounters").GetInt32());
        _cli.Run("gallery", "set", "g", "--retention-days", "0").Expect(2);
        _cli.Run("gallery", "set", "g", "--retention-days", "forever").Expect(0);
        _cli.Run("gallery", "set", "g", "--retention-from", "captured").Expect(2);
    }

    [Fact]
    public void A_gallery_is_exported_and_restored_under_another_name()
    {
        _cli.Run("gallery", "create", "g").Expect(0);
        Assert.True(_cli.Run("gallery", "export", "g", _cli.File("g.zip"), "--json").Expect(0).Json.GetProperty("bytes").GetInt64() > 0);
        _cli.Run("gallery", "export", "g", _cli.File("g.zip")).Expect(2);
        _cli.Run("gallery", "export", "g", _cli.File("g.zip"), "--force").Expect(0);
        Assert.Equal("gallery_exists", _cli.Run("gallery", "restore", _cli.File("g.zip"), "--json").Expect(2).Json.GetProperty("error")
            .GetProperty("reason").GetString());
        Assert.Equal(
            "h", _cli.Run("gallery", "restore", _cli.File("g.zip"), "--as", "h", "--json").Expect(0).Json.GetProperty("name").GetString());
        File.WriteAllText(_cli.File("no.zip"), "no archive");
        Assert.Equal("archive", _cli.Run("gallery", "restore", _cli.File("no.zip"), "--as", "i", "--json").Expect(2).Json
            .GetProperty("error").GetProperty("reason").GetString());
        _cli.Run("gallery", "export", "none", _cli.File("none.zip")).Expect(2);
        Assert.Equal(["g.zip", "no.zip"], Directory.GetFiles(_cli.Folder).Select(Path.GetFileName).Order());
    }
}
