using MatchEngine.Faces.Geometry;

namespace MatchEngine.Faces;

/// <summary>Which of the faces in an image is wanted.</summary>
public readonly record struct FaceChoice
{
    private enum Kind
    {
        Only,
        Largest,
        Central,
        Nth,
        All,
    }

    private readonly Kind _kind;
    private readonly int _number;

    private FaceChoice(Kind kind, int number = 0) => (_kind, _number) = (kind, number);

    /// <summary>
    /// The side of a face, as a part of the largest one's, below which it is tiny beside that one: somebody in the background, or a spot
    /// that the detector takes for a face. Our own choice.
    /// </summary>
    public const float TinySide = 0.2f;

    /// <summary>
    /// The only face: the largest, where no other is there that could be used as well. An image with several such is refused; one that is
    /// tiny beside the largest (<see cref="TinySide"/>) does not count, nor, where a least quality is asked for
    /// (<see cref="ExtractionRequest.MinQuality"/>), one that has less. This is the default.
    /// </summary>
    public static FaceChoice Only { get; } = new(Kind.Only);

    /// <summary>The face with the largest box.</summary>
    public static FaceChoice Largest { get; } = new(Kind.Largest);

    /// <summary>
    /// The face whose middle is nearest to the image's. It is the labelled one in data sets made of crops around a face, such as LFW,
    /// where a passer-by may be larger.
    /// </summary>
    public static FaceChoice Central { get; } = new(Kind.Central);

    /// <summary>Every face, largest first.</summary>
    public static FaceChoice All { get; } = new(Kind.All);

    /// <summary>The <paramref name="number"/>-th face by size; 1 is the largest.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> is below 1.</exception>
    public static FaceChoice Nth(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        return new(Kind.Nth, number);
    }

    /// <summary>The choice as a word: <c>only</c>, <c>largest</c>, <c>central</c>, <c>all</c>, or the number.</summary>
    public override string ToString() => _kind == Kind.Nth ? $"{_number}" : _kind.ToString().ToLowerInvariant();

    /// <summary>Picks from <paramref name="boxes"/>, which are sorted by area, largest first.</summary>
    /// <param name="boxes">The faces.</param>
    /// <param name="width">Width of the image in pixels.</param>
    /// <param name="height">Height of the image in pixels.</param>
    /// <returns>The range of indices that was chosen; never empty.</returns>
    /// <exception cref="AcquisitionException">There is no face, there are several and one was wanted,
    /// or the wanted one is not there.</exception>
    public Range Pick(IReadOnlyList<BoundingBox> boxes, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        if (boxes.Count == 0)
            throw new AcquisitionException(
                AcquisitionFailure.NoFace,
                "no face was found; use a photo in which the face is upright, in focus and at least 20 pixels high");
        switch (_kind)
        {
            case Kind.Largest:
                return 0..1;
            case Kind.Central:
                var nearest = MostCentral(boxes, width / 2f, height / 2f);
                return nearest..(nearest + 1);
            case Kind.All:
                return 0..boxes.Count;
            case Kind.Nth when _number > boxes.Count:
                throw new AcquisitionException(
                    AcquisitionFailure.NoSuchFace, $"face {_number} was asked for and the image has {boxes.Count}", boxes);
            case Kind.Nth:
                return (_number - 1).._number;
            default:
                return CountBesideMain(boxes) == 1 ? 0..1 : throw Several(boxes);
        }
    }

    /// <summary>How many of the faces, which are sorted by area, are not tiny beside the first.</summary>
    internal static int CountBesideMain(IReadOnlyList<BoundingBox> boxes)
    {
        var count = 1;
        while (count < boxes.Count && Side(boxes[count]) >= TinySide * Side(boxes[0]))
            count++;
        return count;

        static float Side(BoundingBox box) => MathF.Sqrt(box.Area);
    }

    internal static AcquisitionException Several(IReadOnlyList<BoundingBox> boxes) => new(
        AcquisitionFailure.MultipleFaces,
        $"{boxes.Count} faces were found; choose one by its number (1 is the largest), take the largest, or crop the photo",
        boxes);

    private static int MostCentral(IReadOnlyList<BoundingBox> boxes, float x, float y)
    {
        var (best, least) = (0, float.MaxValue);
        for (var i = 0; i < boxes.Count; i++)
        {
            var (dx, dy) = (boxes[i].X + boxes[i].Width / 2 - x, boxes[i].Y + boxes[i].Height / 2 - y);
            if (dx * dx + dy * dy < least)
                (best, least) = (i, dx * dx + dy * dy);
        }
        return best;
    }
}
