using System.Net.Http.Json;
using System.Text.Json;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Tests.Fakes;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>The service with the switches of a tester, over fake faces: six people in a gallery that another organisation keeps.</summary>
public class SwitchedService : TestService
{
    public const string Gallery = "people";

    /// <summary>How many people there are.</summary>
    public const int People = 6;

    /// <summary>A probe that no search has a reason to refuse.</summary>
    internal static byte[] Probe { get; } = FakeImage.Of(new FakeFace(1, Variation: 2));

    internal override ServiceSettings Settings()
    {
        var settings = base.Settings();
        settings.Sandbox = true;
        // As in a sandbox: whoever moves the time by years still has a key.
        settings.Limits.KeyDays = 100 * 365;
        return settings;
    }

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        using var admin = Admin();
        using var owner = As("owners", Role.GalleryOwner);
        await admin.CreateGalleryAsync(Gallery, new { owner = "owners", approved = true });
        for (var i = 1; i <= People + 1; i++)
            await owner.EnrolAsync(
                Gallery, $"S{i}", FakeImage.Picture("", new FakeFace(i)),
                new { metadata = new { name = $"Invented {i}", birth = "1970-01-01" } });
        await owner.DeleteAsync($"/v1/galleries/{Gallery}/subjects/S{People + 1}").Json(204);
        await owner.ShareAsync(this, Gallery, "searchers", new { fields = new[] { "name" } });
    }

    /// <summary>A client who searches, and the id of its key.</summary>
    internal (HttpClient Client, string Key) Searcher()
    {
        var (_, key) = KeyOf("searchers", Role.Agent);
        return (Client(key), key.Split('_')[1]);
    }

    internal static Task<HttpResponseMessage> SearchAsync(HttpClient client, object? more = null, string gallery = Gallery)
    {
        var body = JsonSerializer.SerializeToNode(more ?? new { })!.AsObject();
        body["galleries"] = new System.Text.Json.Nodes.JsonArray(gallery);
        body["purpose"] ??= JsonSerializer.SerializeToNode(Requests.Purpose);
        return client.PostAsync("/v1/searches", Requests.Form(body, ("image", Probe, "probe.jpg")));
    }

    /// <summary>Puts a fault in place.</summary>
    internal static Task<HttpResponseMessage> PutAsync(HttpClient admin, string name, object setting) =>
        admin.PutAsJsonAsync($"/v1/sandbox/faults/{name}", setting);
}

/// <summary>The same with the switch for faults alone.</summary>
public sealed class FaultyService : SwitchedService
{
    internal override ServiceSettings Settings()
    {
        var settings = base.Settings();
        (settings.Sandbox, settings.AllowFaults) = (false, true);
        return settings;
    }
}
