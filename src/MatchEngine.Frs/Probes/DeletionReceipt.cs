namespace MatchEngine.Frs.Probes;

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
    /// <summary>The probe is gone.</summary>
    public const string Deleted = "deleted";

    /// <summary>The probe is kept sealed.</summary>
    public const string Sealed = "sealed";
}
