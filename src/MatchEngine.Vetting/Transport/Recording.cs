using MatchEngine.Vetting.Targets;

namespace MatchEngine.Vetting.Transport;

/// <summary>A call that is being made: for whom, and what was sent and received so far.</summary>
/// <param name="caller">As whom the target is asked.</param>
internal sealed class Recording(Caller caller)
{
    private static readonly AsyncLocal<Recording?> Running = new();

    /// <summary>The one of the call that is being made here; null outside of a call.</summary>
    public static Recording? Current
    {
        get => Running.Value;
        set => Running.Value = value;
    }

    /// <summary>As whom the target is asked.</summary>
    public Caller Caller { get; } = caller;

    /// <summary>What was sent.</summary>
    public SentMessage Sent { get; set; } = SentMessage.Nothing;

    /// <summary>What came back; null where nothing did yet.</summary>
    public ReceivedMessage? Received { get; set; }

    /// <summary>The body of what came back, whole and within its bound.</summary>
    public ReadOnlyMemory<byte> Body { get; set; }
}
