using System.Runtime.CompilerServices;

namespace MatchEngine.Client;

/// <summary>Lists that the service gives in pages, from the first to the last element.</summary>
public static class Paging
{
    /// <summary>One's own searches, newest first.</summary>
    /// <param name="client">The service.</param>
    /// <param name="caseNumber">Only those of this case; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ServiceException">The service refuses, or cannot be used.</exception>
    public static IAsyncEnumerable<SearchSummary> AllSearchesAsync(
        this ServiceClient client, string? caseNumber = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return AllAsync(
            async (string? before, CancellationToken token) =>
                await client.ListSearchesAsync(caseNumber: caseNumber, before: before, cancellationToken: token).ConfigureAwait(false),
            page => (page.Searches, page.Next), cancellationToken);
    }

    /// <summary>The subjects of a gallery.</summary>
    /// <param name="client">The service.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ServiceException">The service refuses, or cannot be used.</exception>
    public static IAsyncEnumerable<SubjectResponse> AllSubjectsAsync(
        this ServiceClient client, string gallery, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return AllAsync(
            async (string? after, CancellationToken token) =>
                await client.ListSubjectsAsync(gallery, after: after, cancellationToken: token).ConfigureAwait(false),
            page => (page.Subjects, page.Next), cancellationToken);
    }

    /// <summary>The events of the audit, oldest first.</summary>
    /// <param name="client">The service.</param>
    /// <param name="kind">Only those of this kind; null for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ServiceException">The service refuses, or cannot be used.</exception>
    public static IAsyncEnumerable<AuditEventResponse> AllAuditAsync(
        this ServiceClient client, string? kind = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        return AllAsync(
            async (long? after, CancellationToken token) =>
                await client.ListAuditAsync(kind: kind, after: after, cancellationToken: token).ConfigureAwait(false),
            page => (page.Events, page.Next), cancellationToken);
    }

    private static async IAsyncEnumerable<TItem> AllAsync<TPage, TItem, TPlace>(
        Func<TPlace?, CancellationToken, Task<TPage>> read, Func<TPage, (IReadOnlyList<TItem> Items, TPlace? Next)> parts,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var place = default(TPlace);
        do
        {
            var (items, next) = parts(await read(place, cancellationToken).ConfigureAwait(false));
            foreach (var item in items)
                yield return item;
            place = next;
        }
        while (place is not null);
    }
}
