using MatchEngine.Galleries.Duplicates;
using MatchEngine.Galleries.Stores;
using MatchEngine.Galleries.Tests.Fakes;

namespace MatchEngine.Galleries.Tests.Duplicates;

public class FoundDuplicatesTests
{
    [Fact]
    public async Task What_a_search_finds_waits_and_a_search_that_was_cut_off_goes_on_to_the_same_pairs()
    {
        using var test = new TestGallery();
        // Three hundred subjects, the last fifty the same people as the first: more than one page of a search.
        await test.EnrolAsync([.. Enumerable.Range(0, 300).Select(
            i => TestGallery.Item($"{i:D3}", FakeImage.Picture($"{i}", new FakeFace(i % 250 + 1))))]);
        var found = new FoundDuplicates(test.Gallery);
        Assert.Equal(0, found.Run(cancellationToken: TestContext.Current.CancellationToken));

        found.Begin(0.9f, "me", NoAudit.Record);
        using var cut = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => found.Run(new Told(_ => cut.Cancel()), cut.Token));
        var search = found.Search!;
        Assert.Equal(SeekingState.Running, search.State);
        Assert.InRange(search.Subjects, 1, 299);
        found.Run(cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal((SeekingState.Done, 300L), (found.Search!.State, found.Search.Subjects));
        Assert.Equal(
            Enumerable.Range(0, 50).Select(i => ($"{i:D3}", $"{i + 250:D3}")),
            found.Waiting(null, 100).Select(one => (one.Pair.First.Encounter.SubjectId, one.Pair.Second.Encounter.SubjectId)).Order());

        // Two that are merged are one, whom a search finds under the name that stayed.
        var pair = found.Find("250", "000")!;
        Assert.True(test.Gallery.MoveEncounters(
            [.. test.Gallery.FindSubject("250")!.Encounters.Select(encounter => encounter.Id)], "000", NoAudit.Record));
        Assert.Null(found.Find("250", "000"));
        Assert.Equal(49, found.CountWaiting());
        Assert.Equal("000", pair.First.Encounter.SubjectId);
        var list = test.Search(FakeImage.Picture("probe", new FakeFace(1)));
        Assert.Equal(["000"], list.Candidates.Where(candidate => candidate.Score > 0.9).Select(candidate => candidate.SubjectId));
    }

    private sealed class Told(Action<DuplicatePage> told) : IProgress<DuplicatePage>
    {
        public void Report(DuplicatePage value) => told(value);
    }
}
