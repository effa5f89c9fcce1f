using System.Security.Cryptography;
using MatchEngine.Faces.Geometry;
using MatchEngine.Faces.Images;
using MatchEngine.Faces.Quality;
using MatchEngine.Frs.Searching;
using MatchEngine.Galleries.Search;
using MatchEngine.Vectors;

namespace MatchEngine.Frs.Batches;

/// <summary>A probe as it is kept, sealed, until it is searched with: the templates of a photo, or an enrolled encounter.</summary>
/// <param name="EncounterId">The encounter; null for a photo.</param>
/// <param name="EncounterGallery">The gallery that holds it.</param>
/// <param name="ApprovalId">A supervisor's approval.</param>
/// <param name="Digest">The keyed digest of the photo.</param>
/// <param name="Faces">The faces of the photo.</param>
/// <param name="Templates">Their templates.</param>
internal sealed record KeptProbe(
    string? EncounterId = null, string? EncounterGallery = null, string? ApprovalId = null, string? Digest = null,
    IReadOnlyList<KeptFace>? Faces = null, IReadOnlyList<byte[]>? Templates = null) : IDisposable
{
    /// <summary>What is kept of a photo.</summary>
    public static KeptProbe Of(Probe photo, string digest) => new(
        Digest: digest, Faces: [.. photo.Faces.Select(KeptFace.Of)], Templates: [.. photo.Templates.Select(face => face.ToBytes())]);

    /// <summary>The probe to search with; who takes it disposes of its photo.</summary>
    /// <exception cref="TemplateFormatException">The bytes of a template are none.</exception>
    public TogetherProbe ToProbe(int number) => new(number)
    {
        EncounterId = EncounterId,
        EncounterGallery = EncounterGallery,
        ApprovalId = ApprovalId,
        Digest = Digest,
        Photo = Templates is null
            ? null
            : Probe.Of([.. Faces!.Select(face => face.ToFace())], [.. Templates.Select(bytes => Template.Parse(bytes))]),
    };

    /// <summary>Overwrites the templates.</summary>
    public void Dispose()
    {
        foreach (var template in Templates ?? [])
            CryptographicOperations.ZeroMemory(template);
    }
}

/// <summary>A face of a kept probe.</summary>
internal sealed record KeptFace(
    BoundingBox Box, float Confidence, int FacesFound, int ImageWidth, int ImageHeight, int Number, ImageRemark Remark, string? Refusal,
    IReadOnlyList<KeptQuality>? Quality)
{
    public static KeptFace Of(ProbeFace face) => new(
        face.Box, face.Confidence, face.FacesFound, face.ImageWidth, face.ImageHeight, face.Number, face.Remark, face.Refusal,
        face.Quality?.Components.Select(part => new KeptQuality(part.Value, part.Score, part.Limit, part.Advice)).ToList());

    public ProbeFace ToFace() => new(Box, Confidence, FacesFound, ImageWidth, ImageHeight)
    {
        Number = Number,
        Remark = Remark,
        Refusal = Refusal,
        Quality = Quality is null
            ? null
            : FaceQuality.Of(
                [.. QualityMeasure.All.Zip(Quality, (measure, part) => new QualityComponent(
                    measure, part.Value, part.Score, part.Limit, part.Advice))]),
    };
}

/// <summary>What one measure said of a kept face.</summary>
internal sealed record KeptQuality(double? Value, double? Score, double? Limit, string? Advice);
