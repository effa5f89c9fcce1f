using MatchEngine.Vetting.Runs;
using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Accuracy;

/// <summary>
/// Asks a target again where a failure says nothing of its accuracy: it was asked too often, not reached, too slow, or failed itself. It
/// gives up where it is not reached for a while, and the run can go on another time; a photo over which the target fails twice is one that
/// it gave no answer to.
/// </summary>
/// <param name="time">The run's clock.</param>
internal sealed class PatientCalls(TimeProvider time)
{
    private const int Tries = 6;
    private const int TriesOfOne = 2;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private int _pending;

    /// <summary>How many answers come later.</summary>
    public int Pending => _pending;

    /// <summary>Makes a call.</summary>
    /// <returns>The exchange; null where the answer comes later.</returns>
    /// <exception cref="VettingException">The target cannot be reached, or takes none of the examiner's requests.</exception>
    public async Task<Exchange<T>?> AskAsync<T>(Func<CancellationToken, Task<Exchange<T>>> call, CancellationToken cancellationToken)
        where T : class
    {
        for (var attempt = 1; ; attempt++)
        {
            var exchange = await call(cancellationToken);
            switch (exchange.Failure)
            {
                case { Kind: FailureKind.Pending }:
                    Interlocked.Increment(ref _pending);
                    return null;
                case { Kind: FailureKind.Unauthorised or FailureKind.Forbidden or FailureKind.PurposeMissing } refused:
                    throw new VettingException(
                        "the target refuses the examiner: "
                            + $"{refused.Detail ?? refused.Code ?? refused.Kind.ToString()}; give it the account "
                            + "or the purpose that it wants");
                case { Kind: FailureKind.TooManyRequests or FailureKind.Unreachable } failure when attempt < Tries:
                    var wait = failure.RetryAfter ?? TimeSpan.FromSeconds(Math.Pow(2, attempt - 1));
                    await Task.Delay(wait < LongestWait ? wait : LongestWait, time, cancellationToken);
                    break;
                case { Kind: FailureKind.TooManyRequests or FailureKind.Unreachable } failure:
                    throw new VettingException(
                        $"the target was asked {Tries} times and gives no answer "
                            + $"({failure.Detail ?? failure.Kind.ToString()}); run the same "
                            + "command again when it does");
                case { Kind: FailureKind.TimedOut or FailureKind.TargetFault } when attempt < TriesOfOne:
                    await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
                    break;
                default:
                    return exchange;
            }
        }
    }
}
