using MatchEngine.Faces.Images;
using MatchEngine.Faces.Quality;
using MatchEngine.Galleries.Properties;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>How photos are enrolled.</summary>
public sealed record EnrolmentOptions
{
    /// <summary>What to do with group photos.</summary>
    public EnrolmentFaces Faces { get; init; } = EnrolmentFaces.Only;

    /// <summary>What becomes of photos of children; null: the same as of others.</summary>
    public AgeRule? Age { get; init; }

    /// <summary>Whether a subject has one photo alone, the master image: another one is refused (<c>master_exists</c>).</summary>
    public bool MasterImage { get; init; }

    /// <summary>The organisation whose data the subjects are; null: the gallery's owner. A subject of another one is refused
    /// (<c>other_provider</c>).</summary>
    public string? Provider { get; init; }

    /// <summary>The least overall quality of a face, 0 … 100: a poorer one is refused (<c>low_quality</c>); null takes any.</summary>
    public double? MinQuality { get; init; } = FaceQuality.DefaultMinimum;

    /// <summary>How many photos are worked on at once, at least 1; by default as many as there are processors.</summary>
    public int Workers
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Workers), value, "at least one worker is needed");
    } = Environment.ProcessorCount;

    /// <summary>The largest file that is read. Set it to what the extractor takes.</summary>
    public ImageLimits Limits { get; init; } = ImageLimits.Default;

    /// <summary>
    /// Whether the gallery keeps the photos as they are given and a crop of each face, so that candidates can be shown. A photo that is
    /// enrolled already without them gets them.
    /// </summary>
    public bool KeepImages { get; init; }

    /// <summary>Looks at each photo when it is on the disk, and says what is to be warned of; null: nobody does.</summary>
    public IEnrolmentCheck? Check { get; init; }
}
