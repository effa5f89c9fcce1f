using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Dataflow;
using MatchEngine.Galleries.Audit;
using MatchEngine.Galleries.Stores;

namespace MatchEngine.Galleries.Enrolment;

/// <summary>One run of an enrolment: a source, many workers, one writer.</summary>
/// <remarks>
/// Outcomes are stored in the order of the source, whichever worker was first. So the gallery does not depend on timing, and at every
/// moment it holds what a beginning of the source gives: a run that follows an interrupted one passes over that beginning and goes on.
/// </remarks>
internal sealed class EnrolmentRun(
    IEnrolmentStore store, ISubjectStore subjects, Faces.IFaceExtractor extractor, EnrolmentOptions options, Func<ChangeRecord> record,
    TimeProvider clock, IProgress<EnrolmentProgress>? progress)
{
    // A commit waits for the disk (some milliseconds) and for the writers of other processes. A batch of this size costs little beside the
    // work on its images; the time limit bounds what a kill can cost.
    private const int MaxBatch = 64;

    // Photos that are kept wait in memory for their commit, and one may have megabytes.
    private const int MaxBatchWithImages = 8;

    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(200);

    private readonly int _maxBatch = options.KeepImages ? MaxBatchWithImages : MaxBatch;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly List<EnrolmentFailure> _failures = [];
    private readonly List<EnrolmentWarning> _warnings = [];
    private readonly List<string> _made = [];
    private long _enrolled;
    private long _encounters;
    private long _duplicates;
    private long _failed;

    public async Task<EnrolmentReport> RunAsync(IEnrolmentSource source, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var capture = new PhotoCapture(store, subjects, extractor, options, clock);
        var work = new TransformBlock<EnrolmentEntry, CaptureOutcome>(
            entry => capture.Capture(entry, stop.Token),
            new ExecutionDataflowBlockOptions
            {
                MaxDegreeOfParallelism = options.Workers,
                // Bounds everything under way, outcomes that wait for an earlier one included, and so the memory.
                BoundedCapacity = 2 * _maxBatch + 4 * options.Workers,
                EnsureOrdered = true,
                SingleProducerConstrained = true,
                CancellationToken = stop.Token,
            });
        var feeding = Task.Run(() => FeedAsync(source, work, stop.Token), CancellationToken.None);
        try
        {
            await StoreAsync(work, cancellationToken);
            // A source that broke in the middle says so here, after what came before is stored.
            await feeding;
            await work.Completion;
        }
        finally
        {
            // Whatever happened, nobody works on after this has returned: the caller may close the gallery and the extractor.
            await stop.CancelAsync();
            work.Complete();
            // Outcomes that are left would keep the block from completing.
            work.LinkTo(DataflowBlock.NullTarget<CaptureOutcome>());
            await Task.WhenAll(feeding, work.Completion).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        cancellationToken.ThrowIfCancellationRequested();
        return new EnrolmentReport(_enrolled, _encounters, _duplicates, _failed, _failures, _warnings, Stopwatch.GetElapsedTime(_started))
        {
            Made = _made,
        };
    }

    private static async Task FeedAsync(
        IEnrolmentSource source, TransformBlock<EnrolmentEntry, CaptureOutcome> work, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var entry in source.Read(cancellationToken))
            {
                if (!await work.SendAsync(entry, cancellationToken))
                    return;
            }
        }
        finally
        {
            work.Complete();
        }
    }

    private async Task StoreAsync(TransformBlock<EnrolmentEntry, CaptureOutcome> work, CancellationToken cancellationToken)
    {
        var batch = new List<CaptureOutcome>(_maxBatch);
        long oldest = 0;
        while (true)
        {
            while (batch.Count < _maxBatch && work.TryReceive(out var outcome))
            {
                if (outcome.Fatal is { } fatal)
                {
                    Commit(batch, CancellationToken.None);
                    ExceptionDispatchInfo.Throw(fatal);
                }
                if (batch.Count == 0)
                    oldest = Stopwatch.GetTimestamp();
                batch.Add(outcome);
            }
            var left = batch.Count == 0 ? Timeout.InfiniteTimeSpan : MaxWait - Stopwatch.GetElapsedTime(oldest);
            if (batch.Count == _maxBatch || (batch.Count > 0 && left <= TimeSpan.Zero))
            {
                Commit(batch, cancellationToken);
                continue;
            }
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            waiting.CancelAfter(left);
            try
            {
                if (await work.OutputAvailableAsync(waiting.Token))
                    continue;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                continue;
            }
            catch (OperationCanceledException)
            {
                // What is in the batch is finished work, in order: keep it.
                Commit(batch, cancellationToken);
                throw;
            }
            Commit(batch, cancellationToken);
            return;
        }
    }

    private void Commit(List<CaptureOutcome> batch, CancellationToken cancellationToken)
    {
        if (batch.Count == 0)
            return;
        var enrolled = new List<PhotoEnrolment>();
        foreach (var photo in PhotoEnrolment.Store(batch, store, record))
        {
            if (photo.Failure is { } failure)
            {
                _failed++;
                if (_failures.Count < EnrolmentReport.MaxListed)
                    _failures.Add(failure);
                continue;
            }
            if (photo.New.Count > 0)
                _enrolled++;
            else
                _duplicates++;
            _encounters += photo.New.Count;
            _made.AddRange(photo.New.Take(EnrolmentReport.MaxListed - _made.Count));
            enrolled.Add(photo);
        }
        batch.Clear();
        // What is stored is told of first, whatever becomes of the comparing.
        progress?.Report(new EnrolmentProgress(_enrolled, _duplicates, _failed, Stopwatch.GetElapsedTime(_started)));
        foreach (var photo in enrolled)
        {
            var warnings = options.Check is { } check ? photo.Checked(check, cancellationToken).Warnings : photo.Warnings;
            _warnings.AddRange(warnings.Take(EnrolmentReport.MaxListed - _warnings.Count));
        }
    }
}
