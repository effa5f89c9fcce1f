using MatchEngine.Faces.Geometry;

namespace MatchEngine.Galleries.Stores;

/// <summary>An image whose templates are ready to be stored.</summary>
/// <param name="Image">The reference to the image.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="Width">Width of the upright image in pixels.</param>
/// <param name="Height">Height of the upright image in pixels.</param>
/// <param name="FacesFound">How many faces it shows.</param>
/// <param name="SourceUrl">Where it came from, or null.</param>
/// <param name="Metadata">Keys and values that came with it.</param>
/// <param name="DescribesSubject">Whether <paramref name="Metadata"/> is about the one subject shown, and so gives that subject's
/// biographics.</param>
/// <param name="Faces">The faces to store.</param>
public sealed record CapturedImage(
    string Image,
    byte[] Sha256,
    int Width,
    int Height,
    int FacesFound,
    string? SourceUrl,
    IReadOnlyDictionary<string, string> Metadata,
    bool DescribesSubject,
    IReadOnlyList<CapturedFace> Faces)
{
    /// <summary>The image's bytes as they were given, where they are to be kept; else null.</summary>
    public byte[]? Photo { get; init; }

    /// <summary>The organisation whose data its subjects are; null: the gallery's owner.</summary>
    public string? Provider { get; init; }

    /// <summary>Whether it is the one photo of its subject: it is not added to a subject that has another one.</summary>
    public bool IsMaster { get; init; }
}

/// <summary>A face of a <see cref="CapturedImage"/>.</summary>
/// <param name="SubjectId">Whose face it is.</param>
/// <param name="Number">Its number in the image, from 1.</param>
/// <param name="Box">Where it is.</param>
/// <param name="Confidence">The detector's confidence.</param>
/// <param name="Template">The template's bytes; null when the store was seen to hold the face already, so that there is nothing to add but
/// biographics.</param>
public sealed record CapturedFace(string SubjectId, int Number, BoundingBox Box, float Confidence, byte[]? Template)
{
    /// <summary>The face with some of what is around it as a JPEG, where images are to be kept; else null.</summary>
    public byte[]? Crop { get; init; }

    /// <summary>Overall quality, 0 … 100, or null.</summary>
    public double? Quality { get; init; }
}

/// <summary>What became of a <see cref="CapturedImage"/>.</summary>
/// <param name="Encounters">The ids of the encounters that are new.</param>
/// <param name="OtherSubjects">Subjects other than the face's own under which the same face of the same image was there before.</param>
public readonly record struct EnrolledImage(IReadOnlyList<string> Encounters, IReadOnlyList<string> OtherSubjects)
{
    /// <summary>How many of its faces are new.</summary>
    public int Added => Encounters.Count;

    /// <summary>Whether nothing was added because the subject has another photo, which is its only one.</summary>
    public bool HasOtherMaster { get; init; }

    /// <summary>Whether nothing was added because the subject is another organisation's data.</summary>
    public bool HasOtherProvider { get; init; }
}
