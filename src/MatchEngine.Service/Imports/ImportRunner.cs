using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
using MatchEngine.Service.Access;
using MatchEngine.Service.Errors;
using MatchEngine.Service.Extraction;
using MatchEngine.Service.Hosting;
using MatchEngine.Service.Observability;
using MatchEngine.Service.Resources;
using MatchEngine.Service.Store;

namespace MatchEngine.Service.Imports;

/// <summary>What an import has come to, as an operation shows it.</summary>
/// <param name="Enrolled">Photos that are new in the gallery.</param>
/// <param name="Duplicates">Photos that were there already.</param>
/// <param name="Failed">Photos and rows that gave nothing.</param>
/// <param name="Total">How many there are; null while they are counted.</param>
/// <param name="Failures">Why, for the first thousand; once it has ended.</param>
public sealed record ImportProgress(
    long Enrolled, long Duplicates, long Failed, long? Total, IReadOnlyList<ImportFailure>? Failures = null);

/// <summary>A photo or row that was not enrolled.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line of the metadata file, or null.</param>
/// <param name="Code">Why.</param>
/// <param name="Detail">The same in a sentence.</param>
public sealed record ImportFailure(string File, long? Line, string Code, string Detail);

/// <summary>
/// Runs imports, one after the other, in the background. What a stop or a kill interrupts is begun again at the next start: photos that are
/// enrolled are known by their content and passed over.
/// </summary>
internal sealed class ImportRunner(
    Operations operations, OpenGalleries galleries, ExtractionWorkers workers, ServiceSettings settings, Telemetry telemetry,
    AuditTrail audit, Accounts accounts, ILogger<ImportRunner> log) : BackgroundService
{
    public const string Kind = "import";

    private const int MaxFailures = 1000;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly Channel<string> _queue = Channel.CreateUnbounded<string>();
    private readonly ConcurrentDictionary<string, CancellationTokenSource> _running = new(StringComparer.Ordinal);

    /// <summary>Puts an operation in the row.</summary>
    public void Queue(string operation) => _queue.Writer.TryWrite(operation);

    /// <summary>Ends the work on an operation that was cancelled.</summary>
    public void Cancel(string operation)
    {
        if (_running.TryGetValue(operation, out var running))
            running.Cancel();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        foreach (var operation in operations.Unfinished())
            Queue(operation.Id);
        try
        {
            await foreach (var id in _queue.Reader.ReadAllAsync(stoppingToken))
                await RunAsync(id, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Left as running: the next start goes on.
        }
    }

    private async Task RunAsync(string id, CancellationToken stopping)
    {
        if (!operations.Begin(id) || operations.Find(id) is not { } operation)
            return;
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _running[id] = cancel;
        var reporter = new Reporter(operations, id);
        try
        {
            var report = await EnrolAsync(operation, reporter, cancel.Token);
            var failures = report.Failures.Take(MaxFailures)
                .Select(failure => new ImportFailure(failure.File, failure.Line, failure.Reason, failure.Detail)).ToList();
            telemetry.Enrolled(operation.Gallery, report.Encounters);
            End(
                operation, OperationState.Done, reporter.Last,
                Json(new ImportProgress(report.Enrolled, report.Duplicates, report.Failed, reporter.Total, failures)), null);
            galleries.Load(operation.Gallery, CancellationToken.None);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            stopping.ThrowIfCancellationRequested();
            Note(operation, "cancelled", reporter.Last);
        }
        catch (Exception e) when (e is StoreException or GalleryNotFoundException or MetadataException or EnrolmentException
            or ProblemException or ModelException or ObjectDisposedException)
        {
            End(operation, OperationState.Failed, reporter.Last, null, e.Message);
        }
        catch (Exception e)
        {
            log.LogError("import {Operation} failed: {Kind}\n{Trace}", id, e.GetType().FullName, e.StackTrace);
            End(operation, OperationState.Failed, reporter.Last, null, "an unexpected error; the log has more");
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    /// <summary>Enrols, each commit with an event of whoever asked for the import.</summary>
    private async Task<EnrolmentReport> EnrolAsync(Operation operation, Reporter reporter, CancellationToken cancellationToken)
    {
        var request = JsonSerializer.Deserialize<ImportRequest>(operation.Request, WireJson.Options)!;
        var source = ImportFolder.Source(settings.ImportFolder, request);
        var gallery = galleries.Get(operation.Gallery);
        reporter.Total = await Task.Run(() => source.Read(cancellationToken).LongCount(), cancellationToken);
        var options = new EnrolmentOptions { Faces = request.Faces, Limits = settings.Limits.Images, KeepImages = true };
        return await audit.ChangeForAsync(
            AuditKinds.SubjectEnrolled, operation.Account, Organisation(operation),
            new { galleries = new[] { operation.Gallery }, operation = operation.Id },
            record => gallery.EnrolAsync(
                workers.InBackground(gallery.Model.Id), source, record, options, reporter, cancellationToken));
    }

    private void End(Operation operation, OperationState state, EnrolmentProgress counts, string? progress, string? problem)
    {
        // The event first: what ended has its event, and what is not said to have ended is begun again.
        Note(operation, state.ToString().ToLowerInvariant(), counts);
        operations.End(operation.Id, state, progress, problem);
    }

    private void Note(Operation operation, string outcome, EnrolmentProgress counts)
    {
        try
        {
            audit.NoteFor(
                AuditKinds.EnrolmentEnded, operation.Account, Organisation(operation),
                new
                {
                    galleries = new[] { operation.Gallery }, operation = operation.Id, outcome, counts.Enrolled, counts.Duplicates,
                    counts.Failed,
                });
        }
        catch (StoreException e)
        {
            log.LogError("the end of import {Operation} could not be written to the audit log: {Fault}", operation.Id, e.Fault);
        }
    }

    private string? Organisation(Operation operation) => accounts.Find(operation.Account)?.Organisation;

    private static string Json(ImportProgress progress) => JsonSerializer.Serialize(progress, WireJson.Options);

    private sealed class Reporter(Operations operations, string id) : IProgress<EnrolmentProgress>
    {
        private TimeSpan _last = TimeSpan.MinValue;

        public long? Total { get; set; }

        /// <summary>What is committed.</summary>
        public EnrolmentProgress Last { get; private set; }

        public void Report(EnrolmentProgress value)
        {
            Last = value;
            // A write waits for the disk; the photos need it more.
            if (value.Elapsed - (_last == TimeSpan.MinValue ? -ReportEvery : _last) < ReportEvery)
                return;
            _last = value.Elapsed;
            operations.Report(id, Json(new ImportProgress(value.Enrolled, value.Duplicates, value.Failed, Total)));
        }
    }
}
