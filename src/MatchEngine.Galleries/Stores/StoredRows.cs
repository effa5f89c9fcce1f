using MatchEngine.Vectors;

namespace MatchEngine.Galleries.Stores;

/// <summary>A face that the store holds of an image.</summary>
internal sealed record KnownFace(string SubjectId, int Number, int FacesFound, bool HasImages);

/// <summary>A template as an index takes it: by the row ids of its encounter and subject.</summary>
internal readonly record struct StoredTemplate(long Encounter, long Subject, Template Template);

/// <summary>An encounter with what a candidate list says of its subject.</summary>
internal sealed record FoundEncounter(Encounter Encounter, IReadOnlyDictionary<string, string> Biographics);
