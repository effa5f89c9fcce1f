namespace MatchEngine.Faces;

/// <summary>Which of the faces in an image is wanted.</summary>
public readonly record struct FaceChoice
{
    private enum Kind
    {
        Only,
        Largest,
        Nth,
        All,
    }

    private readonly Kind _kind;
    private readonly int _number;

    private FaceChoice(Kind kind, int number = 0) => (_kind, _number) = (kind, number);

    /// <summary>The only face; an image with several is refused. This is the default.</summary>
    public static FaceChoice Only { get; } = new(Kind.Only);

    /// <summary>The face with the largest box.</summary>
    public static FaceChoice Largest { get; } = new(Kind.Largest);

    /// <summary>Every face, largest first.</summary>
    public static FaceChoice All { get; } = new(Kind.All);

    /// <summary>The <paramref name="number"/>-th face by size; 1 is the largest.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="number"/> is below 1.</exception>
    public static FaceChoice Nth(int number)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        return new(Kind.Nth, number);
    }

    /// <summary>Picks from <paramref name="boxes"/>, which are sorted by area, largest first.</summary>
    /// <returns>The range of indices that was chosen; never empty.</returns>
    /// <exception cref="AcquisitionException">There is no face, there are several and one was wanted, or the wanted one is not there.</exception>
    public Range Pick(IReadOnlyList<BoundingBox> boxes)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        if (boxes.Count == 0)
            throw new AcquisitionException(AcquisitionFailure.NoFace, "no face was found; use a photo in which the face is upright, in focus and at least 20 pixels high");
        switch (_kind)
        {
            case Kind.Largest:
                return 0..1;
            case Kind.All:
                return 0..boxes.Count;
            case Kind.Nth when _number > boxes.Count:
                throw new AcquisitionException(AcquisitionFailure.NoSuchFace, $"face {_number} was asked for and the image has {boxes.Count}", boxes);
            case Kind.Nth:
                return (_number - 1).._number;
            default:
                if (boxes.Count > 1)
                    throw new AcquisitionException(
                        AcquisitionFailure.MultipleFaces, $"{boxes.Count} faces were found; choose one by its number (1 is the largest), take the largest, or crop the photo", boxes);
                return 0..1;
        }
    }
}
