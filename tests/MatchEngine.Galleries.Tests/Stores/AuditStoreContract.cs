using MatchEngine.Galleries.Audit;

namespace MatchEngine.Galleries.Tests.Stores;

public abstract class AuditStoreContract(IStoreUnderTest under) : StoreContract(under)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void Events_are_read_as_they_were_written_by_whoever_opens()
    {
        using var store = Under.OpenAudit();
        AuditEvent[] written = [.. Appended(store, 3)];

        using var other = Under.OpenAudit();
        Assert.Equal(written, other.Read(new AuditFilter(), 0, 10, newestFirst: false));
        Assert.Equal(written.Reverse(), other.Read(new AuditFilter(), 0, 10, newestFirst: true));
        Assert.Equal(written[1..2], other.Read(new AuditFilter(), 1, 1, newestFirst: false));
        Assert.Equal(written[..2].Reverse(), other.Read(new AuditFilter(), 3, 10, newestFirst: true));
    }

    [Fact]
    public void Those_who_append_at_once_follow_each_other()
    {
        using var first = Under.OpenAudit();
        using var second = Under.OpenAudit();

        Parallel.Invoke(() => Appended(first, 40), () => Appended(second, 40), () => Appended(first, 40));

        var all = first.Read(new AuditFilter(), 0, 1000, newestFirst: false);
        Assert.Equal(Enumerable.Range(1, 120).Select(n => (long)n), all.Select(written => written.Sequence));
        Assert.Equal(
            all.Select(written => written.Hash).SkipLast(1).Prepend(AuditEvent.NoHash), all.Select(written => written.PreviousHash));
    }

    [Fact]
    public void What_is_not_made_to_the_end_is_not_appended()
    {
        using var store = Under.OpenAudit();
        Appended(store, 1);

        Assert.Throws<InvalidOperationException>(() => store.Append(tail => throw new InvalidOperationException("no")));
        // One that does not follow the last one is refused, and those before it in the batch with it.
        Assert.ThrowsAny<Exception>(() => store.Append(tail => [Next(tail), Next(tail)]));

        Assert.Single(store.Read(new AuditFilter(), 0, 10, newestFirst: false));
        Assert.Equal(2, Appended(store, 1).Single().Sequence);
    }

    [Fact]
    public void Filters_choose_by_kind_actor_organisation_gallery_and_time()
    {
        using var store = Under.OpenAudit();
        store.Append(tail =>
        {
            var one = Next(tail, "a", "anna", "unit", """{"galleries":["x","y"]}""", Start);
            var two = Next(one, "b", "bert", null, """{"galleries":"x"}""", Start.AddHours(1));
            return [one, two, Next(two, "a", "bert", "unit", "{}", Start.AddHours(2))];
        });

        Assert.Equal([1, 3], Numbers(new AuditFilter { Kind = "a" }));
        Assert.Equal([2, 3], Numbers(new AuditFilter { Actor = "bert" }));
        Assert.Equal([1, 3], Numbers(new AuditFilter { Organisation = "unit" }));
        Assert.Equal([1], Numbers(new AuditFilter { Gallery = "y" }));
        Assert.Equal([2], Numbers(new AuditFilter { Since = Start.AddHours(1), Until = Start.AddHours(2) }));
        Assert.Equal([3], Numbers(new AuditFilter { Kind = "a", Actor = "bert", Organisation = "unit" }));

        IEnumerable<long> Numbers(AuditFilter filter) => store.Read(filter, 0, 10, newestFirst: false).Select(written => written.Sequence);
    }

    [Fact]
    public void A_view_is_of_one_moment()
    {
        using var store = Under.OpenAudit();
        using var other = Under.OpenAudit();
        AuditEvent[] written = [.. Appended(store, 2)];

        var (events, highest, payloads) = store.View(view =>
        {
            var kinds = view.Payloads("test");
            Appended(other, 1);
            return (view.Events().Select(row => row.Event!).ToList(), view.Highest, kinds);
        });

        Assert.Equal(written, events);
        Assert.Equal(2, highest);
        Assert.Equal(written.Select(one => one.Payload), payloads);
        Assert.Equal(3, store.View(view => view.Highest));
    }

    [Fact]
    public void Expired_events_make_room_for_what_takes_their_place_and_no_others_go()
    {
        using var store = Under.OpenAudit();
        store.Append(tail =>
        {
            var one = Next(tail, expires: Start.AddYears(1));
            var two = Next(one, expires: Start.AddYears(9));
            var three = Next(two, expires: Start.AddYears(1));
            return [one, two, three, Next(three, expires: null)];
        });
        AuditEvent? anchor = null;

        Assert.Equal(0, store.Purge(Start, 10, (_, _) => throw new InvalidOperationException("nothing has expired")));
        Assert.Equal(2, store.Purge(Start.AddYears(2), 10, (expired, tail) =>
        {
            Assert.Equal([1, 3], expired.Select(one => one.Sequence));
            return [anchor = Next(tail, "anchor", expires: null)];
        }));

        Assert.Equal([2, 4, 5], store.Read(new AuditFilter(), 0, 10, newestFirst: false).Select(one => one.Sequence));
        Assert.Equal(anchor, store.Read(new AuditFilter { Kind = "anchor" }, 0, 10, newestFirst: false).Single());
        store.Scrub();
        // A number is never given again.
        Assert.Equal(6, Appended(store, 1).Single().Sequence);
    }

    [Fact]
    public void A_purge_that_fails_removes_nothing()
    {
        using var store = Under.OpenAudit();
        store.Append(tail => [Next(tail, expires: Start)]);

        Assert.Throws<InvalidOperationException>(() => store.Purge(Start, 10, (_, _) => throw new InvalidOperationException("no")));

        Assert.Single(store.Read(new AuditFilter(), 0, 10, newestFirst: false));
    }

    private static List<AuditEvent> Appended(Galleries.Stores.IAuditStore store, int count) =>
        [.. Enumerable.Range(0, count).SelectMany(_ => store.Append(tail => [Next(tail)]))];

    private static AuditEvent Next(
        AuditEvent? tail, string kind = "test", string actor = "somebody", string? organisation = null, string payload = "{}",
        DateTimeOffset? time = null, DateTimeOffset? expires = null)
    {
        var (sequence, previous, at) = ((tail?.Sequence ?? 0) + 1, tail?.Hash ?? AuditEvent.NoHash, time ?? Start);
        return new AuditEvent(
            sequence, at, kind, actor, organisation, payload, expires, previous,
            AuditEvent.HashOf(sequence, at, kind, actor, organisation, payload, expires, previous));
    }
}
