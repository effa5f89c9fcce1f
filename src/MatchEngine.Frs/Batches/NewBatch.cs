using MatchEngine.Frs.Answers;

namespace MatchEngine.Frs.Batches;

/// <summary>Photos that a batch is to be made of, in memory that is cleared when all of them were made templates.</summary>
/// <param name="Photos">The photos.</param>
/// <param name="Owner">Clears them.</param>
public sealed record HeldPhotos(IReadOnlyList<ReadOnlyMemory<byte>> Photos, IDisposable Owner);

/// <summary>An enrolled encounter that is a probe of a batch.</summary>
/// <param name="EncounterId">The encounter.</param>
/// <param name="EncounterGallery">The gallery that holds it; null where one gallery is named to be searched.</param>
/// <param name="ApprovalId">A supervisor's approval, where one is needed.</param>
public sealed record EncounterProbe(string EncounterId, string? EncounterGallery = null, string? ApprovalId = null);

/// <summary>Searches that are to be answered later.</summary>
/// <param name="Kind">What they are: one or many.</param>
/// <param name="Request">What all have in common, as the dialect was given it.</param>
/// <param name="Form">The form of the answers.</param>
/// <param name="Photos">Probes; null for none.</param>
/// <param name="Encounters">Probes, numbered behind the photos.</param>
public sealed record NewBatch(
    string Kind, ReadOnlyMemory<byte> Request, AnswerForm Form, HeldPhotos? Photos, IReadOnlyList<EncounterProbe> Encounters);

/// <summary>The request of a batch as it is kept, sealed.</summary>
internal sealed record KeptRequest(byte[] Request, AnswerForm Form);
