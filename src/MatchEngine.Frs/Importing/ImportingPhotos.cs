using System.Collections.Concurrent;
using System.Threading.Channels;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Enrolling;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Searching;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Frs.Importing;

/// <summary>
/// Enrolment of many photos, which goes on after the answer, one import after the other. What a stop or a kill interrupts is begun again at
/// the next start: photos that are enrolled are known by their content and passed over.
/// </summary>
/// <param name="operations">The imports.</param>
/// <param name="accounts">Who asked for them.</param>
/// <param name="galleries">The galleries.</param>
/// <param name="access">Who keeps which gallery.</param>
/// <param name="workers">Make the templates.</param>
/// <param name="rules">The profiles.</param>
/// <param name="options">The folder of all imports.</param>
/// <param name="meter">Told how many.</param>
/// <param name="trail">Takes the events.</param>
/// <param name="clock">Gives the time.</param>
public sealed class ImportingPhotos(
    IOperations operations, IAccounts accounts, OpenGalleries galleries, GalleryAccess access, ExtractionWorkers workers,
    ServiceRules rules, FrsOptions options, IServiceMeter meter, AuditTrail trail, TimeProvider clock)
{
    private const int MaxFailures = 1000;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _queue = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);

    /// <summary>Puts an import in the row; for the gallery's keepers.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.BadValue"/>: it does not name one source below the import folder.</exception>
    /// <exception cref="GalleryNotFoundException">There is no gallery that the actor keeps.</exception>
    public Operation Start(Actor actor, string gallery, ImportRequest request)
    {
        var kept = access.RequireKept(actor, gallery).Properties;
        rules.Enrolment(kept, request.Faces);
        // Nobody has asked the people of a folder.
        rules.RequireAgreement(kept, null);
        // Refused now rather than when its turn comes.
        ImportFolder.Source(options.ImportFolder, actor.Organisation, request, clock);
        var operation = trail.ChangeBook(
            actor,
            "import.started",
            change => operations.Add(change, Operation.Import, gallery, actor.Account, request),
            added => new { galleries = new[] { gallery }, operation = added.Id });
        Queue(operation.Id);
        return operation;
    }

    /// <summary>One's operations, newest first; for gallery keepers.</summary>
    public IReadOnlyList<Operation> List(Actor actor)
    {
        actor.Require(Policies.KeepGallery);
        return operations.List(actor.Account);
    }

    /// <summary>An operation of one's own, with its progress.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>.</exception>
    public Operation Find(Actor actor, string id)
    {
        actor.Require(Policies.KeepGallery);
        return operations.Find(id) is { } found && found.Account == actor.Account
            ? found
            : throw new CodedException(ErrorCodes.NotFound, "there is no such operation");
    }

    /// <summary>Ends an operation of one's own; what it has done stays.</summary>
    /// <exception cref="CodedException"><see cref="ErrorCodes.NotFound"/>, or <see cref="ErrorCodes.Conflict"/>: it has ended.</exception>
    public Operation Cancel(Actor actor, string id)
    {
        var found = Find(actor, id);
        if (!trail.ChangeBook(
            actor, "import.cancelled", _ => operations.End(found.Id, OperationState.Cancelled, null, null),
            ended => ended ? new { galleries = new[] { found.Gallery }, operation = id } : null))
            throw new CodedException(ErrorCodes.Conflict, "the operation has ended");
        if (_running.TryGetValue(found.Id, out var running))
            running.Cancel();
        return operations.Find(id)!;
    }

    /// <summary>Queues what the last run of the service left unfinished.</summary>
    public void Resume()
    {
        foreach (var operation in operations.Unfinished())
            Queue(operation.Id);
    }

    /// <summary>The imports whose turn comes, one after the other, as they are asked for.</summary>
    public IAsyncEnumerable<string> DueAsync(CancellationToken cancellationToken) => _queue.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Runs an import to its end. Whatever it ends with stands in the operation.</summary>
    /// <param name="id">The operation.</param>
    /// <param name="stopping">The service stops: the operation is left as running, and the next start goes on.</param>
    /// <returns>The error when it was an unexpected one, or one of writing to the audit; else null.</returns>
    /// <exception cref="OperationCanceledException">The service stops.</exception>
    public async Task<Exception?> RunAsync(string id, CancellationToken stopping)
    {
        if (!operations.Begin(id) || operations.Find(id) is not { } operation)
            return null;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _running[id] = cancel;
        var run = new Run(operations, id, Requester(operation));
        try
        {
            var report = await EnrolAsync(operation, run, cancel.Token);
            meter.Enrolled(operation.Gallery, report.Encounters);
            var failures = report.Failures.Take(MaxFailures)
                .Select(failure => new ImportFailure(failure.File, failure.Line, failure.Reason, failure.Detail)).ToList();
            End(
                operation, run, OperationState.Done,
                new ImportProgress(report.Enrolled, report.Duplicates, report.Failed, run.Total, failures), null);
            galleries.Load(operation.Gallery, CancellationToken.None);
            return run.Unwritten;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            stopping.ThrowIfCancellationRequested();
            Note(operation, run, OperationState.Cancelled);
            return run.Unwritten;
        }
        catch (Exception e) when (ErrorCodes.Of(e) is not null || e is ObjectDisposedException)
        {
            End(operation, run, OperationState.Failed, null, Told(e));
            return run.Unwritten;
        }
        catch (Exception e)
        {
            End(operation, run, OperationState.Failed, null, "an unexpected error; the log has more");
            return e;
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    /// <summary>Enrols, each commit with an event of whoever asked for the import.</summary>
    private async Task<EnrolmentReport> EnrolAsync(Operation operation, Run run, CancellationToken cancellationToken)
    {
        // The gallery's organisation now, whose keeper asked for it then.
        var gallery = galleries.Get(operation.Gallery);
        var files = ImportFolder.Source(options.ImportFolder, run.Requester.Organisation, operation.Request, clock);
        using var archives = files as IDisposable;
        var source = new FacesOfRecords(files);
        if (gallery.Properties.Owner != run.Requester.Organisation)
            throw new CodedException(ErrorCodes.Conflict, "the gallery has another owner by now");
        run.Total = await Task.Run(() => source.Read(cancellationToken).LongCount(), cancellationToken);
        rules.RequireAgreement(gallery.Properties, null);
        var enrolling = rules.Enrolment(gallery.Properties, operation.Request.Faces);
        return await trail.ChangeGalleryAsync(
            run.Requester, AuditKinds.SubjectEnrolled, new { galleries = new[] { operation.Gallery }, operation = operation.Id },
            record => gallery.EnrolAsync(
                workers.InBackground(run.Requester, gallery.Model.Id), source, record, enrolling, run, cancellationToken));
    }

    private void End(Operation operation, Run run, OperationState state, ImportProgress? progress, string? problem)
    {
        // The event first: what ended has its event, and what is not said to have ended is begun again.
        Note(operation, run, state);
        operations.End(operation.Id, state, progress, problem);
    }

    private void Note(Operation operation, Run run, OperationState outcome)
    {
        var counts = run.Last;
        try
        {
            trail.Note(run.Requester, AuditKinds.EnrolmentEnded, new
            {
                galleries = new[] { operation.Gallery },
                operation = operation.Id,
                outcome,
                counts.Enrolled,
                counts.Duplicates,
                counts.Failed,
            });
        }
        catch (StoreException e)
        {
            // What was enrolled has its events; that it ended here is all that is missing.
            run.Unwritten = e;
        }
    }

    /// <summary>An error in words that name no file of the server.</summary>
    private static string Told(Exception e) => e is CodedException or MetadataException
        ? e.Message
        : $"the import could not go on ({ErrorCodes.Of(e) ?? "closed"}); the operator's log has more";

    // By an earlier request, whose rules were looked at then.
    private Actor Requester(Operation operation) => accounts.Find(operation.Account) is { } account
        ? Actor.Of(account)
        : Actor.Service with { Account = operation.Account };

    private void Queue(string operation) => _queue.Writer.TryWrite(operation);

    /// <summary>How far an import has come.</summary>
    private sealed class Run(IOperations operations, string id, Actor requester) : IProgress<EnrolmentProgress>
    {
        private TimeSpan _last = TimeSpan.MinValue;

        /// <summary>Who asked for it.</summary>
        public Actor Requester => requester;

        /// <summary>How many photos there are; null while they are counted.</summary>
        public long? Total { get; set; }

        /// <summary>What is committed.</summary>
        public EnrolmentProgress Last { get; private set; }

        /// <summary>Why the end of it could not be written to the audit; null when it could.</summary>
        public StoreException? Unwritten { get; set; }

        public void Report(EnrolmentProgress value)
        {
            Last = value;
            // A write waits for the disk; the photos need it more.
            if (value.Elapsed - (_last == TimeSpan.MinValue ? -ReportEvery : _last) < ReportEvery)
                return;
            _last = value.Elapsed;
            operations.Report(id, new ImportProgress(value.Enrolled, value.Duplicates, value.Failed, Total));
        }
    }
}
