using System.Globalization;
using System.Numerics;
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
        At,
        All,
    }

    private readonly Kind _kind;
    private readonly int _number;
    private readonly Vector2 _place;

    private FaceChoice(Kind kind, int number = 0, Vector2 place = default) => (_kind, _number, _place) = (kind, number, place);

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

    /// <summary>The face at a place: of those whose box holds it the one whose middle is nearest.</summary>
    /// <param name="place">In pixels of the upright picture of the file.</param>
    /// <exception cref="ArgumentOutOfRangeException">A coordinate is not a number.</exception>
    public static FaceChoice At(Vector2 place) => float.IsFinite(place.X) && float.IsFinite(place.Y)
        ? new(Kind.At, place: place)
        : throw new ArgumentOutOfRangeException(nameof(place), place, "a place has two coordinates");

    /// <summary>The same choice in a picture whose coordinates are others.</summary>
    /// <param name="move">From the upright picture of the file to that one.</param>
    public FaceChoice In(Func<Vector2, Vector2> move)
    {
        ArgumentNullException.ThrowIfNull(move);
        return _kind == Kind.At ? At(move(_place)) : this;
    }

    /// <summary>The choice as a word: <c>only</c>, <c>largest</c>, <c>central</c>, <c>all</c>, the number, or <c>x,y</c>.</summary>
    public override string ToString() => _kind switch
    {
        Kind.Nth => $"{_number}",
        Kind.At => string.Create(CultureInfo.InvariantCulture, $"{_place.X:0.#},{_place.Y:0.#}"),
        _ => _kind.ToString().ToLowerInvariant(),
    };

    /// <summary>Picks from <paramref name="boxes"/>, which are sorted by area, largest first.</summary>
    /// <param name="boxes">The faces, in pixels of the upright picture of the file.</param>
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
            case Kind.At:
                var there = Holding(boxes, _place);
                return there >= 0
                    ? there..(there + 1)
                    : throw new AcquisitionException(
                        AcquisitionFailure.NoSuchFace, $"no face lies at {this}, and the image has {boxes.Count}", boxes);
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

    private static int Holding(IReadOnlyList<BoundingBox> boxes, Vector2 place)
    {
        var holding = Enumerable.Range(0, boxes.Count).Where(i => boxes[i].X <= place.X && place.X <= boxes[i].Right
            && boxes[i].Y <= place.Y && place.Y <= boxes[i].Bottom).ToList();
        return holding.Count == 0 ? -1 : holding[MostCentral([.. holding.Select(i => boxes[i])], place.X, place.Y)];
    }

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
