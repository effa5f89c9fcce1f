using MatchEngine.Frs.Probes;

namespace MatchEngine.Service.Intake;

/// <summary>A body that was read before anybody knew what is to be done with it. Who reads it takes it over and clears it.</summary>
internal sealed class ReceivedBody(OwnedBuffer buffer) : IDisposable
{
    private OwnedBuffer? _buffer = buffer;

    /// <summary>The body; null when it is larger than the limit.</summary>
    /// <exception cref="InvalidOperationException">It was taken.</exception>
    public OwnedBuffer? Take(long limit)
    {
        var taken = _buffer ?? throw new InvalidOperationException("the body was taken");
        if (taken.Length > limit)
            return null;
        _buffer = null;
        return taken;
    }

    /// <summary>Overwrites it, unless somebody took it.</summary>
    public void Dispose() => _buffer?.Dispose();
}
