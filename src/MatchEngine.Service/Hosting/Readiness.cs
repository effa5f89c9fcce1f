using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Extraction;

namespace MatchEngine.Service.Hosting;

/// <summary>Loads galleries and networks after the start; until then <c>/ready</c> says so and searches are answered 503.</summary>
internal sealed class Readiness(
    OpenGalleries galleries, ExtractionWorkers workers, ServiceSettings settings, IHostApplicationLifetime lifetime, ILogger<Readiness> log)
    : BackgroundService
{
    private volatile string _state = "starting";

    /// <summary>Whether searches are answered.</summary>
    public bool IsReady => _state == "ready" && !lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary><c>starting</c>, <c>ready</c>, or what went wrong.</summary>
    public string State => lifetime.ApplicationStopping.IsCancellationRequested ? "stopping" : _state;

    /// <exception cref="ProblemException">Not ready.</exception>
    public void Require()
    {
        if (!IsReady)
            throw new ProblemException(
                Problem.NotReady,
                $"the service is {State}: galleries and networks are loaded after the start") { RetryAfter = TimeSpan.FromSeconds(2) };
    }

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
            }
            _state = "ready";
        }
        catch (OperationCanceledException)
        {
            _state = "stopping";
        }
        catch (Exception e)
        {
            _state = "failed";
            log.LogCritical(e, "the service cannot become ready");
        }
    }
}
