using System.CommandLine;
using System.CommandLine.Parsing;
using MatchEngine.Evaluation.Acquisition;
using MatchEngine.Evaluation.Claims;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Faces;
using MatchEngine.Faces.Models;
using MatchEngine.Faces.Quality;

namespace MatchEngine.Cli.Evaluation;

/// <summary>The options that the verbs of <c>eval</c> have in common.</summary>
internal sealed class EvaluationOptions
{
    public Option<string?> DataSet { get; } = new("--data-set")
    {
        Description = "Folder with metadata.csv and dataset.json; with --scores it gives subjects and labels only",
        HelpName = "DIR",
    };

    public Option<string?> Scores { get; } = new("--scores")
    {
        Description = "Scores or search log of any system instead of photos",
        HelpName = "FILE",
    };

    public Option<string> Format { get; } = new("--format")
    {
        Description = "Layout of the score file: csv, tsv, space, pyeer, bob, frte-1:1, or detect",
        HelpName = "NAME",
        DefaultValueFactory = _ => "detect",
    };

    public Option<bool> Distances { get; } = new("--distances") { Description = "Lower means more alike: scores are negated" };

    public Option<string> Protocol { get; }

    public Option<string> Out { get; } =
        new("--out") { Description = "Folder for report.json, report.html and the tables", HelpName = "DIR", Required = true };

    public Option<string?> By { get; } = new("--by")
    {
        Description = "Slices instead of the protocol's: columns separated by commas, combinations joined by +",
        HelpName = "sex,race,sex+race",
    };

    public Option<int?> Replicates { get; } = new("--replicates")
    {
        Description = "Bootstrap replicates instead of the protocol's; 0 for none",
        HelpName = "N",
    };

    public Option<bool> Strict { get; } = new("--strict")
    {
        Description = "Refuse the run at the first row that cannot be used, instead of leaving it out and counting it",
    };

    public Option<string> Model { get; } = new("--model")
    {
        Description = "Id of the embedder's card",
        HelpName = "ID",
        DefaultValueFactory = _ => ModelCatalog.DefaultEmbedder,
    };

    public Option<string?> Quality { get; } = new("--quality")
    {
        Description =
            "Says what refusing the poorest photos does to FNMR: 'overall', the name of a component (see 'detect --quality'), 'all', "
                + "or a column of numbers in the metadata where "
                + "higher is better; several separated by commas, each compared with the first",
        HelpName = "NAMES",
    };

    public Option<SubjectHalf?> Half { get; } = new("--half")
    {
        Description = "Only half of the subjects: what was chosen on one half is confirmed on the other",
        HelpName = "first|second",
    };

    public Option<double[]> Threshold { get; } = new("--threshold")
    {
        Description =
            "Give the rates at this threshold, the one in use, beside what the model's card claims of it; groups are compared at the "
                + "first one "
                + "given. With --distances it is a distance",
        HelpName = "T",
        AllowMultipleArgumentsPerToken = true,
    };

    public Option<string?> ThresholdFrom { get; } = new("--threshold-from")
    {
        Description = "Take the thresholds of another evaluation's report.json; what it measured there is the claim",
        HelpName = "FILE",
    };

    public Option<bool> Thumbnails { get; } = new("--thumbnails")
    {
        Description = "Put small pictures of notable pairs into the report, which must then be kept like the photos themselves",
    };

    /// <summary>Makes the options.</summary>
    /// <param name="protocol">The protocol when none is named.</param>
    public EvaluationOptions(string protocol) => Protocol = new("--protocol")
    {
        Description = "A protocol file, or the name of a shipped one (eval/README.md)",
        HelpName = "NAME|FILE",
        DefaultValueFactory = _ => protocol,
    };

    /// <summary>Which face of a photo with several; the labelled one of a data set is the most central.</summary>
    public static Option<FaceChoice> Faces { get; } = new("--faces", "--face")
    {
        Description =
            "Which face of a photo with several: the most 'central' one (the default), the 'largest', its number (1 is the largest), or "
                + "'only', "
                + "which refuses such a photo as enrolment and search do",
        HelpName = "only|largest|central|N",
        CustomParser = ParseFaces,
        DefaultValueFactory = _ => FaceChoice.Central,
    };

    /// <summary>The least quality of a face; any when it is not given.</summary>
    public static Option<double?> MinQuality { get; } = new("--min-quality")
    {
        Description =
            $"Refuse faces below this overall quality, 0 … 100, as enrolment and search do (they: {FaceQuality.DefaultMinimum}); without "
                + "it any "
                + "face is taken",
        HelpName = "N",
    };

    /// <summary>Which photos are taken, as the command line says.</summary>
    public static AcquisitionGates Gates(ParseResult parsed) =>
        new(parsed.GetValue(Faces).ToString(), parsed.GetValue(MinQuality));

    private static FaceChoice ParseFaces(ArgumentResult result)
    {
        switch (result.Tokens[0].Value)
        {
            case "only":
                return FaceChoice.Only;
            case "largest":
                return FaceChoice.Largest;
            case "central":
                return FaceChoice.Central;
            case var text when int.TryParse(text, out var number) && number >= 1:
                return FaceChoice.Nth(number);
            default:
                result.AddError($"--faces takes 'only', 'largest', 'central' or a number from 1, not '{result.Tokens[0].Value}'");
                return default;
        }
    }

    /// <summary>The protocol with what the command line overrides, and the file it was read from.</summary>
    public (Protocol Protocol, string File) ReadProtocol(ParseResult parsed)
    {
        var file = ProtocolFile.Find(parsed.GetRequiredValue(Protocol));
        var protocol = ProtocolFile.Read(file);
        if (parsed.GetValue(By) is { } by)
            protocol = protocol.SlicedBy(by);
        if (parsed.GetValue(Replicates) is { } replicates)
            protocol = protocol with { Bootstrap = protocol.Bootstrap with { Replicates = replicates } };
        if (parsed.GetValue(Half) is { } half)
            protocol = protocol with { Half = half };
        if (parsed.GetValue(Threshold) is { Length: > 0 } thresholds)
            protocol = protocol with { Thresholds = thresholds };
        // Scores are negated, and thresholds with them.
        if (parsed.GetValue(Distances))
            protocol = protocol with { Thresholds = [.. protocol.Thresholds.Select(t => -t)] };
        protocol.Validate();
        return (protocol, file);
    }

    /// <summary>The protocol with the thresholds of the report that the command line names, and what that report claims of them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="protocol">The protocol so far.</param>
    /// <param name="searches">Whether searches are evaluated, not comparisons.</param>
    public (Protocol Protocol, IReadOnlyDictionary<double, ClaimedRate> Claims) WithReported(
        ParseResult parsed, Protocol protocol, bool searches)
    {
        if (parsed.GetValue(ThresholdFrom) is not { } file)
            return (protocol, new Dictionary<double, ClaimedRate>());
        var reported = ReportedThresholds.Read(file, searches);
        return (
            protocol with { Thresholds = [.. protocol.Thresholds.Concat(reported.Select(r => r.Threshold)).Distinct()] },
            reported.Where(r => r.Claim is not null).ToDictionary(r => r.Threshold, r => r.Claim!));
    }

    /// <summary>The data set's folder, or null when there is only a score file.</summary>
    public string? Folder(ParseResult parsed)
    {
        var folder = parsed.GetValue(DataSet);
        if (folder is null && parsed.GetValue(Scores) is null)
            throw new UsageException("nothing to evaluate: give photos with --data-set, or another system's scores with --scores");
        return folder;
    }

    /// <summary>What the page of the report shows beside the rates: small pictures, if they were asked for, the day, and times.</summary>
    public ReportOptions Report(ParseResult parsed, IReadOnlyList<MeasuredTime> times) => new()
    {
        MadeOn = DateOnly.FromDateTime(DateTime.UtcNow),
        Times = times,
        Thumbnails = parsed.GetValue(Thumbnails) && parsed.GetValue(DataSet) is { } folder
            ? image => Evaluation.Thumbnails.Make(Path.Combine(folder, image))
            : null,
    };
}
