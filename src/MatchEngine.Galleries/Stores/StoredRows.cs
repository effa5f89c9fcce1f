using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Stores;

/// <summary>A face that the store holds of an image.</summary>
/// <param name="SubjectId">Whose face it is.</param>
/// <param name="Number">Its number in the image, from 1.</param>
/// <param name="FacesFound">How many faces the image shows.</param>
/// <param name="HasImages">Whether photo and crop were kept.</param>
public sealed record KnownFace(string SubjectId, int Number, int FacesFound, bool HasImages);

/// <summary>A template as an index takes it: by the row ids of its encounter and subject.</summary>
/// <param name="Encounter">The encounter's row.</param>
/// <param name="Subject">The subject's row.</param>
/// <param name="Template">The template, which whoever takes it erases.</param>
public readonly record struct StoredTemplate(long Encounter, long Subject, Template Template);

/// <summary>An encounter with what a candidate list says of its subject.</summary>
/// <param name="Encounter">The encounter.</param>
/// <param name="Biographics">The subject's biographics.</param>
public sealed record FoundEncounter(Encounter Encounter, IReadOnlyDictionary<string, string> Biographics);
