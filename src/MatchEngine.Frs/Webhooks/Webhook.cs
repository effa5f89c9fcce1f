namespace MatchEngine.Frs.Webhooks;

/// <summary>Where an organisation is told what happens.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Organisation">Whose it is.</param>
/// <param name="Url">The address.</param>
/// <param name="AddedBy">The account that added it.</param>
/// <param name="Created">When (UTC).</param>
public sealed record Webhook(string Id, string Organisation, string Url, string AddedBy, DateTimeOffset Created);

/// <summary>What became of telling something.</summary>
public enum DeliveryState
{
    /// <summary>It is sent when it is due.</summary>
    Waiting,

    /// <summary>It was taken: the answer had a status of 200 to 299.</summary>
    Delivered,

    /// <summary>It was not taken in time, and is sent no more.</summary>
    GivenUp,
}

/// <summary>Something that an organisation is told.</summary>
/// <param name="Id">Its id; rises with time, and is the same at each attempt.</param>
/// <param name="Webhook">Where.</param>
/// <param name="Kind">Of what: <c>notification</c>, <c>operation</c>.</param>
/// <param name="About">The id of that.</param>
/// <param name="What">What kind of notification it is, or how the operation ended.</param>
/// <param name="Search">The search that a notification is about, or null.</param>
/// <param name="Created">When it was noted (UTC).</param>
/// <param name="State">What became of it.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="Due">When it is sent next.</param>
/// <param name="Status">The status of the last answer; null: there was none.</param>
/// <param name="Fault">Why not.</param>
public sealed record WebhookDelivery(
    string Id, string Webhook, string Kind, string About, string What, string? Search, DateTimeOffset Created, DeliveryState State,
    int Attempts, DateTimeOffset Due, int? Status, string? Fault);
