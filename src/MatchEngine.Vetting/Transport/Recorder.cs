using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Transport;

/// <summary>
/// Notes what goes out and comes back, and reads an answer up to its bound before anybody takes it apart. Bytes of an image are hashed and
/// counted, never kept.
/// </summary>
/// <param name="inner">Who sends.</param>
/// <param name="maxAnswerBytes">How much of an answer is read.</param>
internal sealed class Recorder(HttpMessageHandler inner, int maxAnswerBytes) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var recording = Recording.Current;
        if (recording is not null)
            recording.Sent = await SentAsync(request, cancellationToken).ConfigureAwait(false);
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            var body = await ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
            if (recording is not null)
                recording.Received = Received(response, body);
            if (body.Count > maxAnswerBytes)
                throw new AnswerTooLargeException(maxAnswerBytes);
            if (recording is not null)
                recording.Body = body;
            var content = new ByteArrayContent(body.Array!, 0, body.Count);
            foreach (var (name, values) in response.Content.Headers)
                content.Headers.TryAddWithoutValidation(name, values);
            response.Content.Dispose();
            response.Content = content;
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static async Task<SentMessage> SentAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var (digest, size) = ((string?)null, 0L);
        if (request.Content is { } content)
        {
            await content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
            var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            digest = await MessageDigest.OfAsync(stream, cancellationToken).ConfigureAwait(false);
            (size, stream.Position) = (stream.Length, 0);
        }
        return new SentMessage(
            request.Method.Method, SafeAddress.Of(request.RequestUri!), SafeHeaders.Of(request.Headers, request.Content?.Headers),
            digest, size);
    }

    private static ReceivedMessage Received(HttpResponseMessage response, ArraySegment<byte> body) => new(
        (int)response.StatusCode, SafeHeaders.Of(response.Headers, response.Content.Headers),
        MessageDigest.Of(body), body.Count,
        Excerpt.Of(body, response.Content.Headers.ContentType?.MediaType));

    // One byte more than is taken, by which a longer answer shows.
    private async Task<ArraySegment<byte>> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        using var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = new byte[Math.Min(16 << 10, maxAnswerBytes + 1)];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                return new ArraySegment<byte>(buffer, 0, length);
            if ((length += read) > maxAnswerBytes)
                return new ArraySegment<byte>(buffer, 0, length);
            if (length == buffer.Length)
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, maxAnswerBytes + 1L));
        }
    }
}

/// <summary>An answer is longer than is read.</summary>
/// <param name="bound">How much is.</param>
internal sealed class AnswerTooLargeException(int bound) : IOException($"the answer is longer than {bound} bytes");
