using System.Globalization;
using MatchEngine.Frs;
using MatchEngine.Frs.Accounts;
using MatchEngine.Galleries.Audit;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Headers;

namespace MatchEngine.Service.CompreFace;

/// <summary>A request of the dialect: who asks, in which gallery, and what stands in its query.</summary>
/// <param name="context">The request.</param>
/// <param name="settings">What holds for its key.</param>
internal sealed class CompreFaceCall(HttpContext context, ClientSettings settings)
{
    public const string GalleryHeader = "x-matchengine-gallery";

    private const int MaxFaces = 1000;

    /// <summary>Who asks.</summary>
    public Actor Actor { get; } = context.Actor();

    /// <summary>The request.</summary>
    public HttpContext Context => context;

    /// <summary>Ends when nobody waits for the answer.</summary>
    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>Why: by the headers of the request, else as it was set for the key.</summary>
    public SearchPurpose Purpose => Said.Purpose(context.Request, settings.Purpose);

    /// <summary>A supervisor's approval.</summary>
    public string? Approval => Said.Approval(context.Request);

    /// <summary>The face collection that the key stands for: by the header, else as it was set for the key.</summary>
    /// <exception cref="ProblemException">Neither names one.</exception>
    public string Gallery => Said.Of(context.Request, GalleryHeader) ?? settings.Gallery ?? throw new ProblemException(
        CompreFaceErrors.MissingParameter,
        $"no gallery is named: set one for the key (PUT /v1/keys/KEY/client-settings), or send the header '{GalleryHeader}'");

    /// <summary>The most faces of the image that are meant, 0: all.</summary>
    /// <exception cref="ProblemException">It is no such number.</exception>
    public int Limit => Number("limit", 0, MaxFaces) ?? 0;

    /// <summary>The least confidence of the detector that is asked for, 0 … 1.</summary>
    /// <exception cref="ProblemException">It is no such number.</exception>
    public double Confidence => Text("det_prob_threshold") is not { } text ? 0
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1 ? number
        : throw new ProblemException(Problem.BadValue, "det_prob_threshold lies within 0 … 1");

    /// <summary>Whether versions and times are told.</summary>
    public bool Status => string.Equals(Text("status"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>What is to be said of parameters that have no effect here.</summary>
    public IEnumerable<string> Unheeded
    {
        get
        {
            if (Text("face_plugins") is { } plugins && plugins.Any(char.IsLetter))
                yield return "face_plugins: none is offered here; neither age nor gender is guessed, and no template leaves the service";
        }
    }

    /// <summary>A parameter of the query; null where it is absent or empty.</summary>
    public string? Text(string name) => context.Request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The same of one that must be there.</summary>
    /// <exception cref="ProblemException">It is not.</exception>
    public string Require(string name) =>
        Text(name) ?? throw new ProblemException(CompreFaceErrors.MissingParameter, $"the query has no '{name}'");

    /// <summary>The same of a number.</summary>
    /// <exception cref="ProblemException">It is none, or lies outside.</exception>
    public int? Number(string name, int least, int most) => Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new ProblemException(Problem.BadValue, $"{name} lies within {least} … {most}");

    /// <summary>The encounter that an image's id is.</summary>
    /// <exception cref="ProblemException">It is no UUID.</exception>
    public static string EncounterOf(string image) => Guid.TryParseExact(image, "D", out var id)
        ? id.ToString("N")
        : throw new ProblemException(Problem.BadValue, "an image_id is a UUID, as it was given when the image was added");

    /// <summary>An encounter's id as a UUID.</summary>
    public static string IdOf(string encounter) => Guid.ParseExact(encounter, "N").ToString("D");
}
