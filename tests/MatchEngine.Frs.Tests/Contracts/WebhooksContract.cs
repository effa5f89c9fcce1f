using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Batches;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Webhooks;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class WebhooksContract : BookContract
{
    private Webhook Add(string id, string organisation = "org", int most = 10) =>
        Book.Webhooks.Add(BookChange.None, id, organisation, "https://hooks.example.org/", new byte[] { 1, 2 }, "someone", most)!;

    [Fact]
    public void A_webhook_is_its_organisations_until_it_is_removed()
    {
        Book.Person("Ada");
        Book.Person("Bea", "other");
        var first = Add("w1", most: 2);
        Assert.Equal(new Webhook("w1", "org", "https://hooks.example.org/", "someone", Clock.Now), first);
        Assert.Equal(first, Book.Webhooks.Find("w1"));
        Assert.Equal([1, 2], Book.Webhooks.Secret("w1")!);
        Add("w2", most: 2);
        Assert.Null(Add("w3", most: 2));
        Assert.NotNull(Add("w4", "other", most: 2));
        Assert.Equal(["w1", "w2"], Book.Webhooks.List("org").Select(webhook => webhook.Id));
        Assert.True(Book.Webhooks.Remove(BookChange.None, "w1"));
        Assert.False(Book.Webhooks.Remove(BookChange.None, "w1"));
        Assert.Null(Book.Webhooks.Secret("w1"));
    }

    [Fact]
    public void What_happens_is_noted_once_for_each_webhook_of_the_organisation_and_nothing_from_before()
    {
        var (ada, bea) = (Book.Person("Ada"), Book.Person("Bea", "other"));
        Book.Notifications.Tell(ada.Account, NotificationKinds.SearchOpened, bea, search: "before");
        Add("w1");
        Add("w2", "other");
        Assert.Equal(0, Book.Webhooks.Gather());
        Book.Notifications.Tell(ada.Account, NotificationKinds.SearchOpened, bea, search: "s1", gallery: "g", subject: "Jane Doe");
        Book.Notifications.TellHolders("org", ["gallery-owner"], NotificationKinds.RecordOpened, bea);
        var batch = Book.Batches.Add(
            BookChange.None, SearchBatch.Search, ada.Account, new byte[] { 1 }, [[2]], Clock.Now.AddHours(9), 9)!;
        Assert.Equal(2, Book.Webhooks.Gather());
        Book.Batches.Begin(batch.Id);
        Book.Batches.Answer(batch.Id, 1, ProbeState.Done, new byte[] { 3 }, Clock.Now.AddHours(9));
        Assert.Equal(0, Book.Webhooks.Gather());
        Book.Batches.Settle(batch.Id);
        Assert.Equal(1, Book.Webhooks.Gather());
        Assert.Equal(0, Book.Webhooks.Gather());
        Assert.Equal(
            [("notification", NotificationKinds.SearchOpened, "s1"), ("notification", NotificationKinds.RecordOpened, null),
                ("operation", "done", (string?)null)],
            Book.Webhooks.Due(Clock.Now, 10).OrderBy(due => due.Kind, StringComparer.Ordinal)
                .ThenBy(due => due.About, StringComparer.Ordinal)
                .Select(due => (due.Kind, due.What, due.Search)));
        Assert.Empty(Book.Webhooks.Deliveries("w2", 10));
    }

    [Fact]
    public void An_attempt_waits_is_done_or_given_up_and_goes_after_its_time()
    {
        var (ada, bea) = (Book.Person("Ada"), Book.Person("Bea", "other"));
        Add("w1");
        Book.Notifications.Tell(ada.Account, NotificationKinds.SearchOpened, bea);
        Book.Notifications.Tell(ada.Account, NotificationKinds.KeyMade, bea);
        Book.Webhooks.Gather();
        var due = Book.Webhooks.Due(Clock.Now, 10);
        Assert.Equal(2, due.Count);
        Assert.Single(Book.Webhooks.Due(Clock.Now, 1));
        Add("w2");
        Book.Notifications.Tell(ada.Account, NotificationKinds.RecordOpened, bea);
        Book.Webhooks.Gather();
        // Of each so many, whatever waits longer for another.
        Assert.Equal(["w1", "w2"], Book.Webhooks.Due(Clock.Now, 1).Select(one => one.Webhook).Order(StringComparer.Ordinal));
        Book.Webhooks.Remove(BookChange.None, "w2");
        Book.Webhooks.Attempted(
            Book.Webhooks.Due(Clock.Now, 10).Single(one => one.What == NotificationKinds.RecordOpened).Id, DeliveryState.Delivered,
            Clock.Now, 200, null);
        Book.Webhooks.Attempted(due[0].Id, DeliveryState.Waiting, Clock.Now.AddMinutes(1), 500, null);
        Book.Webhooks.Attempted(due[1].Id, DeliveryState.GivenUp, Clock.Now.AddMinutes(1), null, "timeout");
        Assert.Empty(Book.Webhooks.Due(Clock.Now, 10));
        var again = Assert.Single(Book.Webhooks.Due(Clock.Now.AddMinutes(1), 10));
        Assert.Equal((due[0].Id, 1, 500, null), (again.Id, again.Attempts, again.Status, again.Fault));
        var told = Book.Webhooks.Deliveries("w1", 10).Single(delivery => delivery.Id == due[1].Id);
        Assert.Equal((DeliveryState.GivenUp, null, "timeout"), (told.State, told.Status, told.Fault));
        Assert.Equal(0, Book.Webhooks.Purge(Clock.Now));
        Assert.Equal(2, Book.Webhooks.Purge(Clock.Now.AddSeconds(1)));
        Assert.Equal(due[0].Id, Assert.Single(Book.Webhooks.Deliveries("w1", 10)).Id);
        Assert.Equal(0, Book.Webhooks.Gather());
    }
}
