using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using MatchEngine.Cli.Output;
using MatchEngine.Client;
using MatchEngine.Faces;
using MatchEngine.Faces.Images;
using MatchEngine.Galleries;
using MatchEngine.Galleries.Enrolment;
using EnrolmentFaces = MatchEngine.Galleries.Enrolment.EnrolmentFaces;

namespace MatchEngine.Cli.Remote;

/// <summary>
/// <c>enroll --service</c>: photos from this machine into a gallery of a service, which is created if need be. The service takes the faces
/// out of the photos, one request each; what it refuses is told, and the others go on.
/// </summary>
internal static class RemoteEnrolment
{
    /// <summary>Sends what a source has.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="source">The photos.</param>
    /// <param name="faces">What to do with photos of several faces; null: as the gallery's profile says.</param>
    /// <param name="cancellationToken">Ends the run; what was sent stays.</param>
    /// <exception cref="UsageException">Each face as a subject of its own: a service does not do that to single photos.</exception>
    public static async Task<EnrolmentReport> RunAsync(
        ParseResult parsed, IEnrolmentSource source, EnrolmentFaces? faces, CancellationToken cancellationToken)
    {
        if (faces == EnrolmentFaces.Each)
            throw new UsageException("--faces each does not go with --service: import the folder there (POST …/imports)");
        using var connection = ServiceOptions.Open(parsed);
        var (client, gallery) = (connection.Client, parsed.GetRequiredValue(SharedOptions.Gallery));
        _ = source.Read(cancellationToken).Any();
        await ServiceOptions.AskAsync(() => RequireGalleryAsync(client, gallery, cancellationToken));
        return await EnrolmentProgressBar.RunAsync(
            source,
            progress => SendAsync(client, gallery, source, faces?.ToString().ToLowerInvariant(), progress, cancellationToken),
            cancellationToken);
    }

    private static async Task<GalleryResponse> RequireGalleryAsync(
        ServiceClient client, string gallery, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetGalleryAsync(gallery, cancellationToken);
        }
        catch (ServiceException<ProblemResponse> error) when (error.StatusCode == 404)
        {
            var created = await client.CreateGalleryAsync(new GalleryRequest { Name = gallery }, cancellationToken);
            await Console.Error.WriteLineAsync($"Created gallery {created.Name} with model {created.Model}.");
            return created;
        }
    }

    private static async Task<EnrolmentReport> SendAsync(
        ServiceClient client, string gallery, IEnrolmentSource source, string? face, IProgress<EnrolmentProgress> progress,
        CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        long enrolled = 0, duplicates = 0, failed = 0;
        var failures = new List<EnrolmentFailure>();
        var warnings = new List<EnrolmentWarning>();
        foreach (var entry in source.Read(cancellationToken))
        {
            if (entry is EnrolmentItem item)
                await OneAsync(item);
            else if (entry is RejectedEntry rejected)
                Fail(rejected.Failure);
            progress.Report(new EnrolmentProgress(enrolled, duplicates, failed, Stopwatch.GetElapsedTime(started)));
        }
        return new EnrolmentReport(
            enrolled, enrolled, duplicates, failed, failures, warnings, Stopwatch.GetElapsedTime(started));

        async Task OneAsync(EnrolmentItem item)
        {
            try
            {
                var photo = await ServiceOptions.AskAsync(() => EnrolAsync(client, gallery, item, face, cancellationToken));
                (enrolled, duplicates) = (enrolled + photo.Enrolled, duplicates + photo.Duplicates);
                foreach (var told in photo.Photos.SelectMany(one => (string?[])[one.Detail, .. one.Notices]).OfType<string>())
                    if (warnings.Count < EnrolmentReport.MaxListed)
                        warnings.Add(new EnrolmentWarning(item.Image, "notice", told));
            }
            catch (RefusedByServiceException error) when (IsOfThePhoto(error))
            {
                Fail(new EnrolmentFailure(item.Image, null, error.Code, error.Message));
            }
            catch (AcquisitionException error)
            {
                Fail(new EnrolmentFailure(item.Image, null, error.Reason.ToCode(), error.Message));
            }
            catch (PhotoRefusedException error)
            {
                Fail(new EnrolmentFailure(item.Image, null, error.Code, error.Message));
            }
        }

        void Fail(EnrolmentFailure failure)
        {
            failed++;
            if (failures.Count < EnrolmentReport.MaxListed)
                failures.Add(failure);
        }
    }

    // What speaks against this photo; anything else would speak against the next one too.
    private static bool IsOfThePhoto(RefusedByServiceException error) =>
        error.InnerException is ServiceException { StatusCode: 400 or 409 or 413 or 415 or 422 };

    private static async Task<EnrolmentResponse> EnrolAsync(
        ServiceClient client, string gallery, EnrolmentItem item, string? face, CancellationToken cancellationToken)
    {
        using var read = item.Content is null
            ? item.Open?.Invoke(ImageLimits.Default) ?? ImageBytes.Read(item.File ?? item.Image)
            : null;
        var photo = read?.Span.ToArray() ?? item.Content!.Value.ToArray();
        try
        {
            return await client.EnrolAsync(
                gallery, item.Subject,
                new EncounterRequest
                {
                    Image = [photo],
                    Metadata = item.Metadata.Count > 0 ? item.Metadata : null,
                    SourceUrl = item.SourceUrl,
                    Face = face,
                    StatedAge = item.StatedAge,
                },
                cancellationToken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(photo);
        }
    }
}
