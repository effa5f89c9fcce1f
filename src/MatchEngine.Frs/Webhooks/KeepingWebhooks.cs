using System.Security.Cryptography;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Answers;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;

namespace MatchEngine.Frs.Webhooks;

/// <summary>An organisation's webhooks, for its administrators.</summary>
/// <param name="webhooks">The store.</param>
/// <param name="targets">Where they may lead.</param>
/// <param name="seals">Seal the secrets.</param>
/// <param name="trail">Takes the events.</param>
public sealed class KeepingWebhooks(IWebhooks webhooks, WebhookTargets targets, AnswerSeals seals, AuditTrail trail)
{
    /// <summary>How many an organisation has at most.</summary>
    public const int Most = 10;

    private const int SecretBytes = 32;

    /// <summary>Adds one for the own organisation.</summary>
    /// <returns>The webhook, and the secret that its messages are signed by: it is shown this once.</returns>
    /// <exception cref="CodedException">It may not lead there (<see cref="ErrorCodes.BadValue"/>), or there are as many as there may be
    /// (<see cref="ErrorCodes.Conflict"/>).</exception>
    public (Webhook Webhook, string Secret) Add(Actor actor, string? url)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Policies.Administer);
        var target = targets.Require(url);
        var (id, secret) = (TimeOrderedId.New(), "mewh_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)));
        var added = trail.ChangeBook(
            actor, "webhook.added",
            change => webhooks.Add(
                change, id, actor.Organisation, target.AbsoluteUri, seals.Seal(SealedFor(id), secret), actor.Account, Most),
            made => made is null ? null : new { webhook = made.Id });
        return added is null
            ? throw new CodedException(ErrorCodes.Conflict, $"the organisation has {Most} webhooks, which is the limit")
            : (added, secret);
    }

    /// <summary>Those of the own organisation.</summary>
    public IReadOnlyList<Webhook> List(Actor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Policies.Administer);
        return webhooks.List(actor.Organisation);
    }

    /// <summary>What was told by one, or waits, newest first.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public IReadOnlyList<WebhookDelivery> Deliveries(Actor actor, string id, int? count) =>
        webhooks.Deliveries(Find(actor, id).Id, PageSize.Of(count, 1000));

    /// <summary>Removes one, with everything that waits for it.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public void Remove(Actor actor, string id)
    {
        var found = Find(actor, id);
        if (!trail.ChangeBook(
            actor, "webhook.removed", change => webhooks.Remove(change, found.Id), removed => removed ? new { webhook = id } : null))
            throw NotFound();
    }

    /// <summary>For whom the secret of a webhook is sealed.</summary>
    internal static string SealedFor(string id) => "webhook " + id;

    private Webhook Find(Actor actor, string id)
    {
        ArgumentNullException.ThrowIfNull(actor);
        actor.Require(Policies.Administer);
        return webhooks.Find(id) is { } found && found.Organisation == actor.Organisation ? found : throw NotFound();
    }

    private static CodedException NotFound() => new(ErrorCodes.NotFound, "there is no such webhook");
}
