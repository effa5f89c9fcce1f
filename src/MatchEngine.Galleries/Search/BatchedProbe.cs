using MatchEngine.Galleries.Errors;

namespace MatchEngine.Galleries.Search;

/// <summary>One of several probes that are searched with in one pass: the faces of a photo, or an enrolled encounter.</summary>
public sealed class BatchedProbe : IDisposable
{
    private readonly IDisposable _owned;

    private BatchedProbe(Probe probe, OwnSubject? own, string? encounterId, IDisposable owned) =>
        (Probe, Own, EncounterId, _owned) = (probe, own, encounterId, owned);

    /// <summary>The faces and their templates.</summary>
    public Probe Probe { get; }

    /// <summary>The enrolled encounter; null for a photo.</summary>
    public string? EncounterId { get; }

    internal OwnSubject? Own { get; }

    /// <summary>A probe of a photo, which is disposed of with this.</summary>
    public static BatchedProbe Of(Probe probe) => new(probe, null, null, probe);

    /// <summary>An enrolled encounter; null when there is none.</summary>
    /// <param name="home">The gallery that holds it.</param>
    /// <param name="encounterId">The encounter.</param>
    /// <param name="includeOwnSubject">Whether its own subject may be listed.</param>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public static BatchedProbe? Find(Gallery home, string encounterId, bool includeOwnSubject) =>
        EnrolledProbe.Find(home, encounterId, includeOwnSubject) is { } found
            ? new BatchedProbe(found.Probe, found.Own, encounterId, found)
            : null;

    /// <summary>Overwrites the templates.</summary>
    public void Dispose() => _owned.Dispose();
}

/// <summary>What a probe of several gave.</summary>
/// <param name="List">Its list; null where it has none.</param>
/// <param name="Unsaid">Why not: the floor that was asked for cannot be said for this probe.</param>
public sealed record SearchedProbe(CandidateList? List, UnsaidFloorException? Unsaid);
