using System.Security.Cryptography;
using System.Text;
using MatchEngine.Evaluation.Inputs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Tests.Accuracy;

/// <summary>
/// A data set of files that are no photos, with an embedding for each whose coordinates are ±1/8: 64 of them have length 1, and all their
/// products and sums are exact in any order, so that two systems that compute them give the same bits. Scores tie often.
/// </summary>
internal sealed class SignFaces : IDisposable
{
    private readonly Dictionary<string, float[]> _byDigest = [];

    public SignFaces(int people, int photos, int seed)
    {
        Folder = Directory.CreateTempSubdirectory("signs-").FullName;
        // The files by numbers of their own: what is drawn by their digests is the same in every run, too.
        var (random, content) = (new Random(seed), new Random(seed + 1));
        var (names, subjects, groups) = (new List<string>(), new List<string>(), new List<string>());
        Embeddings = new EmbeddingSet(64, people * photos) { ModelDigest = new string('a', 64) };
        for (var person = 0; person < people; person++)
        {
            var own = Enumerable.Range(0, 64).Select(_ => random.Next(2) * 0.25f - 0.125f).ToArray();
            for (var photo = 0; photo < photos; photo++)
            {
                var name = $"{person:D3}/{photo}.jpg";
                var bytes = new byte[40];
                content.NextBytes(bytes);
                // The same file under two people, and the same twice: such a probe finds itself.
                if (person == 7 && photo == 1)
                    bytes = File.ReadAllBytes(Path.Combine(Folder, "007/0.jpg"));
                Directory.CreateDirectory(Path.Combine(Folder, $"{person:D3}"));
                File.WriteAllBytes(Path.Combine(Folder, name), bytes);
                // Every fifth person is hard to recognise.
                var values = own.Select(v => random.NextDouble() < (person % 5 == 0 ? 0.35 : 0.18) ? -v : v).ToArray();
                var digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
                if (!_byDigest.TryAdd(digest, values))
                    values = _byDigest[digest];
                names.Add(name);
                subjects.Add($"person {person}");
                groups.Add(person % 3 == 0 ? "a" : "b");
                // One in forty shows no face to anybody.
                if (names.Count % 40 == 11)
                {
                    _byDigest.Remove(digest);
                    Embeddings.AddFailure(name, "no_face");
                }
                else
                    Embeddings.Add(name, values, digest);
            }
        }
        Images = new DataSet(
            "signs", names, subjects, new Dictionary<string, string[]> { ["group"] = [.. groups] },
            new Dictionary<string, string> { ["group"] = "annotated" });
    }

    public string Folder { get; }

    public DataSet Images { get; }

    public EmbeddingSet Embeddings { get; }

    public float[]? Of(ReadOnlyMemory<byte> photo) => _byDigest.GetValueOrDefault(Convert.ToHexStringLower(SHA256.HashData(photo.Span)));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>A service over <see cref="SignFaces"/>: exact, and in no order among equal scores.</summary>
internal class SignTarget(SignFaces faces) : ISystemUnderTest
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<float[]>> _gallery = [];

    public int Calls { get; private set; }

    public string Name => "signs:";

    public Uri? Address => null;

    public virtual TargetAbilities Abilities { get; } = TargetAbilities.AllBut(new Dictionary<Ability, string>(), ScoreScale.Cosine);

    public virtual Task<Exchange<TargetIdentity>> IdentifyAsync(CallTerms terms, CancellationToken cancellationToken) =>
        Answer(new TargetIdentity("Signs", "1", "signs-64", new Dictionary<string, string>()));

    public virtual Task<Exchange<EnrolmentAnswer>> EnrolAsync(
        EnrolmentQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        if (faces.Of(((PhotoInput)query.Face).Bytes) is not { } values)
            return Fail<EnrolmentAnswer>(FailureKind.NoFace);
        lock (_gate)
        {
            if (!_gallery.TryGetValue(query.Subject, out var own))
                _gallery[query.Subject] = own = [];
            own.Add(values);
        }
        return Answer(new EnrolmentAnswer(query.Subject, true));
    }

    public virtual Task<Exchange<RemovalAnswer>> RemoveAsync(string subject, CallTerms terms, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Answer(new RemovalAnswer(_gallery.Remove(subject)));
    }

    public virtual Task<Exchange<SearchAnswer>> SearchAsync(SearchQuery query, CallTerms terms, CancellationToken cancellationToken)
    {
        if (faces.Of(((PhotoInput)query.Probe).Bytes) is not { } values)
            return Fail<SearchAnswer>(FailureKind.NoFace);
        lock (_gate)
            return Answer(new SearchAnswer(
                [.. _gallery.Select(own => (own.Key, Score: own.Value.Max(v => Score(v, values)))).OrderByDescending(c => c.Score)
                    .ThenBy(c => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(c.Key))), StringComparer.Ordinal)
                    .Take(query.ListLength ?? 20).Select((c, place) => new CandidateAnswer(place + 1, c.Key, c.Score))]));
    }

    public Task<Exchange<ComparisonAnswer>> CompareAsync(ComparisonQuery query, CallTerms terms, CancellationToken cancellationToken) =>
        faces.Of(query.First.Bytes) is { } first && faces.Of(query.Second.Bytes) is { } second
            ? Answer(new ComparisonAnswer(Score(first, second)))
            : Fail<ComparisonAnswer>(FailureKind.NoFace);

    public Task<Exchange<SearchRecordAnswer>> ReadRecordAsync(
        string searchId, CallTerms terms, CancellationToken cancellationToken) => Fail<SearchRecordAnswer>(FailureKind.NotFound);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected Task<Exchange<T>> Answer<T>(T value)
        where T : class
    {
        lock (_gate)
            Calls++;
        return Task.FromResult(new Exchange<T>(SentMessage.Nothing, null, Times, value));
    }

    protected Task<Exchange<T>> Fail<T>(FailureKind kind)
        where T : class
    {
        lock (_gate)
            Calls++;
        return Task.FromResult(new Exchange<T>(SentMessage.Nothing, null, Times, new TargetFailure(kind, null, null)));
    }

    private static CallTimes Times => new(DateTimeOffset.UnixEpoch, TimeSpan.Zero, TimeSpan.Zero);

    private static double Score(float[] a, float[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
