using System.Collections.Concurrent;
using System.Diagnostics;

namespace MatchEngine.Vetting.Load;

/// <summary>
/// What both loops have in common: each request is counted once, whoever comes first, its answer or the end of the waiting.
/// </summary>
internal sealed class LoadRecorder : IDisposable
{
    // Error kinds may hold text of the target.
    private const int MostKinds = 40;
    private const int LongestKind = 80;
    private static readonly TimeSpan TellEvery = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<long, (long Intended, bool IsWarmUp)> _open = new();
    private readonly ConcurrentDictionary<string, long> _errors = new();
    private readonly ConcurrentDictionary<string, long> _unsent = new();
    private readonly LatencyHistogram _latency = new();
    private readonly LatencyHistogram _service = new();
    private readonly LatencyHistogram _lateness = new();
    private readonly LatencyHistogram _warm = new();
    private readonly LoadRequest _request;
    private readonly LoadClock _clock;
    private readonly TimeSpan _warmUp;
    private readonly TimeSpan _whole;
    private readonly IProgress<LoadProgress>? _progress;
    private readonly ProcessWatch? _watch;
    private readonly CancellationTokenSource _waiting = new();
    private readonly TimeSpan _processor = Used();
    private readonly long _began;
    private int _inFlight;
    private long _requests;
    private long _answered;
    private long _warmRequests;
    private long _warmErrors;
    private long _lastAnswer;
    private long _told;

    public LoadRecorder(
        LoadRequest request, LoadClock clock, TimeSpan warmUp, TimeSpan whole, IProgress<LoadProgress>? progress, ProcessWatch? watch)
    {
        (_request, _clock, _warmUp, _whole, _progress, _watch) = (request, clock, warmUp, whole, progress, watch);
        _began = _lastAnswer = _told = clock.Time.GetTimestamp();
        watch?.Begin();
    }

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed => _clock.Time.GetElapsedTime(_began);

    /// <summary>Requests without an answer yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Notes an arrival that is not sent.</summary>
    public void Skip(TimeSpan intended, string reason)
    {
        Count(intended < _warmUp);
        if (intended < _warmUp)
            Interlocked.Increment(ref _warmErrors);
        else
            _unsent.AddOrUpdate(reason, 1, (_, n) => n + 1);
    }

    /// <summary>Takes a request in, before it is handed to whoever sends it.</summary>
    /// <param name="number">Which it is.</param>
    /// <param name="intended">When it was meant to be sent, since the beginning.</param>
    public void Take(long number, TimeSpan intended)
    {
        Count(intended < _warmUp);
        Interlocked.Increment(ref _inFlight);
        _open[number] = (_began + (long)(intended.TotalSeconds * _clock.Time.TimestampFrequency), intended < _warmUp);
    }

    /// <summary>Sends a request that was taken in and counts what becomes of it.</summary>
    public async Task SendAsync(long number, bool isPaced)
    {
        var sent = _clock.Time.GetTimestamp();
        if (isPaced && _open.TryGetValue(number, out var taken) && !taken.IsWarmUp)
            _lateness.Record(_clock.Time.GetElapsedTime(taken.Intended, sent));
        string? error;
        try
        {
            error = await _request(number, _waiting.Token).ConfigureAwait(false);
        }
        catch (Exception thrown)
        {
            error = thrown.GetType().Name;
        }
        var now = _clock.Time.GetTimestamp();
        // Whoever stopped waiting has counted it already.
        if (!_open.TryRemove(number, out var own))
            return;
        Interlocked.Decrement(ref _inFlight);
        if (own.IsWarmUp)
        {
            if (error is null)
                _warm.Record(_clock.Time.GetElapsedTime(own.Intended, now));
            else
                Interlocked.Increment(ref _warmErrors);
            return;
        }
        if (error is null)
        {
            Interlocked.Increment(ref _answered);
            _latency.Record(_clock.Time.GetElapsedTime(own.Intended, now));
            _service.Record(_clock.Time.GetElapsedTime(sent, now));
        }
        else
            Failed(error);
        Latest(now);
    }

    /// <summary>Tells progress and samples the target's process, now and then.</summary>
    public void Tell()
    {
        if (_clock.Time.GetElapsedTime(_told) < TellEvery)
            return;
        _told = _clock.Time.GetTimestamp();
        _watch?.Sample();
        _progress?.Report(new LoadProgress(
            Math.Min(1, Elapsed / _whole), Interlocked.Read(ref _requests) + Interlocked.Read(ref _warmRequests), InFlight,
            _errors.Values.Sum() + _unsent.Values.Sum() + Interlocked.Read(ref _warmErrors), _latency.Summary()));
    }

    /// <summary>Waits for the answers that are still missing, no longer than told, and counts those that did not come.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; no request is left unattended for long.</exception>
    public void Drain(TimeSpan timeout, CancellationToken cancellationToken)
    {
        var since = _clock.Time.GetTimestamp();
        while (InFlight > 0 && _clock.Time.GetElapsedTime(since) < timeout && !cancellationToken.IsCancellationRequested)
        {
            _clock.Pause(TimeSpan.FromMilliseconds(1));
            Tell();
        }
        var now = _clock.Time.GetTimestamp();
        foreach (var number in _open.Keys)
        {
            if (!_open.TryRemove(number, out var own))
                continue;
            Interlocked.Decrement(ref _inFlight);
            if (own.IsWarmUp)
            {
                Interlocked.Increment(ref _warmErrors);
                continue;
            }
            Failed(LoadRun.NoAnswer);
            _latency.Record(_clock.Time.GetElapsedTime(own.Intended, now));
            Latest(now);
        }
        _waiting.Cancel();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>The run, after everything has come or was given up.</summary>
    public LoadRun Result(LoadLoop loop, double? rate, int? workers)
    {
        var answered = Interlocked.Read(ref _answered);
        var took = _clock.Time.GetElapsedTime(_began, Interlocked.Read(ref _lastAnswer)) - _warmUp;
        var measured = took > _whole - _warmUp ? took : _whole - _warmUp;
        var (lateness, latency) = (_lateness.Summary(), _latency.Summary());
        // The machine's time, whatever the load was paced by: processor time is real.
        var share = (Used() - _processor).TotalSeconds / Math.Max(1e-6, Elapsed.TotalSeconds) / Environment.ProcessorCount;
        return new LoadRun
        {
            Loop = loop,
            OfferedRate = rate,
            Workers = workers,
            Duration = _whole - _warmUp,
            Requests = Interlocked.Read(ref _requests),
            Answered = answered,
            Errors = new SortedDictionary<string, long>(_errors, StringComparer.Ordinal),
            Unsent = new SortedDictionary<string, long>(_unsent, StringComparer.Ordinal),
            Throughput = measured > TimeSpan.Zero ? answered / measured.TotalSeconds : 0,
            Latency = latency,
            ServiceTime = _service.Summary(),
            WarmUp = new WarmUpRun(_warmRequests, _warmErrors, _warm.Summary()),
            Generator = new GeneratorUse(
                lateness, share, GeneratorLimit.Reason(lateness, latency, share, _unsent.GetValueOrDefault(LoadRun.Late), _watch)),
            Target = _watch?.Result(),
        };
    }

    public void Dispose() => _waiting.Dispose();

    private void Count(bool isWarmUp)
    {
        if (isWarmUp)
            Interlocked.Increment(ref _warmRequests);
        else
            Interlocked.Increment(ref _requests);
    }

    private void Failed(string kind)
    {
        var told = kind.Length > LongestKind ? kind[..LongestKind] : kind;
        _errors.AddOrUpdate(_errors.Count < MostKinds || _errors.ContainsKey(told) ? told : "other", 1, (_, n) => n + 1);
    }

    private void Latest(long now)
    {
        for (var last = Interlocked.Read(ref _lastAnswer); now > last;)
        {
            var seen = Interlocked.CompareExchange(ref _lastAnswer, now, last);
            if (seen == last)
                return;
            last = seen;
        }
    }

    private static TimeSpan Used()
    {
        using var own = Process.GetCurrentProcess();
        return own.TotalProcessorTime;
    }
}
