using System.Text;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;
using MatchEngine.Service.Tests.Fakes;

namespace MatchEngine.Service.Tests.Hosting;

/// <summary>
/// Safeguard 8: with a key, photos and biographics that came over HTTP are unreadable on the disk, and whole to whoever may see them.
/// </summary>
public sealed class EncryptionAtRestTests
{
    private const string PhotoMarker = "photo-at-rest-77c1", NameMarker = "Name-at-rest-77c1";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Photos_and_biographics_are_on_the_disk_only_as_the_key_seals_them(bool withKey)
    {
        await using var service = new SealedService(withKey);
        await service.InitializeAsync();
        using var admin = service.Admin();
        await admin.CreateGalleryAsync("people");
        await admin.EnrolAsync(
            "people", "A", FakeImage.Picture(PhotoMarker, new FakeFace(1)), new { metadata = new { name = NameMarker } });

        var candidate = (await admin.SearchAsync(FakeImage.Of(new FakeFace(1, Variation: 2)), "people")).GetProperty("candidates")[0];
        Assert.Equal(NameMarker, candidate.GetProperty("biographics").GetProperty("name").GetString());
        using (var crop = await admin.GetAsync(candidate.GetProperty("crop").GetString()))
            Assert.Equal([0xFF, 0xD8, 0xFF], (await crop.Content.ReadAsByteArrayAsync())[..3]);

        // Without a key they are there in the clear: so the look is one that finds them.
        await service.StopAsync();
        foreach (var marker in (string[])[PhotoMarker, NameMarker])
            Assert.Equal(!withKey, FolderBytes.Contain(service.Data, Encoding.UTF8.GetBytes(marker)));
    }

    private sealed class SealedService(bool withKey) : TestService
    {
        internal override ServiceSettings Settings()
        {
            var settings = base.Settings();
            if (withKey)
                settings.DataKeyFile = Folder.Write("keys", Encoding.ASCII.GetBytes($"# a key of this test\n{new string('a', 64)}\n"));
            return settings;
        }
    }
}
