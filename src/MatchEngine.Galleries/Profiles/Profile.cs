using System.Collections.Concurrent;
using System.Text.Json;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Errors;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Galleries.Profiles;

/// <summary>
/// How a face recognition service behaves: what it asks for, what it returns, what it refuses. Profiles are JSON files; those of documented
/// services come with the product, and an operator's own are read from a path.
/// </summary>
/// <param name="Name">Its name, by which galleries and services choose it.</param>
/// <param name="Title">What service it is like.</param>
/// <param name="Description">In a sentence.</param>
/// <param name="Rules">Its rules.</param>
public sealed record Profile(string Name, string Title, string Description, ProfileRules Rules)
{
    private const string ResourcePrefix = "Profiles.";

    // Every search asks for the profile of each of its galleries.
    private static readonly ConcurrentDictionary<string, Profile> Shipped = new(StringComparer.Ordinal);
    private const int MaxBytes = 1 << 20;

    /// <summary>The names of the profiles that come with the product, in ordinal order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(Profile).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Select(name => name[ResourcePrefix.Length..^".json".Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>
    /// A profile that comes with the product, or an operator's own. A name from elsewhere, a gallery's for one, is looked up with
    /// <see cref="Named"/>, which opens no file.
    /// </summary>
    /// <param name="nameOrPath">One of <see cref="Names"/>, or the path of a JSON file.</param>
    /// <exception cref="ProfileException">There is no such profile, or its file breaks the schema; file,
    /// key and remedy are named.</exception>
    public static Profile Find(string nameOrPath)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(nameOrPath);
        return Names.Contains(nameOrPath)
            ? Named(nameOrPath)
            : System.IO.File.Exists(nameOrPath)
                ? Read(nameOrPath)
                : throw new ProfileException(
                    nameOrPath, null, $"there is no such profile and no such file; there are {string.Join(", ", Names)}");
    }

    /// <summary>A profile that comes with the product. Whatever the name is, no file is opened.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ProfileException">There is no such profile.</exception>
    public static Profile Named(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Names.Contains(name))
            throw new ProfileException(name, null, $"there is no such profile; there are {string.Join(", ", Names)}");
        return Shipped.GetOrAdd(name, static name =>
        {
            using var stream = typeof(Profile).Assembly.GetManifestResourceStream($"{ResourcePrefix}{name}.json")!;
            return ProfileReader.Read($"{name}.json", Content(stream));
        });
    }

    /// <summary>Reads a profile from a file.</summary>
    /// <exception cref="ProfileException">The file cannot be read or breaks the schema; file, key and remedy are named.</exception>
    public static Profile Read(string file)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        try
        {
            using var stream = System.IO.File.OpenRead(file);
            return ProfileReader.Read(file, Content(stream));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProfileException(file, null, $"the profile cannot be read ({e.Message})", e);
        }
    }

    /// <summary>
    /// What the profile makes of a request. Nothing is looked up and nothing is kept: the same request gives the same outcome. A request
    /// that is refused for several reasons is told the first of them in this order: what is offered, terms, training,
    /// purpose, age, floor, approval.
    /// </summary>
    public ProfileOutcome Apply(ProfileRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Refuse(request) is { } refusal)
            return new ProfileOutcome(null, [], refusal);
        var findings = new List<ProfileFinding>();
        var lengths = Rules.ListLength.Value;
        var length = Math.Clamp(request.ListLength ?? lengths.Default, lengths.Min, lengths.Max);
        if (request.ListLength is { } asked && asked != length)
            findings.Add(new ProfileFinding(
                "listLength",
                $"a list of {asked} was asked for; {Name} gives {lengths.Min} to {lengths.Max}, so the list has at most {length}",
                Rules.ListLength.Source));
        var (floor, strangers) = (request.ScoreFloor, request.FloorStrangers);
        if ((floor is not null || strangers is not null) && Rules.ScoreFloor.Value == ScoreFloorRule.NotOffered)
        {
            findings.Add(new ProfileFinding(
                "scoreFloor",
                $"a score floor was asked for; {Name} offers none, so the list goes by its length alone", Rules.ScoreFloor.Source));
            (floor, strangers) = (null, null);
        }
        if (Rules.ScoreFloorDefault.Value is { } preset && !(floor >= preset))
        {
            findings.Add(new ProfileFinding(
                "scoreFloorDefault",
                strangers is not null
                    ? $"the floor that is chosen for the probe is no lower than {preset:0.####}, which {Name} sets"
                    : floor is { } low
                        ? $"a score floor of {low:0.####} was asked for; {Name} lists nobody below {preset:0.####}"
                        : $"no score floor was asked for; {Name} sets {preset:0.####}",
                Rules.ScoreFloorDefault.Source));
            floor = preset;
        }
        if (Rules.Age.Value is { } age && age.IsChild(request.StatedAge))
            findings.Add(new ProfileFinding(
                "age", $"the image shows somebody under {age.Under}, by the word of who sent it", Rules.Age.Source));
        // A second request is about all that the record holds.
        var details = Rules.Biographics.Value == BiographicsRule.OnRequest && request.Use == ProfileUse.Details;
        var biographics = Rules.Biographics.Value == BiographicsRule.All || details;
        // A comparison returns a score and never personal data, whatever the service.
        var shown = request.Use is not (ProfileUse.Comparison or ProfileUse.SubjectComparison);
        return new ProfileOutcome(
            new ProfileOptions(
                length,
                floor,
                Rules.MinimumCandidates.Value,
                // What a subject's biographics were taken from must not tell what the encounter does not.
                !biographics || !shown ? BiographicFields.None : details ? BiographicFields.All : Rules.EncounterFields.Value,
                !shown ? BiographicFields.None : details ? BiographicFields.All : Rules.EncounterFields.Value,
                Rules.SourceUrl.Value && shown,
                Rules.SeveralFaces.Value,
                Rules.RetentionYears.Value) { FloorStrangers = strangers },
            findings,
            null);
    }

    /// <summary>What a stream holds, up to the largest size of a profile: a device never ends.</summary>
    private static ReadOnlyMemory<byte> Content(Stream stream)
    {
        var content = new byte[MaxBytes + 1];
        var length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return length <= MaxBytes ? content.AsMemory(0, length) : throw new IOException($"it holds more than {MaxBytes:N0} bytes");
    }

    private ProfileRefusal? Refuse(ProfileRequest request)
    {
        if (Rules.ComparisonOnly.Value && request.Use == ProfileUse.Search)
            return new ProfileRefusal(
                ProfileRefusal.SearchNotOffered, "comparisonOnly",
                $"{Name} compares with the enrolled photo of a named subject and does not search", Rules.ComparisonOnly.Source);
        if (request.Use == ProfileUse.Comparison && Rules.Comparisons.Value != ComparisonsRule.Offered
            || request.Use == ProfileUse.SubjectComparison && Rules.Comparisons.Value == ComparisonsRule.NotOffered)
            return new ProfileRefusal(
                ProfileRefusal.ComparisonNotOffered, "comparisons",
                Rules.Comparisons.Value == ComparisonsRule.NotOffered
                    ? $"{Name} offers no comparisons: search, with the purpose and the list that it demands"
                    : $"{Name} compares with the enrolled photo of a named subject alone",
                Rules.Comparisons.Source);
        if (Rules.Biographics.Value == BiographicsRule.None && request.Use == ProfileUse.Details)
            return new ProfileRefusal(
                ProfileRefusal.DetailsNotOffered, "biographics",
                $"{Name} returns nothing of what a record holds", Rules.Biographics.Source);
        if (Rules.Terms.Value is { } terms && request.AcceptedTerms != terms.Version)
            return new ProfileRefusal(
                ProfileRefusal.TermsNotAccepted, "terms",
                $"accept version {terms.Version} of the terms first: {terms.Text}", Rules.Terms.Source);
        if (Rules.Training.Value is { } training && !request.IsTrained)
            return new ProfileRefusal(
                ProfileRefusal.TrainingRequired, "training",
                $"{Name} takes images from people with a certificate of the course "
                    + $"'{training.Course}' of the last {training.Months} months",
                Rules.Training.Source);
        var missing = Rules.Purpose.Value.Where(field => string.IsNullOrWhiteSpace(ValueOf(field, request.Purpose)))
            .Select(field => JsonNamingPolicy.CamelCase.ConvertName(field.ToString())).ToList();
        if (missing.Count > 0)
            return new ProfileRefusal(
                ProfileRefusal.PurposeRequired, "purpose",
                $"say why: the purpose lacks {string.Join(", ", missing)}", Rules.Purpose.Source)
            {
                Fields = missing,
            };
        if (RefusePurpose(request.Purpose) is { } refused)
            return refused;
        if (Rules.Age.Value is { Search: AgeAction.Refuse } age && age.IsChild(request.StatedAge))
            return new ProfileRefusal(
                ProfileRefusal.UnderAge, "age", $"{Name} takes no image of anybody under {age.Under}", Rules.Age.Source);
        if (request.Use == ProfileUse.Search && Rules.ScoreFloor.Value == ScoreFloorRule.Required && request.ScoreFloor is null
            && request.FloorStrangers is null && Rules.ScoreFloorDefault.Value is null)
            return new ProfileRefusal(
                ProfileRefusal.FloorRequired, "scoreFloor", $"{Name} searches with a score floor: give one", Rules.ScoreFloor.Source);
        return (Rules.Approval.Value == ApprovalRule.Supervisor || !request.GalleriesApproved) && !request.ApprovedBySupervisor
            ? new ProfileRefusal(
                ProfileRefusal.ApprovalRequired, "approval",
                "this use is not approved for all: a supervisor has to approve of it first, with a reason", Rules.Approval.Source)
            : null;
    }

    private ProfileRefusal? RefusePurpose(SearchPurpose? purpose)
    {
        foreach (var text in (string?[])[purpose?.Basis, purpose?.CaseNumber])
        {
            if (PurposeWords.Refused(text, Rules.RefusedPurposes.Value) is { } words)
                return new ProfileRefusal(
                    ProfileRefusal.PurposeRefused, "refusedPurposes", $"{Name} is not used for {words}", Rules.RefusedPurposes.Source);
        }
        return Rules.PermittedBases.Value is { } permitted && !PurposeWords.IsPermitted(purpose?.Basis ?? "", permitted)
            ? new ProfileRefusal(
                ProfileRefusal.PurposeRefused, "permittedBases",
                $"the basis is none that {Name} is used for; it is used for {string.Join(", ", permitted)}", Rules.PermittedBases.Source)
            : null;
    }

    private static string? ValueOf(PurposeField field, SearchPurpose? purpose) => field switch
    {
        PurposeField.CaseNumber => purpose?.CaseNumber,
        PurposeField.Basis => purpose?.Basis,
        _ => purpose?.Requester,
    };
}
