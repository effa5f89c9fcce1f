namespace MatchEngine.Frs.Examining;

/// <summary>
/// The facial components by which an examiner's notes are ordered: the nineteen of FISWG, <i>Facial Image Comparison Feature List for
/// Morphological Analysis</i>, version 2.0 (2018.09.11; ASTM E3149 names the same), from the whole of the face to what was added to it.
/// </summary>
public static class FacialFeatures
{
    /// <summary>Their names, in the order of the list.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "skin",
        "face-head-outline",
        "face-head-composition",
        "hair",
        "forehead",
        "eyebrows",
        "eyes",
        "cheeks",
        "nose",
        "ears",
        "mouth",
        "chin-jawline",
        "neck",
        "facial-hair",
        "facial-lines",
        "scars",
        "facial-marks",
        "alterations",
        "other",
    ];
}
