using System.Runtime.CompilerServices;

namespace MatchEngine.Client;

/// <summary>What became of a file that was sent to be enrolled.</summary>
/// <param name="File">The file.</param>
/// <param name="Subject">The subject that it was enrolled for.</param>
/// <param name="Answer">What the service did; null where it refused.</param>
/// <param name="Problem">Why it refused; null where it did not.</param>
public sealed record EnrolledFile(string File, string Subject, EnrolmentResponse? Answer, ProblemResponse? Problem);

/// <summary>Enrolment of files.</summary>
public static class Enrolling
{
    private static readonly HashSet<string> Photos = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".avif", ".gif", ".bmp", ".ppm", ".pgm", ".an2", ".eft",
    };

    /// <summary>
    /// Enrols the photos of a folder, one after the other: each as the subject that its name says, without the extension. What the service
    /// refuses is told and the others go on; enrolling the same photo again changes nothing, so a run that ended early is made again.
    /// </summary>
    /// <param name="client">The service.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="folder">The folder; those below it are not looked into.</param>
    /// <param name="terms">What comes with each photo; null for nothing.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ServiceException">The service cannot be used, or does not let the key enrol there.</exception>
    public static async IAsyncEnumerable<EnrolledFile> EnrolFolderAsync(
        this ServiceClient client, string gallery, string folder, EncounterRequest? terms = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => Photos.Contains(Path.GetExtension(file)))
            .Order(StringComparer.Ordinal))
            yield return await client.EnrolFileAsync(
                gallery, Path.GetFileNameWithoutExtension(file), file, terms, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Enrols one photo.</summary>
    /// <param name="client">The service.</param>
    /// <param name="gallery">The gallery.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="file">The file.</param>
    /// <param name="terms">What comes with the photo; its image is replaced. Null for nothing.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What became of it: also where the service refuses the photo, since the next one may do.</returns>
    /// <exception cref="ServiceException">The service cannot be used, or does not let the key enrol there.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static async Task<EnrolledFile> EnrolFileAsync(
        this ServiceClient client, string gallery, string subject, string file, EncounterRequest? terms = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        terms ??= new EncounterRequest();
        terms.Image = [await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false)];
        try
        {
            var answer = await client.EnrolAsync(gallery, subject, terms, cancellationToken).ConfigureAwait(false);
            return new EnrolledFile(file, subject, answer, null);
        }
        catch (ServiceException<ProblemResponse> e) when (IsOfThePhoto(e.StatusCode))
        {
            return new EnrolledFile(file, subject, null, e.Result);
        }
    }

    // Too large, of another format, without a usable face, the subject's second where one is allowed.
    private static bool IsOfThePhoto(int status) => status is 409 or 413 or 415 or 422;
}
