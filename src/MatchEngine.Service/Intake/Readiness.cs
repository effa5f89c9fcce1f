using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Intake;

/// <summary>Whether galleries and networks are loaded; until then <c>/ready</c> says so and searches are answered 503.</summary>
internal sealed class Readiness(IHostApplicationLifetime lifetime, DiskRoom room)
{
    private const string Ready = "ready";

    private volatile string _state = "starting";

    /// <summary>Whether searches are answered.</summary>
    public bool IsReady => State == Ready;

    /// <summary><c>starting</c>, <c>ready</c>, <c>stopping</c>, or <c>failed</c>.</summary>
    public string State => lifetime.ApplicationStopping.IsCancellationRequested ? "stopping" : _state;

    /// <summary>All is loaded.</summary>
    public void Reached() => _state = Ready;

    /// <summary>Loading came to nothing.</summary>
    public void Failed() => _state = "failed";

    /// <exception cref="ProblemException">Not ready.</exception>
    public void Require()
    {
        if (!IsReady)
            throw new ProblemException(
                Problem.NotReady,
                $"the service is {State}: galleries and networks are loaded after the start") { RetryAfter = TimeSpan.FromSeconds(2) };
    }

    /// <summary>The same of whoever asks whether to send requests here: a full disk answers none.</summary>
    /// <exception cref="ProblemException">Not ready, or the disk of the data folder is full.</exception>
    public void RequireRoom()
    {
        Require();
        if (!room.IsThere)
            throw new ProblemException(
                Problem.NotReady,
                "the disk of the data folder is full: nothing can be written down, and so nothing answered; the operator frees some space")
            {
                RetryAfter = TimeSpan.FromSeconds(30),
            };
    }
}

/// <summary>The word in which an endpoint says that it waits for galleries and networks.</summary>
internal static class ReadinessFilter
{
    /// <summary>Answers 503 until the service is ready.</summary>
    public static RouteHandlerBuilder WhenReady(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter((context, next) =>
    {
        context.HttpContext.RequestServices.GetRequiredService<Readiness>().Require();
        return next(context);
    });
}
