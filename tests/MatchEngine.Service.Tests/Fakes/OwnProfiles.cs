using System.Text.Json;
using System.Text.Json.Nodes;
using MatchEngine.Galleries.Profiles;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>Profiles of an operator's own: one that comes with the product, with some rules of it changed.</summary>
internal static class OwnProfiles
{
    /// <summary>Writes a profile and gives the file.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">Its name.</param>
    /// <param name="rules">The values of rules that are other ones, by their keys.</param>
    /// <param name="from">The profile that it is made of.</param>
    public static string Write(string folder, string name, IReadOnlyDictionary<string, object?> rules, string from = "default")
    {
        using var stream = typeof(Profile).Assembly.GetManifestResourceStream($"Profiles.{from}.json")!;
        var json = JsonNode.Parse(stream)!;
        json["name"] = name;
        foreach (var (rule, value) in rules)
            json["rules"]![rule] = new JsonObject { ["value"] = JsonSerializer.SerializeToNode(value), ["source"] = "none" };
        Directory.CreateDirectory(folder);
        var file = Path.Combine(folder, name + ".json");
        File.WriteAllText(file, json.ToJsonString());
        return file;
    }
}

/// <summary>The service with several profiles of an operator's own, under a clock that a test moves.</summary>
public sealed class OwnProfilesService : TestService
{
    internal MovableClock Clock { get; } = new();

    internal override Settings.ServiceSettings Settings()
    {
        var folder = Folder.Sub("profiles");
        var settings = base.Settings();
        settings.Profiles = string.Join(';', new[]
        {
            OwnProfiles.Write(folder, "ranks", new Dictionary<string, object?>
            {
                ["scores"] = "rankOnly", ["comparisons"] = "notOffered", ["examinerReview"] = false, ["disclaimer"] = null,
            }),
            OwnProfiles.Write(folder, "percents", new Dictionary<string, object?>
            {
                ["scores"] = "percent", ["disclaimer"] = new { version = "p7", text = "Ours is a scale." },
            }),
            OwnProfiles.Write(folder, "fraud", new Dictionary<string, object?> { ["permittedBases"] = new[] { "18 USC 1546" } }),
            OwnProfiles.Write(folder, "strict-age", new Dictionary<string, object?>
            {
                ["age"] = new { under = 14, enrolment = "warn", search = "refuse" },
            }),
            OwnProfiles.Write(folder, "crowds", new Dictionary<string, object?> { ["severalFaces"] = "allSearched" }, "vendor"),
        });
        return settings;
    }

    internal override void Replace(Microsoft.Extensions.DependencyInjection.IServiceCollection services)
    {
        base.Replace(services);
        Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<TimeProvider>(services, Clock);
    }
}
