using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Webhooks;
using MatchEngine.Service.Access;

namespace MatchEngine.Service.Rest;

/// <summary>A new webhook.</summary>
/// <param name="Url">The address: https to a host that the operator names, or http or https on the service's own machine.</param>
public sealed record WebhookRequest(string Url);

/// <summary>Where the organisation is told of notifications and of operations that have ended.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">The address.</param>
/// <param name="AddedBy">The account that added it.</param>
/// <param name="Created">When (UTC).</param>
public sealed record WebhookResponse(string Id, string Url, string AddedBy, DateTimeOffset Created)
{
    internal static WebhookResponse Of(Webhook webhook) => new(webhook.Id, webhook.Url, webhook.AddedBy, webhook.Created);
}

/// <summary>A webhook that was added.</summary>
/// <param name="Secret">What its messages are signed by; it is shown this once.</param>
/// <param name="Details">The rest.</param>
public sealed record NewWebhookResponse(string Secret, WebhookResponse Details);

/// <summary>What became of a message.</summary>
/// <param name="Id">Its id, as in the header <c>x-matchengine-delivery</c>.</param>
/// <param name="Kind">Of what it tells: notification, operation.</param>
/// <param name="About">The id of that.</param>
/// <param name="What">What kind of notification, or how the operation ended.</param>
/// <param name="Created">When it was noted (UTC).</param>
/// <param name="State">What became of it.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="Due">When it is sent next; null where it is sent no more.</param>
/// <param name="Status">The status of the last answer; null: there was none.</param>
/// <param name="Fault">Why not: timeout, unreachable, refused-target, no-secret.</param>
public sealed record DeliveryResponse(
    string Id, string Kind, string About, string What, DateTimeOffset Created, DeliveryState State, int Attempts, DateTimeOffset? Due,
    int? Status, string? Fault)
{
    internal static DeliveryResponse Of(WebhookDelivery delivery) => new(
        delivery.Id, delivery.Kind, delivery.About, delivery.What, delivery.Created, delivery.State, delivery.Attempts,
        delivery.State == DeliveryState.Waiting ? delivery.Due : null, delivery.Status, delivery.Fault);
}

/// <summary><c>/v1/webhooks</c>: where the organisation is told what happens.</summary>
internal static class WebhooksResource
{
    public static void Map(IEndpointRouteBuilder v1)
    {
        v1.MapGet("/webhooks", (HttpContext context, KeepingWebhooks webhooks) =>
                webhooks.List(context.Actor()).Select(WebhookResponse.Of).ToList())
            .Needs(Policies.Administer).WithName("listWebhooks").WithSummary("The organisation's webhooks").WithTags("webhooks")
            .Produces<IReadOnlyList<WebhookResponse>>();
        v1.MapPost("/webhooks", (WebhookRequest request, HttpContext context, KeepingWebhooks webhooks) =>
            {
                var (added, secret) = webhooks.Add(context.Actor(), request.Url);
                return Results.Created($"/v1/webhooks/{added.Id}", new NewWebhookResponse(secret, WebhookResponse.Of(added)));
            })
            .Needs(Policies.Administer).WithName("addWebhook").WithTags("webhooks")
            .WithSummary(
                "Have the organisation told of notifications and of operations that have ended: ids and kinds, signed "
                    + $"({SendingWebhooks.SignatureHeader}: t=SECONDS,v1=HMAC-SHA-256 of SECONDS, a full stop and the body)")
            .WithMetadata(new TellsSecret())
            .Produces<NewWebhookResponse>(StatusCodes.Status201Created).Problems(400, 409);
        v1.MapGet("/webhooks/{webhook}/deliveries", (string webhook, int? count, HttpContext context, KeepingWebhooks webhooks) =>
                webhooks.Deliveries(context.Actor(), webhook, count).Select(DeliveryResponse.Of).ToList())
            .Needs(Policies.Administer).WithName("listDeliveries").WithSummary("What was told, or waits, newest first").WithTags("webhooks")
            .Produces<IReadOnlyList<DeliveryResponse>>().Problems(400, 404);
        v1.MapDelete("/webhooks/{webhook}", (string webhook, HttpContext context, KeepingWebhooks webhooks) =>
            {
                webhooks.Remove(context.Actor(), webhook);
                return Results.NoContent();
            })
            .Needs(Policies.Administer).WithName("removeWebhook").WithSummary("Remove a webhook, with what waits for it")
            .WithTags("webhooks").Produces(StatusCodes.Status204NoContent).Problems(404);
    }
}
