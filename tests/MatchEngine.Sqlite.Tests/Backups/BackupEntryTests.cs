using MatchEngine.Galleries.Errors;
using MatchEngine.Sqlite.Backups;

namespace MatchEngine.Sqlite.Tests.Backups;

public class BackupEntryTests
{
    [Theory]
    [InlineData("service.db", null)]
    [InlineData("audit/audit.db", null)]
    [InlineData("galleries/mugshots/gallery.db", "mugshots")]
    [InlineData("cookie-keys/key-0f1b.xml", null)]
    [InlineData("models/own.json", null)]
    [InlineData("models/patterns/deep/own.onnx", null)]
    public void A_file_of_a_data_folder_is_one(string path, string? gallery)
    {
        var entry = BackupEntry.Parse(path);

        Assert.Equal((path, gallery), (entry.Path, entry.Gallery));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/service.db")]
    [InlineData("../service.db")]
    [InlineData("service.db/")]
    [InlineData("galleries/../gallery.db")]
    [InlineData("galleries/.work-1/gallery.db")]
    [InlineData("galleries/mugshots/gallery.index")]
    [InlineData("galleries/mugshots\\..\\x/gallery.db")]
    [InlineData("models/../../x")]
    [InlineData("models/.ssh/x")]
    [InlineData("models//x")]
    [InlineData("models")]
    [InlineData("models/a/b/c/d/e")]
    [InlineData("cookie-keys/key.txt")]
    [InlineData("data.key")]
    [InlineData("tls/development.pem")]
    [InlineData("examinations/1.probe")]
    [InlineData("manifest.json")]
    public void Any_other_path_is_refused(string path)
    {
        Assert.Null(BackupEntry.Of(path));
        Assert.Throws<ArchiveException>(() => BackupEntry.Parse(path));
    }
}
