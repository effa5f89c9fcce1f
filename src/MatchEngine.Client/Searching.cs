namespace MatchEngine.Client;

/// <summary>Searches and comparisons with files.</summary>
public static class Searching
{
    /// <summary>Searches with a photo, or an ANSI/NIST file with one face.</summary>
    /// <param name="client">The service.</param>
    /// <param name="path">The file.</param>
    /// <param name="terms">What else is asked for; its image is replaced. Null for a search with nothing said.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The candidate list: leads, never an identification.</returns>
    /// <exception cref="ServiceException">The service refuses, or cannot be used;
    /// <see cref="ServiceException{TResult}"/> says why.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<SearchResponse> SearchFileAsync(
        this ServiceClient client, string path, SearchRequest? terms = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        terms ??= new SearchRequest();
        terms.Image = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
        return await client.SearchAsync(terms, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Compares the faces of two photos.</summary>
    /// <param name="client">The service.</param>
    /// <param name="first">A file.</param>
    /// <param name="second">Another file.</param>
    /// <param name="terms">What else is asked for; its images are replaced. Null for a comparison with nothing said.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>A score and what it is worth: no decision.</returns>
    /// <exception cref="ServiceException">The service refuses, or cannot be used.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static async Task<ComparisonResponse> CompareFilesAsync(
        this ServiceClient client, string first, string second, ComparisonRequest? terms = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        terms ??= new ComparisonRequest();
        terms.First = await File.ReadAllBytesAsync(first, cancellationToken).ConfigureAwait(false);
        terms.Second = await File.ReadAllBytesAsync(second, cancellationToken).ConfigureAwait(false);
        return await client.CompareAsync(terms, cancellationToken).ConfigureAwait(false);
    }
}
