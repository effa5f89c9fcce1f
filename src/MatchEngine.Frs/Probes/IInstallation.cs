namespace MatchEngine.Frs.Probes;

/// <summary>What tells this installation from others; made once and kept in the service's book.</summary>
public interface IInstallation
{
    /// <summary>A random name; it tells receipts of two services apart.</summary>
    string Installation { get; }

    /// <summary>32 random bytes that key the digests of receipts, so that nobody can look up a photo by its digest without them.</summary>
    ReadOnlyMemory<byte> ReceiptSecret { get; }
}
