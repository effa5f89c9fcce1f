namespace MatchEngine.Service.Sandbox;

/// <summary>
/// Work that the passing of time asks for: a hosted service that does it now and then, and at once where the time was moved.
/// </summary>
internal interface ISweep
{
    /// <summary>Does what is due now; one round.</summary>
    void Sweep(CancellationToken cancellationToken);
}
