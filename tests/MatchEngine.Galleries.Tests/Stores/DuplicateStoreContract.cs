using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Stores;

public abstract class DuplicateStoreContract(IStoreUnderTest under) : StoreContract(under)
{
    [Fact]
    public void Pairs_wait_by_falling_score_and_are_noted_once()
    {
        var store = Filled();
        Assert.Null(store.Duplicates.ReadSearch());
        Assert.False(store.Duplicates.Add("a", 1, [Pair(store, "a", "b", 0.5f)]));
        store.Duplicates.Begin(0.4f, "me", NoAudit.Record);
        Assert.True(store.Duplicates.Add("b", 2, [Pair(store, "b", "a", 0.5f), Pair(store, "c", "a", 0.7f), Pair(store, "a", "d", 0.7f)]));
        Assert.True(store.Duplicates.Add("c", 1, [Pair(store, "b", "a", 0.6f), Pair(store, "b", "d", 1.0000001f)]));

        var (first, rest) = (store.Duplicates.Waiting(null, 2), new List<WaitingPair>());
        rest.AddRange(store.Duplicates.Waiting(first[1].Place, 10));
        Assert.Equal(
            [("b", "d", 1), ("a", "d", 0.7), ("a", "c", 0.7), ("a", "b", 0.6)],
            first.Concat(rest).Select(pair => (pair.Subject, pair.Other, Math.Round(pair.Place.Score, 4))));
        Assert.All(first.Concat(rest), pair => Assert.Equal(
            (pair.Subject, pair.Other),
            (store.Subjects.FindEncounter(pair.EncounterId)!.SubjectId, store.Subjects.FindEncounter(pair.OtherEncounterId)!.SubjectId)));
        Assert.Equal(4, store.Duplicates.CountWaiting());
        Assert.Equal(first[0], store.Duplicates.FindWaiting("d", "b"));
        var search = store.Duplicates.ReadSearch()!;
        Assert.Equal(
            (0.4f, "me", "c", 3L, SeekingState.Running),
            (search.Floor, search.AskedBy, search.Through, search.Subjects, search.State));
        store.Duplicates.Say(SeekingState.Done);
        Assert.False(store.Duplicates.Add("d", 1, []));
        Assert.Equal(SeekingState.Done, Open().Duplicates.ReadSearch()!.State);
    }

    [Fact]
    public void Who_is_kept_apart_is_not_asked_for_again_until_somebody_takes_it_back()
    {
        var store = Filled();
        store.Duplicates.Begin(0.4f, "me", NoAudit.Record);
        store.Duplicates.Add("a", 1, [Pair(store, "a", "b", 0.5f), Pair(store, "a", "c", 0.5f)]);

        Assert.True(store.Duplicates.KeepApart("b", "a", "me", DateTimeOffset.UnixEpoch, NoAudit.Record));
        Assert.False(store.Duplicates.KeepApart("a", "b", "me", DateTimeOffset.UnixEpoch, NoAudit.Record));
        Assert.False(store.Duplicates.KeepApart("a", "nobody", "me", DateTimeOffset.UnixEpoch, NoAudit.Record));
        Assert.Equal("c", store.Duplicates.Waiting(null, 10).Single().Other);

        // A new search forgets what nobody decided, and not what somebody did.
        store.Duplicates.Begin(0.3f, "me", NoAudit.Record);
        Assert.Equal(0, store.Duplicates.CountWaiting());
        store.Duplicates.Add("a", 1, [Pair(store, "a", "b", 0.5f)]);
        Assert.Equal(0, store.Duplicates.CountWaiting());
        Assert.Equal(new KeptApart("a", "b", "me", DateTimeOffset.UnixEpoch), store.Duplicates.Apart(10).Single());

        Assert.True(store.Duplicates.AskAgain("b", "a", NoAudit.Record));
        Assert.False(store.Duplicates.AskAgain("b", "a", NoAudit.Record));
        store.Duplicates.Add("a", 1, [Pair(store, "a", "b", 0.5f)]);
        Assert.Equal(1, store.Duplicates.CountWaiting());
    }

    [Fact]
    public void A_pair_goes_with_either_subject_and_with_either_photo()
    {
        var store = Filled();
        store.Duplicates.Begin(0.4f, "me", NoAudit.Record);
        store.Duplicates.Add("d", 4, [Pair(store, "a", "b", 0.5f), Pair(store, "b", "c", 0.5f), Pair(store, "c", "d", 0.5f)]);
        store.Duplicates.KeepApart("a", "c", "me", DateTimeOffset.UnixEpoch, NoAudit.Record);
        var gone = Pair(store, "c", "d", 0);

        store.Subjects.RemoveEncounter(gone.EncounterId, NoAudit.Record);
        Assert.Equal([("a", "b")], store.Duplicates.Waiting(null, 10).Select(pair => (pair.Subject, pair.Other)));
        store.Subjects.RemoveSubject("a", NoAudit.Record);
        Assert.Equal(0, store.Duplicates.CountWaiting());
        Assert.Empty(store.Duplicates.Apart(10));
        // Of a photo that is gone meanwhile nothing is noted.
        Assert.True(store.Duplicates.Add("d", 1, [gone]));
        Assert.Equal(0, store.Duplicates.CountWaiting());
    }

    private static AlikePair Pair(IGalleryStore store, string one, string other, float score) => new(
        store.Subjects.FindSubject(one)!.Encounters[0].Id, store.Subjects.FindSubject(other)!.Encounters[0].Id, score);

    private IGalleryStore Filled()
    {
        var store = New();
        Enrol(store, Image("a", 1), Image("b", 2), Image("c", 3), Image("d", 4));
        return store;
    }
}
