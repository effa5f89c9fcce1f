using MatchEngine.Vetting.Accuracy;
using MatchEngine.Vetting.Conduct;
using MatchEngine.Vetting.Dossiers;
using MatchEngine.Vetting.Load;
using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Examinations;

/// <summary>Examines the conduct of a target.</summary>
/// <param name="photos">Whom to show it; the photos are cleared afterwards.</param>
/// <param name="progress">Told how it goes.</param>
/// <param name="cancellationToken">Ends it.</param>
public delegate Task<IReadOnlyList<Finding>> ConductExamination(
    ExaminationPhotos photos, IProgress<RunProgress>? progress, CancellationToken cancellationToken);

/// <summary>Photos of people who are not in the gallery.</summary>
/// <param name="Pairs">Two photos each of one person; the people differ.</param>
/// <param name="Strangers">Photos of other people again, each of another.</param>
public sealed record ExaminationPhotos(
    IReadOnlyList<(PhotoInput First, PhotoInput Second)> Pairs, IReadOnlyList<PhotoInput> Strangers);

/// <summary>What is examined of a target.</summary>
public sealed record ExaminationPlan
{
    /// <summary>The folder of the dossier; the run's journal lies in it.</summary>
    public required string Folder { get; init; }

    /// <summary>The data set, and what is measured on it.</summary>
    public required AccuracyPlan Accuracy { get; init; }

    /// <summary>Examines conduct; null to leave it out.</summary>
    public ConductExamination? Conduct { get; init; }

    /// <summary>Which load; null to leave it out.</summary>
    public LoadPlan? Load { get; init; }

    /// <summary>
    /// What else decides what is asked of the target and what is expected of it: with other settings it is another run.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Why a part is left out, by its name (<see cref="Dossier.NotExamined"/>).</summary>
    public IReadOnlyDictionary<string, string> NotExamined { get; init; } = new Dictionary<string, string>();

    /// <summary>The owner's agreement; null for a target on this machine.</summary>
    public OwnerAgreement? Agreement { get; init; }

    /// <summary>The process of a local target, whose memory and processor time are told; null for none.</summary>
    public int? ProcessId { get; init; }

    /// <summary>How long the dossier can be relied on.</summary>
    public int ValidMonths { get; init; } = 12;

    /// <summary>The questions for people, with their answers.</summary>
    public IReadOnlyList<OpenQuestion> Questions { get; init; } = OpenQuestion.All;

    /// <summary>How the photos are.</summary>
    public IReadOnlyList<PhotoQualities> Photos { get; init; } = [];

    /// <summary>Whether those who were enrolled are removed in the end, where the target can.</summary>
    public bool RemovesEnrolled { get; init; } = true;
}
