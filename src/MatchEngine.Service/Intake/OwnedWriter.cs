using System.Buffers;
using System.Security.Cryptography;
using MatchEngine.Frs.Probes;
using MatchEngine.Service.Errors;

namespace MatchEngine.Service.Intake;

/// <summary>A writer into a buffer that is cleared.</summary>
internal sealed class OwnedWriter(IBufferObserver? observer) : IBufferWriter<byte>, IDisposable
{
    private readonly OwnedBuffer _buffer = new(1024, observer);
    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(64 << 10, pinned: true);

    public ReadOnlyMemory<byte> Written => _buffer.Memory;

    public void Advance(int count) => _buffer.Append(_scratch.AsSpan(0, count));

    public Memory<byte> GetMemory(int sizeHint = 0) => sizeHint <= _scratch.Length
        ? _scratch
        : throw new ProblemException(Problem.BadValue, "a value in the body is too long");

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_scratch);
        _buffer.Dispose();
    }
}
