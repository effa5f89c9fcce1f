using MatchEngine.Faces.Images;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Frs;

/// <summary>How the use cases work: what an operator decides once.</summary>
public sealed record FrsOptions
{
    /// <summary>The full path of the data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The full path of the folder below which imports find their photos.</summary>
    public required string ImportFolder { get; init; }

    /// <summary>A profile's name or a file: whose rules the service follows.</summary>
    public string Profile { get; init; } = "default";

    /// <summary>Files of further profiles of the operator's own, which galleries can follow by their names.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = [];

    /// <summary>False when the whole service is not approved for use by all, so that a supervisor must approve each search.</summary>
    public bool Approved { get; init; } = true;

    /// <summary>The id of the embedder's card for comparisons, for quality and for galleries that name none.</summary>
    public string Model { get; init; } = ModelCatalog.DefaultEmbedder;

    /// <summary>The least overall quality of a probe, 0 … 100; 0 takes every probe.</summary>
    public double MinProbeQuality { get; init; } = FaceQuality.DefaultMinimum;

    /// <summary>Whether images are decoded in processes of their own.</summary>
    public bool IsolateDecoder { get; init; }

    /// <summary>The limits of images.</summary>
    public ImageLimits Images { get; init; } = ImageLimits.Default;

    /// <summary>Images worked on at once, 1 or more.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>How long one image may be worked on; then it is refused.</summary>
    public TimeSpan ImageTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Requests that may wait for a worker.</summary>
    public int Queue { get; init; } = 64;

    /// <summary>How long an examination may stay open, and the probe kept for it with it.</summary>
    public TimeSpan ExaminationLifetime { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long a browser that is signed in may be idle.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a browser may be signed in.</summary>
    public TimeSpan SessionLifetime { get; init; } = TimeSpan.FromHours(8);

    /// <summary>How long an API key may last.</summary>
    public TimeSpan KeyLifetime { get; init; } = TimeSpan.FromDays(365);

    /// <summary>How long an answer is kept at most for who asks for it again, or fetches it later.</summary>
    public TimeSpan AnswerLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How many keys of requests that are carried out once an account has at a time.</summary>
    public int IdempotencyKeys { get; init; } = 10_000;

    /// <summary>How many bytes the answers hold that are kept for an account.</summary>
    public long KeptAnswerBytes { get; init; } = 256L << 20;

    /// <summary>How many probes one request for many searches has at most.</summary>
    public int BatchProbes { get; init; } = 10_000;

    /// <summary>How many operations whose answers were not fetched an account has at a time.</summary>
    public int Batches { get; init; } = 1000;

    /// <summary>The hosts that webhooks may lead to, beside this machine.</summary>
    public IReadOnlyList<string> WebhookHosts { get; init; } = [];

    /// <summary>This service in the ANSI/NIST files that it answers with (fields 1.008 and 10.004): printable ASCII.</summary>
    public string Agency { get; init; } = "MATCHENGINE";
}
