namespace MatchEngine.Vetting.Load;

/// <summary>One request of a load: sends it and waits for its answer.</summary>
/// <param name="number">Which request it is, from 0.</param>
/// <param name="cancellationToken">Cancelled when the load has waited long enough for it.</param>
/// <returns>
/// Null when it was answered as it should be, else the kind of error in a few words, such as <c>HTTP 503</c>; an exception counts as one of
/// its type's name.
/// </returns>
public delegate ValueTask<string?> LoadRequest(long number, CancellationToken cancellationToken);
