using Generated;
using Generated.Models;
using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

// Enrols a photo, searches with it, opens the candidate's crop and exports the gallery, through the client that Kiota makes of
// openapi/v1.json.
var (address, key, photo) = (args[0], args[1], args[2]);
using var adapter = new HttpClientRequestAdapter(new Key(key)) { BaseUrl = address };
var client = new KiotaClient(adapter);
var image = File.ReadAllBytes(photo);
await client.V1.Galleries.PostAsync(new GalleryRequest { Name = "kiota" });
await client.V1.Galleries["kiota"].Subjects["anna"].Encounters.PostAsync(new EncounterRequest { Image = [image] });
var found = await client.V1.Searches.PostAsync(new SearchRequest
{
    Image = image,
    Galleries = ["kiota"],
    Purpose = new PurposeWire { CaseNumber = "C-1", Basis = "18 USC 1028" },
});
var first = found!.Candidates![0];
await SaveAsync("crop.jpg", await client.V1.Searches[found.SearchId!].Candidates[first.Rank!.Value].Crop.GetAsync());
await SaveAsync("kiota.zip", await client.V1.Galleries["kiota"].Export.GetAsync());
var code = "";
try
{
    await client.V1.Galleries["none"].GetAsync();
}
catch (ProblemResponse refused)
{
    code = refused.Code;
}
Console.WriteLine($"{first.Rank} {first.SubjectId} {found.Receipt!.Status} {code}");

static async Task SaveAsync(string path, Stream? stream)
{
    await using var file = File.Create(path);
    await stream!.CopyToAsync(file);
}

/// <summary>Kiota's own provider of keys takes https alone; a test serves on loopback without.</summary>
internal sealed class Key(string key) : IAuthenticationProvider
{
    public Task AuthenticateRequestAsync(
        RequestInformation request, Dictionary<string, object>? additionalAuthenticationContext = null,
        CancellationToken cancellationToken = default)
    {
        request.Headers.Add("X-Api-Key", key);
        return Task.CompletedTask;
    }
}
