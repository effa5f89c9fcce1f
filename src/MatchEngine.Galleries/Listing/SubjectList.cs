namespace MatchEngine.Galleries.Listing;

/// <summary>A page of subjects.</summary>
/// <param name="Subjects">The subjects, in the order that was asked for.</param>
/// <param name="Previous">The place before which the page in front of this one ends; null: nobody stands before this page.</param>
/// <param name="Next">The place behind which the next page begins; null: nobody stands behind this one.</param>
public sealed record SubjectList(IReadOnlyList<Subject> Subjects, string? Previous, string? Next);
