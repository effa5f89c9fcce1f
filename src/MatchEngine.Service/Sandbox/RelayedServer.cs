using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace MatchEngine.Service.Sandbox;

/// <summary>
/// A server without a socket: requests are handed to it by one that has, which goes on listening while the application behind it ends
/// and another begins.
/// </summary>
internal sealed class RelayedServer : IServer
{
    private Func<IFeatureCollection, Task>? _serve;

    public RelayedServer() => Features.Set<IServerAddressesFeature>(new ServerAddressesFeature());

    /// <inheritdoc/>
    public IFeatureCollection Features { get; } = new FeatureCollection();

    /// <summary>Has the application answer a request.</summary>
    /// <param name="features">The request; not the server's own collection, which keeps the context of who listens.</param>
    public Task ServeAsync(IFeatureCollection features) =>
        (_serve ?? throw new InvalidOperationException("the application has not begun"))(features);

    /// <inheritdoc/>
    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken) where TContext : notnull
    {
        _serve = async features =>
        {
            var context = application.CreateContext(features);
            Exception? failed = null;
            // Headers are written when the answer begins to leave, and what writes them needs the context until then.
            features.GetRequiredFeature<IHttpResponseFeature>().OnCompleted(_ =>
            {
                application.DisposeContext(context, failed);
                return Task.CompletedTask;
            }, context);
            try
            {
                await application.ProcessRequestAsync(context);
            }
            catch (Exception e)
            {
                failed = e;
                throw;
            }
        };
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
