using System.Security.Cryptography;

namespace MatchEngine.Frs.Probes;

/// <summary>Told of every buffer that holds what a client sent. Tests use it to see that each is cleared, whatever happened.</summary>
public interface IBufferObserver
{
    /// <summary>A buffer is about to be filled.</summary>
    void HandedOut(byte[] buffer);

    /// <summary>A buffer was overwritten with zeros.</summary>
    void Cleared(byte[] buffer);
}

/// <summary>
/// Bytes that a client sent, in memory of ours only: pinned, so that the garbage collector leaves no copy behind when it compacts, and
/// overwritten with zeros when disposed of or outgrown. It grows with what came, not with what was announced; what was never written to is
/// zero as it was.
/// </summary>
public sealed class OwnedBuffer : IDisposable
{
    private readonly IBufferObserver? _observer;
    private readonly MemoryShare? _share;
    private byte[]? _bytes;

    /// <summary>Makes an empty buffer.</summary>
    /// <param name="capacity">How many bytes it has room for; it grows by <see cref="Append"/>.</param>
    /// <param name="observer">Told of the memory; null for nobody.</param>
    /// <param name="share">What the memory is taken from; null for no limit.</param>
    /// <exception cref="Errors.CodedException">The share gives no more.</exception>
    public OwnedBuffer(int capacity, IBufferObserver? observer, MemoryShare? share = null)
    {
        (_observer, _share) = (observer, share);
        _bytes = Allocate(capacity);
    }

    /// <summary>How many bytes are there.</summary>
    public int Length { get; private set; }

    /// <summary>The bytes.</summary>
    /// <exception cref="ObjectDisposedException">They were cleared.</exception>
    public Memory<byte> Memory => Bytes.AsMemory(0, Length);

    private byte[] Bytes => _bytes ?? throw new ObjectDisposedException(nameof(OwnedBuffer));

    /// <summary>Puts bytes behind those that are there.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="expected">How many there will be in the end, as somebody says: it grows no further than this without need.</param>
    /// <exception cref="Errors.CodedException">The share gives no more.</exception>
    public void Append(ReadOnlySpan<byte> bytes, long expected = long.MaxValue)
    {
        if (bytes.Length > Bytes.Length - Length)
        {
            var needed = (long)Length + bytes.Length;
            var larger = Allocate((int)Math.Min(Array.MaxLength, Math.Max(Math.Min(2L * Bytes.Length, expected), needed)));
            Memory.Span.CopyTo(larger);
            Clear(Bytes);
            _bytes = larger;
        }
        bytes.CopyTo(Bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Room for <paramref name="count"/> bytes behind those that are there, to be filled by the caller.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The buffer was made smaller.</exception>
    public Span<byte> Extend(int count)
    {
        if (count > Bytes.Length - Length)
            throw new ArgumentOutOfRangeException(nameof(count), count, "the buffer was made smaller");
        Length += count;
        return Bytes.AsSpan(Length - count, count);
    }

    /// <summary>Overwrites the bytes with zeros.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is not { } bytes)
            return;
        Clear(bytes);
        Length = 0;
    }

    private byte[] Allocate(int capacity)
    {
        capacity = Math.Max(capacity, 256);
        _share?.Take(capacity);
        // Zeros, so that nothing but what is written has to be overwritten; fresh memory of the system is zero without being touched.
        var bytes = GC.AllocateArray<byte>(capacity, pinned: true);
        _observer?.HandedOut(bytes);
        return bytes;
    }

    private void Clear(byte[] bytes)
    {
        CryptographicOperations.ZeroMemory(bytes.AsSpan(0, Length));
        _share?.Give(bytes.Length);
        _observer?.Cleared(bytes);
    }
}
