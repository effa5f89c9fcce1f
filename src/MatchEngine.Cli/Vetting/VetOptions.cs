using System.CommandLine;
using MatchEngine.Vetting.Dossiers;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Cli.Vetting;

/// <summary>The options of an examination.</summary>
internal static class VetOptions
{
    /// <summary>The forms of a target.</summary>
    public const string Forms = "'matchengine:' (the engine in this process), 'matchengine:URL', 'rekognition:URL', 'compreface:URL', "
        + "'http:MAPPING.json' (any JSON service), 'command:PROGRAM' (a program that prints JSON), "
        + "'folder:DIR' (submissions out, answers in)";

    /// <summary>The parts of an examination.</summary>
    public static readonly IReadOnlyList<string> AllParts = ["accuracy", "conduct", "load", "photos"];

    public static Option<string> Target { get; } = new("--target")
    {
        Description = $"What is examined: {Forms}",
        HelpName = "FORM",
        Required = true,
    };

    public static Option<string> DataSet { get; } = new("--data-set")
    {
        Description = "Folder with photos, metadata.csv and dataset.json: whom it is examined with", HelpName = "DIR", Required = true,
    };

    public static Option<string> Out { get; } = new("--out")
    {
        Description = "Folder for the dossier; a run that was interrupted goes on in it", HelpName = "DIR", Required = true,
    };

    public static Option<string> Protocol { get; } = new("--protocol")
    {
        Description = "Who is enrolled and who is searched for: a protocol file, or the name of a shipped one (eval/README.md)",
        HelpName = "NAME|FILE",
        DefaultValueFactory = _ => "identification-open-set",
    };

    public static Option<string?> By { get; } = new("--by")
    {
        Description = "Slices instead of the protocol's: columns separated by commas, combinations joined by +",
        HelpName = "sex,race,sex+race",
    };

    public static Option<double[]> Floor { get; } = new("--floor")
    {
        Description = "The operator's score floor: rates are given at it, and groups compared at the first", HelpName = "S",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Option<string?> ThresholdFrom { get; } = new("--threshold-from")
    {
        Description = "Take floors from another evaluation's report.json; what it measured there is the claim", HelpName = "FILE",
    };

    public static Option<int> ListLength { get; } = new("--list-length")
    {
        Description = "The list length that is asked for when accuracy is measured", HelpName = "N", DefaultValueFactory = _ => 50,
    };

    public static Option<int> Comparisons { get; } = new("--comparisons")
    {
        Description = "The most comparisons of two photos, where the target compares; 0 for none", HelpName = "N",
        DefaultValueFactory = _ => 500,
    };

    public static Option<int> AtATime { get; } = new("--at-a-time")
    {
        Description = "Calls at a time while accuracy is measured", HelpName = "N", DefaultValueFactory = _ => 2,
    };

    public static Option<string> Parts { get; } = new("--parts")
    {
        Description = $"What is examined beside what it is, comma-separated: {string.Join(", ", AllParts)}; accuracy is always part of it",
        DefaultValueFactory = _ => string.Join(',', AllParts),
    };

    public static Option<double> P99 { get; } = new("--p99")
    {
        Description = "The objective of the load: 99 in 100 requests are answered within so many milliseconds", HelpName = "MS",
        DefaultValueFactory = _ => 1000,
    };

    public static Option<double> Errors { get; } = new("--errors")
    {
        Description = "The objective of the load: the largest share of requests without a right answer, 0 … 1", HelpName = "SHARE",
        DefaultValueFactory = _ => 0.01,
    };

    public static Option<double> MaxRate { get; } = new("--max-rate")
    {
        Description = "The highest rate of arrivals", HelpName = "PER-SECOND", DefaultValueFactory = _ => 1000,
    };

    public static Option<double> LoadSeconds { get; } = new("--load-seconds")
    {
        Description = "How long each rate is measured, at least", HelpName = "S", DefaultValueFactory = _ => 10,
    };

    public static Option<double> LoadMinutes { get; } = new("--load-minutes")
    {
        Description = "How long the rates of one operation may take altogether", HelpName = "MIN", DefaultValueFactory = _ => 5,
    };

    public static Option<int[]> GallerySizes { get; } = new("--gallery-sizes")
    {
        Description = "Subjects to fill the gallery up to, for the growth of times; where the target takes templates", HelpName = "N",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Option<int?> TemplateDimension { get; } = new("--template-dimension")
    {
        Description = "The dimension of the target's templates, a power of two; for --gallery-sizes", HelpName = "N",
    };

    public static Option<int?> ProcessId { get; } = new("--process-id")
    {
        Description = "The process of a target on this machine, whose memory and processor time are told", HelpName = "PID",
    };

    public static Option<string?> Credential { get; } = new("--credential")
    {
        Description = "File with the key, token or secret of the examiner's account", HelpName = "FILE",
    };

    public static Option<string?> OtherCredential { get; } = new("--other-credential")
    {
        Description = "File with that of an account of another organisation, from which the examiner's objects must be out of reach",
        HelpName = "FILE",
    };

    public static Option<string> TargetGallery { get; } = new("--gallery", "-g")
    {
        Description = "The gallery under test, where a target has several; nobody else may be in it", HelpName = "NAME",
        DefaultValueFactory = _ => "vetting",
    };

    public static Option<double> Timeout { get; } = new("--timeout")
    {
        Description = "How long a call may take", HelpName = "S", DefaultValueFactory = _ => 30,
    };

    public static Option<string?> Certificate { get; } = new("--certificate")
    {
        Description = "A certificate that is trusted in place of the system's", HelpName = "FILE",
    };

    public static Option<OwnerAgreement?> OwnerAgreed { get; } = new("--owner-agreed")
    {
        Description = "Who owns a target on another machine and agreed, and when; it stands in the dossier",
        HelpName = "NAME, yyyy-MM-dd",
        CustomParser = result =>
        {
            if (OwnerAgreement.TryParse(result.Tokens[0].Value, out var agreement))
                return agreement;
            result.AddError("--owner-agreed takes a name, a comma and a date such as 2026-11-30");
            return null;
        },
    };

    public static Option<string?> Disclaimer { get; } = new("--disclaimer")
    {
        Description = "The disclaimer that was agreed on, word for word", HelpName = "TEXT",
    };

    public static Option<string?> Answers { get; } = new("--answers")
    {
        Description = "JSON file with answers to the questions that no machine can answer", HelpName = "FILE",
    };

    public static Option<string?> SigningKey { get; } = new("--key")
    {
        Description = "Private key of P-256 in PEM that signs the dossier; without it one is made for this dossier alone",
        HelpName = "FILE",
    };

    public static Option<int> ValidMonths { get; } = new("--valid-months")
    {
        Description = "How long the dossier can be relied on", HelpName = "N", DefaultValueFactory = _ => 12,
    };

    public static Option<bool> NoPdf { get; } = new("--no-pdf")
    {
        Description = $"No {PrintedPage.FileName}; it is printed where Chromium is installed",
    };

    public static Option<string> Model { get; } = new("--model")
    {
        Description = "Of 'matchengine:' and of the quality of photos: id of the embedder's card", HelpName = "ID",
        DefaultValueFactory = _ => Faces.Models.ModelCatalog.DefaultEmbedder,
    };

    /// <summary>All of them.</summary>
    public static IEnumerable<Option> All =>
    [
        Target, DataSet, Out, Protocol, By, Floor, ThresholdFrom, ListLength, Comparisons, AtATime,
        Parts, P99, Errors, MaxRate, LoadSeconds,
        LoadMinutes, GallerySizes, TemplateDimension, ProcessId, Credential, OtherCredential, TargetGallery, Timeout, Certificate,
        OwnerAgreed, Disclaimer, Answers, SigningKey, ValidMonths, NoPdf, Model, SharedOptions.Data, SharedOptions.Json,
    ];
}
