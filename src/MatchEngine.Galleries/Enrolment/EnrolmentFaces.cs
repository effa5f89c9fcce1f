namespace MatchEngine.Galleries.Enrolment;

/// <summary>What to do with a photo that shows several faces.</summary>
public enum EnrolmentFaces
{
    /// <summary>Refuse it (<c>multiple_faces</c>): nobody can know which face belongs to the name.</summary>
    Only,

    /// <summary>Enrol the largest face.</summary>
    Largest,

    /// <summary>Enrol the face nearest to the middle: the labelled one in data sets made of crops around a face, such as LFW.</summary>
    Central,

    /// <summary>
    /// Enrol each face as an encounter of a subject of its own, named by <see cref="EnrolmentItem.GroupName"/>. A photo with one face is
    /// enrolled under its subject.
    /// </summary>
    Each,
}
