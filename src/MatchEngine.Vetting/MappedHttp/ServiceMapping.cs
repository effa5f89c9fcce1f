using System.Text.Json.Nodes;

namespace MatchEngine.Vetting.MappedHttp;

/// <summary>
/// How a JSON service is asked and its answers are read: the contents of a mapping file. A text that begins with <c>$</c> is a JSONPath
/// into the answer, one with <c>header:</c> a header of it; <c>{name}</c> in a request is a <see cref="Placeholder"/>. What a service
/// lacks is left out.
/// </summary>
internal sealed record ServiceMapping
{
    /// <summary>Where the service is, for example <c>http://localhost:5005</c>.</summary>
    public required string Address { get; init; }

    /// <summary>Headers of every request; one with <c>{credential}</c> is left out where there is none.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>What scores mean.</summary>
    public required ScoreMapping Scores { get; init; }

    /// <summary>What the service is.</summary>
    public required IdentityMapping Identity { get; init; }

    /// <summary>How a subject is enrolled; null where that cannot be asked.</summary>
    public EnrolmentMapping? Enrol { get; init; }

    /// <summary>How a subject is removed.</summary>
    public RequestMapping? Remove { get; init; }

    /// <summary>How a probe is searched.</summary>
    public SearchMapping? Search { get; init; }

    /// <summary>How two photos are compared.</summary>
    public ComparisonMapping? Compare { get; init; }

    /// <summary>How the record of a search is read.</summary>
    public RecordMapping? Record { get; init; }

    /// <summary>What refusals mean, the first that fits; where none does, the status says it.</summary>
    public IReadOnlyList<FailureMapping> Failures { get; init; } = [];
}

/// <summary>What scores mean.</summary>
internal sealed record ScoreMapping
{
    /// <summary><c>bigger</c> or <c>smaller</c>: which of two scores is of faces that are more alike.</summary>
    public required string Better { get; init; }

    /// <summary>The lowest score, on the service's own scale; null where it is not known.</summary>
    public double? Low { get; init; }

    /// <summary>The highest.</summary>
    public double? High { get; init; }
}

/// <summary>A request: where to, and one body at most.</summary>
internal record RequestMapping
{
    /// <summary>GET, POST, PUT, PATCH or DELETE.</summary>
    public required string Method { get; init; }

    /// <summary>The path, with placeholders; it begins with a slash.</summary>
    public required string Path { get; init; }

    /// <summary>The query: names and texts with placeholders; one whose value the call does not say is left out.</summary>
    public Dictionary<string, string> Query { get; init; } = [];

    /// <summary>Headers of this request, with placeholders; one whose value the call does not say is left out.</summary>
    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>A JSON body, whose texts hold placeholders.</summary>
    public JsonNode? Json { get; init; }

    /// <summary>A multipart body: fields, of which one that is a photo's placeholder alone is a file.</summary>
    public Dictionary<string, string>? Multipart { get; init; }
}

/// <summary>What the service is: texts, or paths into the answer of a request.</summary>
internal sealed record IdentityMapping
{
    /// <summary>What is asked; null where nothing is, and all texts are words of the mapping.</summary>
    public RequestMapping? Request { get; init; }

    /// <summary>The product.</summary>
    public string? Product { get; init; }

    /// <summary>Its version.</summary>
    public string? Version { get; init; }

    /// <summary>Its model.</summary>
    public string? Model { get; init; }

    /// <summary>What else: name and text or path.</summary>
    public Dictionary<string, string> Settings { get; init; } = [];
}

/// <summary>An enrolment.</summary>
internal sealed record EnrolmentMapping : RequestMapping
{
    /// <summary>Path of the id under which candidates name the subject; null: the one that was sent.</summary>
    public string? Subject { get; init; }
}

/// <summary>A search.</summary>
internal sealed record SearchMapping : RequestMapping
{
    /// <summary>Path of the candidates.</summary>
    public required string Candidates { get; init; }

    /// <summary>Path of a candidate's subject, from the candidate.</summary>
    public required string Subject { get; init; }

    /// <summary>Path of its score.</summary>
    public string? Score { get; init; }

    /// <summary>Path of its rank; null: its place.</summary>
    public string? Rank { get; init; }

    /// <summary>Path of an object with its biographics.</summary>
    public string? Biographics { get; init; }

    /// <summary>Path of the search's id.</summary>
    public string? SearchId { get; init; }

    /// <summary>Path of the disclaimer.</summary>
    public string? Disclaimer { get; init; }

    /// <summary>Path of the model.</summary>
    public string? Model { get; init; }

    /// <summary>Path of how many strangers are expected on the list.</summary>
    public string? StrangersExpected { get; init; }

    /// <summary>Path of how many candidates are held back.</summary>
    public string? Withheld { get; init; }
}

/// <summary>A comparison.</summary>
internal sealed record ComparisonMapping : RequestMapping
{
    /// <summary>Path of the score.</summary>
    public string? Score { get; init; }

    /// <summary>Path of the disclaimer.</summary>
    public string? Disclaimer { get; init; }

    /// <summary>Path of the model.</summary>
    public string? Model { get; init; }
}

/// <summary>The record of a search.</summary>
internal sealed record RecordMapping : RequestMapping
{
    /// <summary>Path of the purpose; of several texts all.</summary>
    public string? Purpose { get; init; }

    /// <summary>Path of when it was recorded.</summary>
    public string? Recorded { get; init; }
}

/// <summary>What a refusal means.</summary>
internal sealed record FailureMapping
{
    /// <summary>The status; null for any that is no success.</summary>
    public int? Status { get; init; }

    /// <summary>A text that the answer holds; null for any.</summary>
    public string? Contains { get; init; }

    /// <summary>What it means, for example <c>noFace</c>.</summary>
    public required Targets.FailureKind Kind { get; init; }
}
