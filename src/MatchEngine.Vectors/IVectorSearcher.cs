namespace MatchEngine.Vectors;

/// <summary>
/// Templates of one model, searchable 1:N. Every member may be called from any thread at any time: searches run during adds and removes,
/// take no lock and never see half a vector.
/// </summary>
/// <remarks>
/// A search sees every template whose <see cref="IVectorWriter.Add"/> returned before the search began and none whose
/// <see cref="IVectorWriter.Remove"/> did. Of templates that are added or removed while it runs it may see some.
/// </remarks>
public interface IVectorSearcher
{
    /// <summary>The model whose templates are held.</summary>
    ModelDigest Model { get; }

    /// <summary>The dimension of those templates.</summary>
    int Dimension { get; }

    /// <summary>The number of templates held.</summary>
    int Count { get; }

    /// <summary>
    /// Finds the subjects most similar to a probe: one row per subject, the best score of its templates with the id of that template.
    /// </summary>
    /// <param name="probe">The probe's template.</param>
    /// <param name="listLength">The largest number of subjects to return, at least 1.</param>
    /// <param name="floor">The score floor: a candidate is kept at this score or above. −1 keeps all.</param>
    /// <param name="filter">Which subjects may be listed; null lists all.</param>
    /// <param name="tally">What is to be counted of those who may be listed; null for nothing.</param>
    /// <param name="cancellationToken">Ends the search early; nothing else is affected.</param>
    /// <returns>The rows by falling score, equal scores by rising template id.</returns>
    /// <exception cref="ArgumentException">The probe's dimension differs, the list length is below 1, or the floor is NaN.</exception>
    /// <exception cref="ModelMismatchException">The probe was made with another model.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    IndexAnswer Search(Template probe, int listLength = 20, float floor = -1f, SubjectSet? filter = null, TallyRequest? tally = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Searches for many probes at once, which shares the passes over memory:
    /// on a large gallery several times the throughput of single searches.
    /// </summary>
    /// <param name="probes">The probes' templates; none is allowed.</param>
    /// <param name="listLength">As in <see cref="Search"/>.</param>
    /// <param name="floor">As in <see cref="Search"/>.</param>
    /// <param name="filter">As in <see cref="Search"/>; one filter for all probes.</param>
    /// <param name="tally">As in <see cref="Search"/>; the same of all probes.</param>
    /// <param name="cancellationToken">As in <see cref="Search"/>.</param>
    /// <returns>One answer a probe, in the order of the probes, each equal to what <see cref="Search"/> gives.</returns>
    /// <exception cref="ArgumentException">As in <see cref="Search"/>.</exception>
    /// <exception cref="ModelMismatchException">A probe was made with another model.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    IReadOnlyList<IndexAnswer> SearchBatch(
        IReadOnlyList<Template> probes, int listLength = 20, float floor = -1f, SubjectSet? filter = null, TallyRequest? tally = null,
        CancellationToken cancellationToken = default);
}
