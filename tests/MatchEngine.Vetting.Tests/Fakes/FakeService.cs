using System.Globalization;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Fakes;

/// <summary>
/// A well-behaved service, the smallest that keeps every rule: brute force over <see cref="FakeFace"/>'s templates, one gallery for each
/// organisation. Those that misbehave override what they do wrong.
/// </summary>
internal class FakeService
{
    public const string Disclaimer = "Investigative leads only; not a positive identification.";

    private readonly Lock _lock = new();
    private readonly Dictionary<Caller, SortedDictionary<string, List<float[]>>> _galleries = new()
    {
        [Caller.Examiner] = new(StringComparer.Ordinal), [Caller.OtherOrganisation] = new(StringComparer.Ordinal),
    };

    private readonly Dictionary<string, (Caller Caller, SearchRecordAnswer Record)> _records = [];

    /// <summary>What it says that it is.</summary>
    public virtual TargetIdentity Identify(Caller caller) =>
        new("Fake", "1.0", "fake-colours", new Dictionary<string, string> { ["minimum"] = "2" });

    /// <summary>Enrols.</summary>
    public virtual EnrolmentAnswer Enrol(Caller caller, EnrolmentQuery query)
    {
        var gallery = Gallery(caller);
        var template = Template(query.Face);
        lock (_lock)
        {
            if (!gallery.TryGetValue(query.Subject, out var templates))
                gallery[query.Subject] = templates = [];
            var isNew = !templates.Any(known => known.AsSpan().SequenceEqual(template));
            if (isNew)
                templates.Add(template);
            return new EnrolmentAnswer(query.Subject, isNew);
        }
    }

    /// <summary>Removes.</summary>
    public virtual RemovalAnswer Remove(Caller caller, string subject)
    {
        var gallery = Gallery(caller);
        lock (_lock)
            return gallery.Remove(subject)
                ? new RemovalAnswer(true)
                : throw new FakeRefusal(FailureKind.NotFound, "subject_not_found", "no such subject");
    }

    /// <summary>Searches.</summary>
    public virtual SearchAnswer Search(Caller caller, SearchQuery query)
    {
        var gallery = Gallery(caller);
        RequirePurpose(query.Purpose);
        var length = query.ListLength ?? 20;
        if (length is < 2 or > 50)
            throw new FakeRefusal(FailureKind.Refused, "list_length", "2 … 50");
        var probe = Template(query.Probe);
        lock (_lock)
        {
            var scores = Rank(gallery.Select(subject => (subject.Key, Score: Round(subject.Value.Max(known => Cosine(known, probe))))));
            var listed = scores.Where(one => query.ScoreFloor is not { } floor || one.Score >= floor).Take(length).ToList();
            var withheld = listed.Count == 1 ? 1 : 0;
            var id = string.Create(CultureInfo.InvariantCulture, $"s{_records.Count + 1}");
            _records[id] = (caller, new SearchRecordAnswer(
                id, query.Purpose is { } purpose ? $"{purpose.CaseNumber}; {purpose.Basis}; {purpose.Requester}" : null,
                DateTimeOffset.UnixEpoch));
            return new SearchAnswer(withheld > 0
                ? []
                : [.. listed.Select((one, place) => new CandidateAnswer(place + 1, one.Subject, one.Score))])
            {
                SearchId = id,
                Disclaimer = Disclaimer,
                Model = Identify(caller).Model,
                Withheld = withheld,
                StrangersExpected = query.ScoreFloor is { } asked ? Strangers(gallery, asked) : null,
            };
        }
    }

    /// <summary>Compares.</summary>
    public virtual ComparisonAnswer Compare(Caller caller, ComparisonQuery query)
    {
        _ = Gallery(caller);
        RequirePurpose(query.Purpose);
        return new ComparisonAnswer(Round(Cosine(Template(query.First), Template(query.Second))))
        {
            Disclaimer = Disclaimer, Model = Identify(caller).Model, Members = ["score", "model", "disclaimer"],
        };
    }

    /// <summary>Reads a record.</summary>
    public virtual SearchRecordAnswer Read(Caller caller, string searchId)
    {
        _ = Gallery(caller);
        lock (_lock)
            return _records.TryGetValue(searchId, out var record) && MayRead(caller, record.Caller)
                ? record.Record
                : throw new FakeRefusal(FailureKind.NotFound, "search_not_found", "no such search");
    }

    /// <summary>Whether a caller may read another's record.</summary>
    protected virtual bool MayRead(Caller caller, Caller owner) => caller == owner;

    /// <summary>The order of a list: best first, equals by id.</summary>
    protected virtual IEnumerable<(string Subject, double Score)> Rank(IEnumerable<(string Subject, double Score)> scores) =>
        scores.OrderByDescending(one => one.Score).ThenBy(one => one.Subject, StringComparer.Ordinal);

    /// <summary>The gallery of a caller.</summary>
    protected virtual SortedDictionary<string, List<float[]>> Gallery(Caller caller) => _galleries.GetValueOrDefault(caller)
        ?? throw new FakeRefusal(FailureKind.Unauthorised, "unauthorised", "a key is needed");

    /// <summary>The template of what was sent.</summary>
    protected virtual float[] Template(FaceInput face) => face switch
    {
        PhotoInput photo => FakeFace.Template(photo.Bytes),
        TemplateInput template => template.Values.ToArray(),
        _ => throw new FakeRefusal(FailureKind.Refused, "input", "neither photo nor template"),
    };

    /// <summary>Refuses a search that does not say why.</summary>
    protected virtual void RequirePurpose(SearchPurpose? purpose)
    {
        if (purpose is null)
            throw new FakeRefusal(FailureKind.PurposeMissing, "purpose_required", "say why");
    }

    // What this gallery's people score with each other is what a stranger scores with them.
    private static ExpectedStrangers? Strangers(SortedDictionary<string, List<float[]>> gallery, double floor)
    {
        var templates = gallery.Values.Select(one => one[0]).ToList();
        if (templates.Count < 10)
            return null;
        var pairs = from i in Enumerable.Range(0, templates.Count)
                    from j in Enumerable.Range(0, i)
                    select Cosine(templates[i], templates[j]);
        return new ExpectedStrangers(pairs.Average(score => score >= floor ? 1.0 : 0) * templates.Count, null, null);
    }

    private static double Cosine(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    private static double Round(double score) => Math.Round(score, 4);
}
