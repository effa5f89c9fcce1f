namespace MatchEngine.House.Tests;

/// <summary>
/// The floors of a project, the upper first. What stands on one may use what stands below it, and nothing else: not what is above,
/// and not its neighbour. A floor holds folders by their names, and groups of types that do not stand on the floor of their folder.
/// </summary>
/// <param name="Project">For example <c>MatchEngine.Galleries</c>.</param>
/// <param name="Floors">The folders and groups of each floor; the project's own folder is the empty name.</param>
/// <param name="Groups">Types, each with the group that it counts to in place of its folder.</param>
internal sealed record Layers(string Project, string[][] Floors, Dictionary<TypeName, string> Groups)
{
    /// <summary>
    /// Bytes → faces → templates, and data sets and self tests over the pipeline. What quality is stands at the
    /// bottom, since a fault tells it; the networks that assess it stand above the models.
    /// </summary>
    public static Layers Faces { get; } = new(
        "MatchEngine.Faces",
        [
            ["DataSets", "Models.SelfTest"],
            [""],
            ["Quality.Assessment", "Embedding"],
            ["Detection", "Landmarks", "Alignment"],
            ["Images.Isolation"],
            ["Images"],
            ["Models", "Native"],
            ["faults"],
            ["Quality", "Geometry", "Models.Onnx"],
        ],
        new() { [new("", "AcquisitionException")] = "faults", [new("", "AcquisitionFailure")] = "faults" });

    /// <summary>
    /// The catalog opens galleries; searches go over open galleries; a gallery enrols, and its index follows the store. Below them are the
    /// journal of changes and the ports that stores carry out, and below these the words of the domain.
    /// </summary>
    public static Layers Galleries { get; } = new(
        "MatchEngine.Galleries",
        [
            ["catalog", "Profiles"],
            ["Consistency"],
            ["Search", "Duplicates"],
            ["gallery"],
            ["Enrolment", "Indexing"],
            ["journal"],
            ["Stores"],
            ["Audit", "Images", "Encryption", "Filters", "Listing", "Properties"],
            [""],
            ["Errors"],
        ],
        new()
        {
            [new("", "GalleryCatalog")] = "catalog",
            [new("", "DataFolder")] = "catalog",
            [new("", "FaceComparison")] = "catalog",
            [new("", "Gallery")] = "gallery",
            [new("", "GalleryAnswer")] = "gallery",
            [new("Audit", "AuditedJournal")] = "catalog",
            [new("Audit", "AuditLog")] = "journal",
            [new("Audit", "ChangeJournal")] = "journal",
            [new("Audit", "NoJournal")] = "journal",
            [new("", "SubjectComparison")] = "catalog",
        });

    /// <summary>
    /// What is written stands above what is measured: 1:N over 1:1 over the rates by group, these over scores and intervals, and all over
    /// data set and protocol. Readers of scores and searches make what the measures take, and stand above them.
    /// </summary>
    public static Layers Evaluation { get; } = new(
        "MatchEngine.Evaluation",
        [
            ["Cohorts"],
            ["Reports"],
            ["Reports.Pages"],
            ["report"],
            ["Claims", "PairedReports", "Calibrations", "readers"],
            ["Identification"],
            ["Verification"],
            ["Subjects", "Acquisition", "Extremes"],
            ["Demographics"],
            ["CrossComparison"],
            ["Scores"],
            ["slicing", "chosen", "grid"],
            ["Protocols"],
            ["Inputs", "Intervals"],
        ],
        new()
        {
            [new("Reports", "EvaluationReport")] = "report",
            [new("Reports", "JsonParts")] = "report",
            [new("Reports", "MeasuredTime")] = "report",
            [new("Reports", "ReportOptions")] = "report",
            [new("Inputs", "ScoreReader")] = "readers",
            [new("Inputs", "ScoreWriter")] = "readers",
            [new("Inputs", "SearchReader")] = "readers",
            [new("Inputs", "PhotoFilter")] = "chosen",
            [new("Demographics", "Slicing")] = "slicing",
            [new("Demographics", "Bands")] = "slicing",
            [new("CrossComparison", "ScoreGrid")] = "grid",
        });

    /// <summary>
    /// The host puts together; what the switches of a tester put in stands around the answers of REST; pages, REST and the dialects of
    /// other services stand side by side over the use cases (<c>MatchEngine.Frs</c>); what reads a request's body, and the headers of what
    /// a foreign dialect cannot say, is theirs. Neither SQL nor a rule of the domain is here.
    /// </summary>
    public static Layers Service { get; } = new(
        "MatchEngine.Service",
        [
            ["Hosting"],
            ["Sandbox"],
            ["DropFolder"],
            ["Pages", "Rest", "Rekognition", "CompreFace"],
            ["Headers", "Intake", "Files"],
            ["Access"],
            ["Errors", "Observability"],
            ["Settings"],
        ],
        []);

    /// <summary>
    /// What is examined, and what puts it into a dossier, stands over the port by which any service is reached; its adapters stand beside
    /// each other above it.
    /// </summary>
    public static Layers Vetting { get; } = new(
        "MatchEngine.Vetting",
        [
            ["Examinations"],
            ["Dossiers"],
            ["Accuracy", "Conduct", "Load", "Rekognition", "CompreFace", "Folders"],
            ["Rest", "MappedHttp", "Programs"],
            ["Runs", "Transport"],
            ["Targets"],
        ],
        []);

    /// <summary>On which floor a type stands; null when its folder is on none.</summary>
    public int? Floor(TypeName type)
    {
        var place = Place(type);
        var floor = Array.FindIndex(Floors, floor => floor.Contains(place));
        return floor < 0 ? null : floor;
    }

    /// <summary>The folder or group that a type counts to.</summary>
    public string Place(TypeName type) => Groups.GetValueOrDefault(type, type.Folder);

    /// <summary>Whether the first may use the second.</summary>
    public bool Allows(TypeUse use) => Place(use.From) == Place(use.To) || Floor(use.From) < Floor(use.To);
}
