using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Importing;
using MatchEngine.Frs.Notifying;
using MatchEngine.Frs.Operations;

namespace MatchEngine.Frs.Tests.Contracts;

public abstract class NotificationsContract : BookContract
{
    [Fact]
    public void People_are_told_themselves_and_as_keepers_newest_first_and_read_each_for_himself()
    {
        var (ada, bob, eve) = (Book.Person("Ada"), Book.Person("Bob"), Book.Person("Eve", "other"));
        Book.Notifications.Tell(ada.Account, NotificationKinds.SearchOpened, eve, search: "s");
        Book.Notifications.TellHolders("org", [Role.GalleryOwner, Role.Auditor], NotificationKinds.RecordOpened, eve, "s", "g", "S1");
        Book.Notifications.Tell(bob.Account, NotificationKinds.ExaminationExpired, Actor.Service, "s");

        var (keeper, keeping, none) = (As(ada, Role.Agent, Role.GalleryOwner), As(bob, Role.Auditor), As(ada, Role.Agent, Role.Examiner));
        var told = Book.Notifications.List(keeper, false, null, 10);
        Assert.Equal([NotificationKinds.RecordOpened, NotificationKinds.SearchOpened], told.Select(one => one.Kind));
        Assert.Equal(
            (eve.Account, "s", "g", "S1", false, Clock.Now),
            (told[0].Actor, told[0].Search, told[0].Gallery, told[0].Subject, told[0].Read, told[0].Time));
        Assert.Single(Book.Notifications.List(none, false, null, 10));
        Assert.Equal([told[1].Id], Book.Notifications.List(keeper, false, told[0].Id, 10).Select(one => one.Id));
        Assert.Single(Book.Notifications.List(keeper, false, null, 1));

        Book.Notifications.MarkRead(keeper, told[1].Id);
        Assert.Equal([told[0].Id], Book.Notifications.List(keeper, true, null, 10).Select(one => one.Id));
        Book.Notifications.MarkRead(keeper, told[0].Id);
        Assert.Empty(Book.Notifications.List(keeper, true, null, 10));
        Assert.Equal(2, Book.Notifications.List(keeping, true, null, 10).Count);
        Assert.Equal(Actor.ServiceAccount, Book.Notifications.List(As(bob), true, null, 10)[0].Actor);
    }

    [Fact]
    public void Nobody_is_told_by_a_role_of_another_organisation_or_of_what_he_did_himself()
    {
        var (ada, eve) = (As(Book.Person("Ada"), Role.Examiner), As(Book.Person("Eve", "other"), Role.Examiner));
        Book.Notifications.TellHolders("org", [Role.Examiner], NotificationKinds.ExaminationFinished, ada);
        Book.Notifications.TellHolders("org", [Role.GalleryOwner], NotificationKinds.ExaminationFinished, eve);

        Assert.Empty(Book.Notifications.List(ada, false, null, 10));
        Assert.Empty(Book.Notifications.List(eve, false, null, 10));
        Assert.Single(Book.Notifications.List(As(Book.Person("Bob"), Role.Examiner), false, null, 10));
    }

    private static Actor As(Actor actor, params string[] roles) => actor with { Roles = roles.ToHashSet() };
}

public abstract class OperationsContract : BookContract
{
    [Fact]
    public void An_operation_goes_from_the_row_to_its_end_and_no_further()
    {
        var ada = Book.Person("Ada");
        var request = new ImportRequest("folder", SubjectFrom: Galleries.Enrolment.SubjectFrom.Folder);
        var (first, second) = (
            Book.Operations.Add(BookChange.None, Operation.Import, "g", ada.Account, request),
            Book.Operations.Add(BookChange.None, Operation.Import, "g", ada.Account, new ImportRequest(Metadata: "m.csv")));
        Assert.Equal((OperationState.Queued, request, null), (first.State, first.Request, first.Progress));
        Assert.Equal(NewestFirst(first.Id, second.Id).Reverse(), Book.Operations.Unfinished().Select(one => one.Id));
        Assert.Equal(NewestFirst(second.Id, first.Id), Book.Operations.List(ada.Account).Select(one => one.Id));
        Assert.Equal(2, Book.Operations.List(null).Count);
        Assert.Empty(Book.Operations.List("none"));
        Book.Operations.Report(first.Id, new ImportProgress(9, 9, 9, null));
        Assert.Null(Book.Operations.Find(first.Id)!.Progress);
        Assert.True(Book.Operations.Begin(first.Id));
        Assert.True(Book.Operations.Begin(first.Id));
        var progress = new ImportProgress(1, 2, 3, 10);
        Book.Operations.Report(first.Id, progress);
        Assert.Equal(progress, Book.Operations.Find(first.Id)!.Progress);
        Assert.True(Book.Operations.End(first.Id, OperationState.Failed, null, "the disk is full"));
        Assert.False(Book.Operations.End(first.Id, OperationState.Cancelled, null, null));
        Assert.False(Book.Operations.Begin(first.Id));
        var ended = Book.Operations.Find(first.Id)!;
        Assert.Equal(
            (OperationState.Failed, "the disk is full", progress, Clock.Now), (ended.State, ended.Problem, ended.Progress, ended.Finished));
        var report = new ImportProgress(4, 0, 1, 5, [new ImportFailure("f", 3, "no_face", "none")]);
        Assert.True(Book.Operations.End(second.Id, OperationState.Done, report, null));
        Assert.Equal(report.Failures, Book.Operations.Find(second.Id)!.Progress!.Failures);
        Assert.Empty(Book.Operations.Unfinished());
    }
}

public abstract class ServiceStoreContract : BookContract
{
    [Fact]
    public void A_transaction_is_all_or_nothing_and_reads_what_it_wrote()
    {
        Assert.Throws<InvalidOperationException>(() => Book.Store.Transact<bool>(() =>
        {
            Book.Organisations.Add(BookChange.None, "a", "A");
            Assert.NotNull(Book.Organisations.Find("a"));
            throw new InvalidOperationException();
        }));
        Assert.Empty(Book.Organisations.List());
        Assert.True(Book.Store.Transact(
            () => Book.Organisations.Add(BookChange.None, "a", "A") && Book.Organisations.Add(BookChange.None, "b", "B")));
        Assert.Equal(2, Book.Organisations.List().Count);
    }

    [Fact]
    public void The_mark_and_the_installation_are_the_same_after_the_book_was_closed()
    {
        Assert.Equal(0, Book.Store.Settled);
        Book.Store.Settled = 42;
        var (name, secret) = (Book.Installation.Installation, Book.Installation.ReceiptSecret.ToArray());
        Book.Dispose();
        using var again = Open(Clock, Passwords);
        Assert.Equal((42, name), (again.Store.Settled, again.Installation.Installation));
        Assert.Equal(secret, again.Installation.ReceiptSecret.ToArray());
        Assert.Equal(32, secret.Length);
    }
}
