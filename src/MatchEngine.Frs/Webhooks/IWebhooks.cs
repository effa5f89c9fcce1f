using MatchEngine.Frs.Auditing;

namespace MatchEngine.Frs.Webhooks;

/// <summary>The store of webhooks, and of what is told by them. Secrets are given to it sealed.</summary>
public interface IWebhooks
{
    /// <summary>Adds one; null where the organisation has as many as it may.</summary>
    /// <param name="change">The change with its author and event.</param>
    /// <param name="id">Its id.</param>
    /// <param name="organisation">Whose it is.</param>
    /// <param name="url">The address.</param>
    /// <param name="secret">The secret, sealed.</param>
    /// <param name="account">Who adds it.</param>
    /// <param name="most">How many an organisation has at most.</param>
    Webhook? Add(BookChange change, string id, string organisation, string url, ReadOnlyMemory<byte> secret, string account, int most);

    /// <summary>The webhook of an id; null when there is none.</summary>
    Webhook? Find(string id);

    /// <summary>Its sealed secret; null when there is none.</summary>
    byte[]? Secret(string id);

    /// <summary>An organisation's webhooks, by their ids.</summary>
    IReadOnlyList<Webhook> List(string organisation);

    /// <summary>Removes one with everything that waits for it; false when there is none.</summary>
    bool Remove(BookChange change, string id);

    /// <summary>
    /// Notes what organisations are to be told since this was called last: notifications of theirs and of their people, and operations that
    /// have ended. Each is noted once for each webhook that was there when it happened.
    /// </summary>
    /// <returns>How many were noted.</returns>
    int Gather();

    /// <summary>
    /// What is due, the first due first: of each webhook at most so many, so that one that takes nothing keeps none away.
    /// </summary>
    IReadOnlyList<WebhookDelivery> Due(DateTimeOffset now, int count);

    /// <summary>Notes what became of an attempt.</summary>
    /// <param name="id">The delivery.</param>
    /// <param name="state">What became of it.</param>
    /// <param name="due">When it is sent next.</param>
    /// <param name="status">The status of the answer, or null.</param>
    /// <param name="fault">Why there was none, or null.</param>
    void Attempted(string id, DeliveryState state, DateTimeOffset due, int? status, string? fault);

    /// <summary>What was told by a webhook, or waits, newest first.</summary>
    IReadOnlyList<WebhookDelivery> Deliveries(string webhook, int count);

    /// <summary>Removes what has ended and was noted before a time; returns how many.</summary>
    int Purge(DateTimeOffset before);
}
