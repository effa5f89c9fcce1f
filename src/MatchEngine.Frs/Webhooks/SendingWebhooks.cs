using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MatchEngine.Frs.Answers;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Webhooks;

/// <summary>
/// Tells organisations what happens: ids and kinds, and nothing of a person. Each message is signed with the webhook's secret and sent
/// again, later and later, until it is taken or its time is over.
/// </summary>
/// <param name="webhooks">The store.</param>
/// <param name="targets">Where they may lead.</param>
/// <param name="post">Sends.</param>
/// <param name="seals">Open the secrets.</param>
/// <param name="clock">Gives the time.</param>
public sealed class SendingWebhooks(IWebhooks webhooks, WebhookTargets targets, IWebhookPost post, AnswerSeals seals, TimeProvider clock)
{
    /// <summary>The header of the signature: <c>t=SECONDS,v1=HEX</c>, HMAC-SHA-256 of the seconds, a full stop and the body.</summary>
    public const string SignatureHeader = "x-matchengine-signature";

    /// <summary>The header of the message's id, the same at each attempt.</summary>
    public const string IdHeader = "x-matchengine-delivery";

    /// <summary>After which time a message is sent no more.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromHours(24);

    /// <summary>How long it is seen what became of a message.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(7);

    private const int AtOnce = 50;

    private readonly ConcurrentDictionary<string, bool> _busy = new(StringComparer.Ordinal);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(10), Longest = TimeSpan.FromHours(2);

    /// <summary>
    /// One round: notes what is new and sends what is due. The next one need not wait for its end: a webhook that is sent to still is left
    /// alone, so that a slow receiver keeps nobody else's messages.
    /// </summary>
    /// <returns>How many were tried.</returns>
    /// <exception cref="Galleries.Errors.StoreException">The book cannot be used.</exception>
    public async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        webhooks.Gather();
        var tried = await Task.WhenAll(webhooks.Due(clock.GetUtcNow(), AtOnce).GroupBy(delivery => delivery.Webhook)
            .Select(own => SendAsync(own, cancellationToken)));
        return tried.Sum();
    }

    /// <summary>Removes what nobody looks at any more.</summary>
    public void Purge() => webhooks.Purge(clock.GetUtcNow() - KeptFor);

    /// <summary>How long a message waits after so many attempts.</summary>
    internal static TimeSpan Wait(int attempts) =>
        TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, First.Ticks * Math.Pow(3, Math.Min(attempts, 20) - 1)));

    /// <summary>The signature of a body.</summary>
    /// <param name="secret">The webhook's secret.</param>
    /// <param name="time">When it is sent.</param>
    /// <param name="body">The body.</param>
    public static string Sign(string secret, DateTimeOffset time, ReadOnlySpan<byte> body)
    {
        var seconds = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(seconds + "."), .. body]);
        return $"t={seconds},v1={Convert.ToHexStringLower(signed)}";
    }

    private async Task<int> SendAsync(IGrouping<string, WebhookDelivery> own, CancellationToken cancellationToken)
    {
        if (!_busy.TryAdd(own.Key, true))
            return 0;
        try
        {
            var tried = 0;
            foreach (var delivery in own)
            {
                tried++;
                // A receiver that does not take one message is not sent the next.
                if (!await SendAsync(delivery, cancellationToken))
                    break;
            }
            return tried;
        }
        finally
        {
            _busy.TryRemove(own.Key, out _);
        }
    }

    private async Task<bool> SendAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        if (webhooks.Find(delivery.Webhook) is not { } webhook || webhooks.Secret(webhook.Id) is not { } @sealed)
            return true;
        var now = clock.GetUtcNow();
        var outcome = await SendAsync(webhook, @sealed, delivery, now, cancellationToken);
        var state = outcome.Status is >= 200 and < 300 ? DeliveryState.Delivered
            : now - delivery.Created >= GivenUpAfter ? DeliveryState.GivenUp : DeliveryState.Waiting;
        webhooks.Attempted(delivery.Id, state, now + Wait(delivery.Attempts + 1), outcome.Status, outcome.Fault);
        return state == DeliveryState.Delivered;
    }

    private async Task<WebhookOutcome> SendAsync(
        Webhook webhook, byte[] @sealed, WebhookDelivery delivery, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (seals.Open<string>(KeepingWebhooks.SealedFor(webhook.Id), @sealed) is not { } secret)
            return new WebhookOutcome(null, "no-secret");
        Uri url;
        try
        {
            // The operator may have thought better of it.
            url = targets.Require(webhook.Url);
        }
        catch (CodedException)
        {
            return new WebhookOutcome(null, "refused-target");
        }
        var body = Body(delivery);
        return await post.SendAsync(
            url, body,
            new Dictionary<string, string> { [SignatureHeader] = Sign(secret, now, body), [IdHeader] = delivery.Id }, cancellationToken);
    }

    private static byte[] Body(WebhookDelivery delivery) => JsonSerializer.SerializeToUtf8Bytes(
        delivery.Kind == "operation"
            ? (object)new
            {
                id = delivery.Id,
                kind = delivery.Kind,
                operation = delivery.About,
                state = delivery.What,
                time = delivery.Created,
            }
            : new
            {
                id = delivery.Id, kind = delivery.Kind, notification = long.Parse(delivery.About, CultureInfo.InvariantCulture),
                what = delivery.What, search = delivery.Search, time = delivery.Created,
            });
}
