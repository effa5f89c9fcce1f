using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using MatchEngine.Faces.Models;
using MatchEngine.Galleries.Enrolment;
using MatchEngine.Galleries.Errors;
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
    ILogger<ImportRunner> log) : BackgroundService
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
        try
        {
            var request = JsonSerializer.Deserialize<ImportRequest>(operation.Request, WireJson.Options)!;
            var source = ImportFolder.Source(settings.ImportFolder, request);
            var gallery = galleries.Get(operation.Gallery);
            var total = await Task.Run(() => source.Read(cancel.Token).LongCount(), cancel.Token);
            var options = new EnrolmentOptions { Faces = request.Faces, Limits = settings.Limits.Images, KeepImages = true };
            var report = await gallery.EnrolAsync(
                workers.InBackground(gallery.Model.Id), source, options, new Reporter(operations, id, total), cancel.Token);
            var failures = report.Failures.Take(MaxFailures)
                .Select(failure => new ImportFailure(failure.File, failure.Line, failure.Reason, failure.Detail)).ToList();
            telemetry.Enrolled(operation.Gallery, report.Encounters);
            operations.End(
                id, OperationState.Done,
                Json(new ImportProgress(report.Enrolled, report.Duplicates, report.Failed, total, failures)), null);
            galleries.Load(operation.Gallery, CancellationToken.None);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            stopping.ThrowIfCancellationRequested();
        }
        catch (Exception e) when (e is StoreException or GalleryNotFoundException or MetadataException or EnrolmentException
            or ProblemException or ModelException or ObjectDisposedException)
        {
            operations.End(id, OperationState.Failed, null, e.Message);
        }
        catch (Exception e)
        {
            log.LogError("import {Operation} failed: {Kind}\n{Trace}", id, e.GetType().FullName, e.StackTrace);
            operations.End(id, OperationState.Failed, null, "an unexpected error; the log has more");
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    private static string Json(ImportProgress progress) => JsonSerializer.Serialize(progress, WireJson.Options);

    private sealed class Reporter(Operations operations, string id, long total) : IProgress<EnrolmentProgress>
    {
        private TimeSpan _last = TimeSpan.MinValue;

        public void Report(EnrolmentProgress value)
        {
            // A write waits for the disk; the photos need it more.
            if (value.Elapsed - (_last == TimeSpan.MinValue ? -ReportEvery : _last) < ReportEvery)
                return;
            _last = value.Elapsed;
            operations.Report(id, Json(new ImportProgress(value.Enrolled, value.Duplicates, value.Failed, total)));
        }
    }
}
