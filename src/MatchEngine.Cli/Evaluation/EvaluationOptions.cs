using System.CommandLine;
using MatchEngine.Evaluation.Protocols;
using MatchEngine.Evaluation.Reports;
using MatchEngine.Faces;
using MatchEngine.Faces.Models;

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
        Description = "Layout of the score file: csv, tsv, space, pyeer, frte-1:1, or detect",
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

    /// <summary>Which face of a photo with several; the most central when it is not said.</summary>
    public static FaceChoice Face(ParseResult parsed) =>
        parsed.GetResult(SharedOptions.Face) is { Implicit: false } ? parsed.GetValue(SharedOptions.Face) : FaceChoice.Central;

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
        protocol.Validate();
        return (protocol, file);
    }

    /// <summary>The data set's folder, or null when there is only a score file.</summary>
    public string? Folder(ParseResult parsed)
    {
        var folder = parsed.GetValue(DataSet);
        if (folder is null && parsed.GetValue(Scores) is null)
            throw new UsageException("nothing to evaluate: give photos with --data-set, or another system's scores with --scores");
        return folder;
    }

    /// <summary>Small pictures for the report, if they were asked for.</summary>
    public ReportOptions Report(ParseResult parsed) => new()
    {
        Thumbnails = parsed.GetValue(Thumbnails) && parsed.GetValue(DataSet) is { } folder
            ? image => Evaluation.Thumbnails.Make(Path.Combine(folder, image))
            : null,
    };
}
