using System.Globalization;

namespace MatchEngine.Faces.Quality;

/// <summary>
/// One thing that is measured of a face: its name, the unit of its native value, how that becomes a score of 0 … 100, and from where on an
/// operator is warned. Names are those of ISO/IEC 29794-5 as its reference implementation OFIQ writes them. Head pose, inter-eye distance,
/// dynamic range, over-exposure and crops are OFIQ's native measures with OFIQ's scores, but for the region looked at; the others measure
/// the same thing in our own way. <c>LandmarkAgreement</c> is ours alone.
/// </summary>
/// <remarks>
/// The numbers were chosen on half of the people of LFW's <c>lfw-a</c> and confirmed on the other half
/// (<c>benchmarks/results/quality.md</c>). A measure that did not predict false non-matches there has no weight in the overall score: it is
/// told and warned of, and changes nothing else.
/// </remarks>
public sealed class QualityMeasure
{
    private readonly Func<double, double> _score;
    private readonly string _advice;
    private readonly string _format;

    private QualityMeasure(
        string name, string unit, double limit, bool atLeast, int weight, Func<double, double> score, string advice, string format = "0")
    {
        (Name, Unit, Limit, IsLimitLeast, Weight, _score, _advice, _format) = (name, unit, limit, atLeast, weight, score, advice, format);
        Index = Count++;
        Measures.Add(this);
    }

    private static readonly List<QualityMeasure> Measures = [];

    private static int Count { get; set; }

    /// <summary>
    /// How much the recognition network finds in the face: the length of the embedding before it is normalised, for embedders whose card
    /// says what their lengths mean. OFIQ's measure of this name is the length of MagFace's embedding.
    /// </summary>
    public static QualityMeasure UnifiedQualityScore { get; } = new(
        "UnifiedQualityScore", "length", double.NaN, true, 4, _ => double.NaN,
        "the recognition network finds little in this face ({0}; at least {1} wanted): take "
            + "another photo, frontal, sharp and evenly lit", "0.00");

    /// <summary>
    /// How well the views of the landmark network agree: the root mean square distance of the five points between views,
    /// in percent of the distance between the eyes.
    /// </summary>
    public static QualityMeasure LandmarkAgreement { get; } = new(
        "LandmarkAgreement", "% of inter-eye distance", 5, false, 1, value => Ramp(value, 4, 0.8),
        "the parts of the face are hard to find (views differ by {0} %; at most {1} "
            + "wanted): it may be turned away, covered or blurred", "0.0");

    /// <summary>
    /// How sure the eye network is that an eye is open, in percent: the more open eye's, for hair,
    /// glasses and shadow take one eye more often than lids close one.
    /// </summary>
    public static QualityMeasure EyesOpen { get; } = new(
        "EyesOpen", "%", 1, true, 1, value => Math.Clamp(value, 0, 100),
        "both eyes look closed or hidden (open with {0} %; at least {1} wanted): take a "
            + "photo with open eyes and without dark glasses", "0.0");

    /// <summary>
    /// Fine detail of the aligned face: root mean square of what a 3×3 mean takes away, in percent of the face's contrast.
    /// </summary>
    public static QualityMeasure Sharpness { get; } = new(
        "Sharpness", "% of contrast", 4, true, 1, value => Ramp(value, 3, 12),
        "the face is blurred (fine detail {0} % of contrast; at least {1} wanted): focus, hold still, "
            + "or use the original instead of a scaled-up copy", "0.0");

    /// <summary>Share of the face's pixels with luminance 247 … 255, in percent.</summary>
    public static QualityMeasure OverExposurePrevention { get; } = new(
        "OverExposurePrevention", "%", 10, false, 1, value => Math.Clamp(1 / (value / 100 + 0.01), 0, 100),
        "{0} % of the face is burnt out (at most {1} wanted): less light, or a shorter exposure", "0.0");

    /// <summary>Share of the face's pixels with luminance 0 … 25, in percent.</summary>
    public static QualityMeasure UnderExposurePrevention { get; } = new(
        "UnderExposurePrevention", "%", 25, false, 0, value => Ramp(value, 60, 0),
        "{0} % of the face is black (at most {1} wanted): more light on the face", "0.0");

    /// <summary>Entropy of the face's luminance in bits, 0 … 8.</summary>
    public static QualityMeasure DynamicRange { get; } = new(
        "DynamicRange", "bit", 6, true, 0, value => Math.Clamp(12.5 * value, 0, 100),
        "the face shows few shades ({0} bits of luminance; at least {1} wanted): more even light, no heavy processing", "0.0");

    /// <summary>Distance between the eye centres, divided by the cosine of yaw, in pixels.</summary>
    public static QualityMeasure InterEyeDistance { get; } = new(
        "InterEyeDistance", "px", 30, true, 0, value => Sigmoid(value, 70, 20),
        "inter-eye distance {0} px; at least {1} wanted: come nearer, or use the original instead of a thumbnail");

    /// <summary>Turn of the head to its side, in degrees; positive: to the viewer's right.</summary>
    public static QualityMeasure HeadPoseYaw { get; } = new(
        "HeadPoseYaw", "°", 45, false, 0, SquaredCosine, "the head is turned aside by {0}° (at most {1} wanted): look into the camera");

    /// <summary>Nod of the head, in degrees; positive: upwards.</summary>
    public static QualityMeasure HeadPosePitch { get; } = new(
        "HeadPosePitch", "°", 35, false, 0, SquaredCosine,
        "the head is raised or lowered by {0}° (at most {1} wanted): look into the camera");

    /// <summary>Tilt of the head, in degrees; positive: clockwise for the viewer.</summary>
    public static QualityMeasure HeadPoseRoll { get; } = new(
        "HeadPoseRoll", "°", 45, false, 0, SquaredCosine, "the face is tilted by {0}° (at most {1} wanted): turn the picture upright");

    /// <summary>Room from the eye on the viewer's left to the edge of the picture, in distances between the eyes.</summary>
    public static QualityMeasure LeftwardCropOfTheFaceImage { get; } = new(
        "LeftwardCropOfTheFaceImage", "inter-eye distances", 0.5, true, 0, value => Sigmoid(value, 0.9, 0.1),
        "the face is cut off on the left ({0} inter-eye distances beside the eye; at least {1} wanted): use a wider crop", "0.0");

    /// <summary>Room from the eye on the viewer's right to the edge of the picture, in distances between the eyes.</summary>
    public static QualityMeasure RightwardCropOfTheFaceImage { get; } = new(
        "RightwardCropOfTheFaceImage", "inter-eye distances", 0.5, true, 0, value => Sigmoid(value, 0.9, 0.1),
        "the face is cut off on the right ({0} inter-eye distances beside the eye; at least {1} wanted): use a wider crop", "0.0");

    /// <summary>Room from the middle between the eyes upwards to the edge of the picture, in distances from there to the chin.</summary>
    public static QualityMeasure MarginAboveOfTheFaceImage { get; } = new(
        "MarginAboveOfTheFaceImage", "eyes to chin", 0.4, true, 0, value => Sigmoid(value, 1.4, 0.1),
        "the forehead is cut off ({0} of the distance from eyes to chin; at least {1} wanted): use a wider crop", "0.0");

    /// <summary>Room from the middle between the eyes downwards to the edge of the picture, in distances from there to the chin.</summary>
    public static QualityMeasure MarginBelowOfTheFaceImage { get; } = new(
        "MarginBelowOfTheFaceImage", "eyes to chin", 0.9, true, 0, value => Sigmoid(value, 1.8, 0.1),
        "the chin is cut off ({0} of the distance from eyes to chin; at least {1} wanted): use a wider crop", "0.0");

    /// <summary>
    /// How much stronger brightness steps at the edges of 8×8 blocks than elsewhere; 1 where no blocks are seen.
    /// Blocks that were scaled afterwards are not seen.
    /// </summary>
    public static QualityMeasure CompressionArtifacts { get; } = new(
        "CompressionArtifacts", "×", 2, false, 0, value => Ramp(value, 3, 1),
        "the picture is compressed too much (block edges {0} times as strong as the rest; "
            + "at most {1} wanted): use the original file", "0.0");

    /// <summary>All measures, in the order in which they are told.</summary>
    public static IReadOnlyList<QualityMeasure> All => Measures;

    /// <summary>The name of ISO/IEC 29794-5 as OFIQ writes it.</summary>
    public string Name { get; }

    /// <summary>Unit of the native value.</summary>
    public string Unit { get; }

    /// <summary>
    /// The native value from which on an operator is warned; NaN where the embedder's card gives it. Angles count without their sign.
    /// </summary>
    public double Limit { get; }

    /// <summary>Whether the limit is the least value wanted; otherwise it is the largest.</summary>
    public bool IsLimitLeast { get; }

    /// <summary>Weight of the score in the overall score; 0: none.</summary>
    public int Weight { get; }

    /// <summary>Place in <see cref="All"/>.</summary>
    internal int Index { get; }

    /// <summary>The measure with this name, or null.</summary>
    public static QualityMeasure? Find(string name) =>
        Measures.Find(measure => measure.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The component that a native value makes; NaN makes one that is absent.</summary>
    /// <param name="value">The native value.</param>
    /// <param name="length">What the embedder's card says of lengths.</param>
    internal QualityComponent Of(double value, EmbeddingLength? length)
    {
        var limit = this == UnifiedQualityScore ? length?.Limit ?? double.NaN : Limit;
        if (double.IsNaN(value) || double.IsNaN(limit))
            return new QualityComponent(this, null, null, double.IsNaN(limit) ? null : limit, null);
        var score = this == UnifiedQualityScore ? Ramp(value, length!.Poor, length.Good) : _score(value);
        // Values are kept in single precision, and the limit itself is within the limit.
        var beyond = IsLimitLeast ? (float)value < (float)limit : Math.Abs((float)value) > (float)limit;
        return new QualityComponent(this, value, score, limit, beyond
            ? string.Format(CultureInfo.InvariantCulture, _advice, Text(value, limit), limit.ToString("0.##", CultureInfo.InvariantCulture))
            : null);
    }

    /// <summary>
    /// The value with as many digits as its format has, or more where it would else read like the limit that it is beyond.
    /// </summary>
    private string Text(double value, double limit)
    {
        var shown = unsigned(value).ToString(_format, CultureInfo.InvariantCulture);
        return shown == limit.ToString(_format, CultureInfo.InvariantCulture)
            ? unsigned(value).ToString("0.0##", CultureInfo.InvariantCulture)
            : shown;

        double unsigned(double number) => IsLimitLeast ? number : Math.Abs(number);
    }

    private static double Ramp(double value, double poor, double good) => Math.Clamp(100 * (value - poor) / (good - poor), 0, 100);

    private static double Sigmoid(double value, double middle, double width) => 100 / (1 + Math.Exp((middle - value) / width));

    private static double SquaredCosine(double degrees) =>
        Math.Abs(degrees) >= 90 ? 0 : 100 * Math.Pow(Math.Cos(degrees * Math.PI / 180), 2);
}
