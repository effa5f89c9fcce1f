using MatchEngine.Faces.Geometry;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Search;

namespace MatchEngine.Service.Rest;

/// <summary>Where a face is, in pixels of the upright image.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public sealed record FaceBox(double X, double Y, double Width, double Height)
{
    internal static FaceBox Of(BoundingBox box) =>
        new(Math.Round(box.X, 1), Math.Round(box.Y, 1), Math.Round(box.Width, 1), Math.Round(box.Height, 1));
}

/// <summary>The face of a probe.</summary>
/// <param name="Box">Where it is.</param>
/// <param name="FacesFound">How many faces the image shows.</param>
/// <param name="ImageWidth">Width of the upright image in pixels.</param>
/// <param name="ImageHeight">Height of the upright image in pixels.</param>
public sealed record ProbeWire(FaceBox Box, int FacesFound, int ImageWidth, int ImageHeight)
{
    internal static ProbeWire Of(ProbeFace face) => new(FaceBox.Of(face.Box), face.FacesFound, face.ImageWidth, face.ImageHeight);
}

/// <summary>An encounter: one capture event of a subject.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Image">The reference that came with the photo.</param>
/// <param name="Face">The face's number in the photo by size; 1 is the largest.</param>
/// <param name="FacesFound">How many faces the photo shows.</param>
/// <param name="Box">Where the face is.</param>
/// <param name="ImageWidth">Width of the upright photo in pixels.</param>
/// <param name="ImageHeight">Height of the upright photo in pixels.</param>
/// <param name="SourceUrl">Where the photo came from, or null.</param>
/// <param name="Metadata">What came with it: reason, date, agency … as far as the reader may see it.</param>
/// <param name="Enrolled">When it was enrolled (UTC).</param>
public sealed record EncounterWire(
    string Id,
    string? Image,
    int Face,
    int FacesFound,
    FaceBox Box,
    int ImageWidth,
    int ImageHeight,
    string? SourceUrl,
    IReadOnlyDictionary<string, string> Metadata,
    DateTimeOffset Enrolled)
{
    internal static EncounterWire Of(Encounter encounter) => new(
        encounter.Id,
        encounter.Image.Length > 0 ? encounter.Image : null,
        encounter.Face,
        encounter.FacesFound,
        FaceBox.Of(encounter.Box),
        encounter.ImageWidth,
        encounter.ImageHeight,
        encounter.SourceUrl,
        encounter.Metadata,
        encounter.Enrolled);
}

/// <summary>What every reader of a candidate list must be told.</summary>
/// <param name="Version">Changes with every change of the words.</param>
/// <param name="Text">The words.</param>
public sealed record DisclaimerWire(string Version, string Text)
{
    internal static DisclaimerWire Of(Disclaimer disclaimer) => new(disclaimer.Version, disclaimer.Text);
}

/// <summary>Why a search is made.</summary>
/// <param name="CaseNumber">The case it belongs to.</param>
/// <param name="Basis">The statutory violation or another legal basis.</param>
/// <param name="Requester">Who asked for it.</param>
public sealed record PurposeWire(string? CaseNumber = null, string? Basis = null, string? Requester = null)
{
    internal SearchPurpose ToPurpose() => new(CaseNumber, Basis, Requester);

    internal static PurposeWire Of(SearchPurpose purpose) => new(purpose.CaseNumber, purpose.Basis, purpose.Requester);
}

/// <summary>A face of a probe.</summary>
/// <param name="Number">Its number by size; 1 is the largest.</param>
/// <param name="Box">Where it is, in pixels of the upright image.</param>
/// <param name="Quality">Its overall quality, 0 … 100; null where none was measured.</param>
/// <param name="NotSearched">Why it was left out, in a sentence with the remedy; null for a face that was searched.</param>
public sealed record ProbeFaceWire(int Number, FaceBox Box, double? Quality, string? NotSearched)
{
    internal static ProbeFaceWire Of(ProbeFace face) => new(face.Number, FaceBox.Of(face.Box), face.Quality?.Overall, face.Refusal);
}

/// <summary>
/// Says that a probe was received and is no more. Who has the photo and the receipt can have the service confirm that they belong together;
/// from the receipt alone nobody finds the photo.
/// </summary>
/// <param name="Digest">HMAC-SHA-256 of the probe's bytes under a secret of this installation, 64 hexadecimal digits.</param>
/// <param name="Algorithm">How the digest was made.</param>
/// <param name="Installation">Which installation's secret it was.</param>
/// <param name="Time">When that was so (UTC).</param>
/// <param name="Status">What became of the probe: <c>deleted</c>,
/// or <c>sealed</c> while it is kept for the examination that was asked for.</param>
public sealed record DeletionReceipt(string Digest, string Algorithm, string Installation, DateTimeOffset Time, string Status)
{
    internal static DeletionReceipt Of(Frs.Probes.DeletionReceipt receipt) =>
        new(receipt.Digest, receipt.Algorithm, receipt.Installation, receipt.Time, receipt.Status);
}
