using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Intake;
using MatchEngine.Service.Settings;

namespace MatchEngine.Service.Hosting;

/// <summary>Loads galleries and networks after the start.</summary>
internal sealed class GalleryLoading(
    OpenGalleries galleries, ExtractionWorkers workers, ServiceSettings settings, Readiness readiness, ILogger<GalleryLoading> log)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => Load(stoppingToken), stoppingToken);

    private void Load(CancellationToken cancellationToken)
    {
        try
        {
            workers.Extractor(settings.Model);
            foreach (var name in galleries.Names())
            {
                cancellationToken.ThrowIfCancellationRequested();
                try
                {
                    log.LogInformation(
                        "gallery {Gallery} loaded: {Templates} templates", name, galleries.Load(name, cancellationToken));
                }
                catch (GalleryNotFoundException)
                {
                    // Never finished, or deleted at this moment.
                }
                catch (StoreException e)
                {
                    // One damaged gallery does not keep the others from being searched.
                    log.LogError("gallery {Gallery} cannot be loaded: {Fault}", name, e.Fault);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // Whatever it is that it holds. The message may be of its content; the kind and the place are not.
                    log.LogError("gallery {Gallery} cannot be loaded: {Kind}\n{Trace}", name, e.GetType().FullName, e.StackTrace);
                }
            }
            readiness.Reached();
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
        catch (Exception e)
        {
            readiness.Failed();
            log.LogCritical(e, "the service cannot become ready");
        }
    }
}
