using System.Collections.Concurrent;
using System.Threading.Channels;
using MatchEngine.Frs.Accounts;
using MatchEngine.Frs.Auditing;
using MatchEngine.Frs.Errors;
using MatchEngine.Frs.Extraction;
using MatchEngine.Frs.Operations;
using MatchEngine.Frs.Sharing;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;

namespace MatchEngine.Frs.Importing;

/// <summary>
/// Enrolment of many photos, which goes on after the answer, one import after the other. What a stop or a kill interrupts is begun again at
/// the next start: photos that are enrolled are known by their content and passed over.
/// </summary>
/// <param name="operations">The imports.</param>
/// <param name="galleries">The galleries.</param>
/// <param name="access">Who keeps which gallery.</param>
/// <param name="workers">Make the templates.</param>
/// <param name="options">The import folder, and the limits of images.</param>
/// <param name="meter">Told how many.</param>
/// <param name="trail">Takes the events.</param>
public sealed class ImportingPhotos(
    IOperations operations, OpenGalleries galleries, GalleryAccess access, ExtractionWorkers workers, FrsOptions options,
    IServiceMeter meter, AuditTrail trail)
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
        access.RequireKept(actor, gallery);
        // Refused now rather than when its turn comes.
        ImportFolder.Source(options.ImportFolder, request);
        var operation = trail.ChangeBook(
            actor,
            "import.started",
            () => operations.Add(Operation.Import, gallery, actor.Account, request),
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
            actor, "import.cancelled", () => operations.End(found.Id, OperationState.Cancelled, null, null),
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
    /// <returns>The error when it was an unexpected one; else null.</returns>
    /// <exception cref="OperationCanceledException">The service stops.</exception>
    public async Task<Exception?> RunAsync(string id, CancellationToken stopping)
    {
        if (!operations.Begin(id) || operations.Find(id) is not { } operation)
            return null;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _running[id] = cancel;
        try
        {
            await EnrolAsync(operation, cancel.Token);
            return null;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            stopping.ThrowIfCancellationRequested();
            return null;
        }
        catch (Exception e) when (ErrorCodes.Of(e) is not null || e is ObjectDisposedException)
        {
            operations.End(id, OperationState.Failed, null, e.Message);
            return null;
        }
        catch (Exception e)
        {
            operations.End(id, OperationState.Failed, null, "an unexpected error; the log has more");
            return e;
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    private async Task EnrolAsync(Operation operation, CancellationToken cancellationToken)
    {
        var source = ImportFolder.Source(options.ImportFolder, operation.Request);
        var gallery = galleries.Get(operation.Gallery);
        var total = await Task.Run(() => source.Read(cancellationToken).LongCount(), cancellationToken);
        var enrolling = new EnrolmentOptions { Faces = operation.Request.Faces, Limits = options.Images, KeepImages = true };
        var report = await gallery.EnrolAsync(
            workers.InBackground(gallery.Model.Id), source, enrolling, new Reporter(operations, operation.Id, total), cancellationToken);
        var failures = report.Failures.Take(MaxFailures)
            .Select(failure => new ImportFailure(failure.File, failure.Line, failure.Reason, failure.Detail)).ToList();
        meter.Enrolled(operation.Gallery, report.Encounters);
        operations.End(
            operation.Id, OperationState.Done,
            new ImportProgress(report.Enrolled, report.Duplicates, report.Failed, total, failures), null);
        galleries.Load(operation.Gallery, CancellationToken.None);
    }

    private void Queue(string operation) => _queue.Writer.TryWrite(operation);

    private sealed class Reporter(IOperations operations, string id, long total) : IProgress<EnrolmentProgress>
    {
        private TimeSpan _last = TimeSpan.MinValue;

        public void Report(EnrolmentProgress value)
        {
            // A write waits for the disk; the photos need it more.
            if (value.Elapsed - (_last == TimeSpan.MinValue ? -ReportEvery : _last) < ReportEvery)
                return;
            _last = value.Elapsed;
            operations.Report(id, new ImportProgress(value.Enrolled, value.Duplicates, value.Failed, total));
        }
    }
}
