using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace MatchEngine.Client.Tests;

/// <summary>A server on this machine that answers as a test says, one answer after the other, and remembers what it was asked.</summary>
internal sealed class ScriptedService : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Answer> _answers;
    private readonly Task _serving;

    /// <summary>An answer.</summary>
    public sealed record Answer(
        int Status, string Body = "{}", string? RetryAfter = null, string Type = "application/json", string? Location = null);

    /// <summary>A request.</summary>
    public sealed record Asked(string Method, string Path, string? Key, string? Authorization, string Body, DateTime Time);

    public ScriptedService(params IEnumerable<Answer> answers)
    {
        _answers = new ConcurrentQueue<Answer>(answers);
        // A port that is free now may be taken a moment later, by a test beside this one.
        for (var tries = 0; ; tries++)
        {
            Address = new Uri($"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/");
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(Address.ToString());
            try
            {
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (tries < 20)
            {
                // Another one.
            }
        }
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait(TimeSpan.FromSeconds(10));
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var request = context.Request;
            using var reader = new StreamReader(request.InputStream, Encoding.UTF8);
            Requests.Enqueue(new Asked(
                request.HttpMethod, request.RawUrl!, request.Headers[ServiceClient.IdempotencyHeader], request.Headers["Authorization"],
                await reader.ReadToEndAsync(), DateTime.UtcNow));
            var answer = _answers.TryDequeue(out var next) ? next : new Answer(500);
            context.Response.StatusCode = answer.Status;
            context.Response.ContentType = answer.Type;
            if (answer.RetryAfter is { } wait)
                context.Response.Headers["Retry-After"] = wait;
            if (answer.Location is { } elsewhere)
                context.Response.Headers["Location"] = elsewhere;
            try
            {
                context.Response.Close(Encoding.UTF8.GetBytes(answer.Body), willBlock: false);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // The test is over with: it has read the status, and closes the listener.
            }
        }
    }
}
