using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Service.Tests.Fakes;

/// <summary>
/// Whether a service has what a load's clients were told, and no half of a change: subjects, index, audit and examinations say the same.
/// </summary>
internal static class LoadCheck
{
    /// <summary>Looks for what was acknowledged, and for what was not.</summary>
    /// <param name="service">The service.</param>
    /// <param name="admin">Its administrator.</param>
    /// <param name="gallery">The load's gallery.</param>
    /// <param name="load">What must be there.</param>
    /// <param name="auditorKey">A key of who reads the audit.</param>
    /// <param name="head">A head of the audit from before; null for none.</param>
    /// <param name="probes">Whether the probes of open examinations must be there.</param>
    /// <returns>The head of the audit, and the changes that it says did not come about.</returns>
    public static async Task<(string Head, IReadOnlyDictionary<long, string> NotMade)> RunAsync(
        ServiceProcess service, HttpClient admin, string gallery, Acknowledged load, string auditorKey, string? head, bool probes = true)
    {
        using var auditor = service.Client(auditorKey);
        var there = await MixedLoad.SubjectsAsync(admin, gallery);
        Assert.Empty(load.Enrolled.Where(subject => !load.DeletionBegun.ContainsKey(subject)).Except(there));
        Assert.Empty(load.Deleted.Intersect(there));
        Assert.Contains(MixedLoad.Steady, there);

        // The index says the same as the database.
        var list = await admin.PostAsync("/v1/searches", Requests.Form(
            new { galleries = new[] { gallery }, listLength = 1000, purpose = Requests.Purpose },
            ("image", FakeImage.Of(new FakeFace(0)), "p"))).Json();
        var found = list.GetProperty("candidates").EnumerateArray()
            .Select(candidate => candidate.GetProperty("subjectId").GetString()!).ToList();
        Assert.True(
            there.Count >= 1000 || there.Order(StringComparer.Ordinal).SequenceEqual(found.Order(StringComparer.Ordinal)),
            "a search finds others than are enrolled");

        // Every answered search is in the audit, and every change that is seen; a change that is not, is said to be none.
        // The chain goes on from where it was.
        var (audited, enrolled, removed, requested, notMade) = (
            new HashSet<string>(), new Dictionary<long, string>(), new Dictionary<long, string>(), new Dictionary<long, string>(),
            new Dictionary<long, string>());
        for (long after = 0; ;)
        {
            var page = await auditor.GetAsync($"/v1/audit?count=1000&after={after}").Json();
            foreach (var e in page.GetProperty("events").EnumerateArray())
            {
                var (sequence, payload) = (e.GetProperty("sequence").GetInt64(), e.GetProperty("payload"));
                _ = e.GetProperty("kind").GetString() switch
                {
                    "search" => audited.Add(payload.GetProperty("searchId").GetString()!),
                    "subject.enrolled" => enrolled.TryAdd(sequence, payload.GetProperty("subject").GetString()!),
                    "subject.removed" => removed.TryAdd(sequence, payload.GetProperty("subject").GetString()!),
                    "examination.requested" => requested.TryAdd(sequence, payload.GetProperty("examination").GetString()!),
                    AuditKinds.NotMade => notMade.TryAdd(
                        payload.GetProperty("event").GetInt64(), payload.GetProperty("kind").GetString()!),
                    _ => false,
                };
            }
            if (page.GetProperty("next").ValueKind != JsonValueKind.Number)
                break;
            after = page.GetProperty("next").GetInt64();
        }
        Assert.Empty(load.Searches.Except(audited));
        foreach (var (denied, kind) in notMade)
            Assert.True(
                enrolled.Remove(denied) || removed.Remove(denied) || requested.Remove(denied),
                $"event {denied} ({kind}) is said not to have come about, and is none of the load's");
        Assert.Equal(enrolled.Values.Except(removed.Values).Order(StringComparer.Ordinal), there.Order(StringComparer.Ordinal));
        var verified = await auditor.GetAsync($"/v1/audit/verification{(head is null ? "" : $"?head={head}")}").Json();
        Assert.True(verified.GetProperty("intact").GetBoolean(), verified.GetRawText());

        // A requested examination still waits, and its probe with it; there are no others, in the book and in the audit.
        foreach (var id in load.Examinations)
            Assert.Equal("open", (await admin.GetAsync($"/v1/examinations/{id}").Json()).GetProperty("state").GetString());
        var open = (await admin.GetAsync("/v1/examinations?state=open").Json()).EnumerateArray()
            .Select(row => row.GetProperty("id").GetString()!).ToHashSet();
        var files = Files(service.Data, "*.key").Select(file => Path.GetFileNameWithoutExtension(file)!).ToHashSet();
        Assert.Equal((probes ? open : []).Order(StringComparer.Ordinal), files.Order(StringComparer.Ordinal));
        Assert.Equal(open.Order(StringComparer.Ordinal), requested.Values.Order(StringComparer.Ordinal));
        return (verified.GetProperty("head").GetString()!, notMade);
    }

    /// <summary>What the data folder keeps of examinations.</summary>
    public static string[] Files(string data, string pattern)
    {
        var folder = Path.Combine(data, "examinations");
        return Directory.Exists(folder) ? Directory.GetFiles(folder, pattern) : [];
    }
}
