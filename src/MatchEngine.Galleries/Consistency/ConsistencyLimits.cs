using System.Globalization;
using MatchEngine.Rates.Calibrations;

namespace MatchEngine.Galleries.Consistency;

/// <summary>
/// From where on something about a photo is remarked. Scores are those of the gallery's model: what they are worth comes of its card,
/// and where that holds no calibration nothing is said of photos that do not look like one person.
/// </summary>
/// <remarks>
/// The rates say how often a remark is wrong of people at random. The distance in quality was chosen by judgement, and nothing was measured
/// of it yet.
/// </remarks>
public sealed record ConsistencyLimits
{
    /// <summary>
    /// A photo is unlike the subject's others where its best score is one that this share of pairs of different people reaches: of photos
    /// under a wrong name all but this share are below.
    /// </summary>
    public const double UnlikeRate = 0.01;

    /// <summary>
    /// A photo looks like another subject where no more strangers than this are expected, on average, to reach their score by chance: about
    /// one photo in a hundred is remarked of people who are only alike.
    /// </summary>
    public const double LooksLikeStrangers = 0.01;

    /// <summary>How far below the median of the subject's others a photo's overall quality lies, at least, to be far poorer.</summary>
    public const double PoorerBy = 30;

    /// <summary>A photo of this overall quality or more is not poor, whatever the others are.</summary>
    public const double GoodQuality = 60;

    private ConsistencyLimits(CalibrationSet? calibrations) => Calibrations = calibrations;

    /// <summary>The score below which photos do not look like one person; null where nobody has measured the model.</summary>
    public double? UnlikeScore { get; private init; }

    /// <summary>Whom <see cref="UnlikeScore"/> was measured on, in words; empty where there is none.</summary>
    public string Population { get; private init; } = "";

    /// <summary>What scores are worth; null where nobody has measured the model.</summary>
    internal CalibrationSet? Calibrations { get; }

    /// <summary>The limits for the templates of a model.</summary>
    /// <param name="calibrations">What its card says scores are worth; null for nothing.</param>
    public static ConsistencyLimits Of(CalibrationSet? calibrations)
    {
        var random = calibrations?.RandomPairs;
        return new ConsistencyLimits(calibrations)
        {
            UnlikeScore = random?.ThresholdFor(UnlikeRate),
            Population = random is null
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture, $"{random.Population.People:N0} people of {random.Population.DataSet}, pairs at random"),
        };
    }
}
