namespace MatchEngine.Frs.Webhooks;

/// <summary>What became of sending something.</summary>
/// <param name="Status">The status of the answer; null: there was none.</param>
/// <param name="Fault">Why not, in one word: <c>timeout</c>, <c>refused-target</c>, <c>unreachable</c>.</param>
public sealed record WebhookOutcome(int? Status, string? Fault);

/// <summary>Sends.</summary>
public interface IWebhookPost
{
    /// <summary>Sends a body of JSON to a url that <see cref="WebhookTargets"/> admits; of the answer the status is read and nothing
    /// else.</summary>
    /// <param name="url">Where.</param>
    /// <param name="body">The body.</param>
    /// <param name="headers">Headers beside those of the content.</param>
    /// <param name="cancellationToken">The service stops.</param>
    Task<WebhookOutcome> SendAsync(
        Uri url, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken);
}
