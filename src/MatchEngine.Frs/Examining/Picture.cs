using MatchEngine.Frs.Probes;

namespace MatchEngine.Frs.Examining;

/// <summary>A picture for people's eyes, in memory that is overwritten when this is disposed of.</summary>
public sealed class Picture : IDisposable
{
    private readonly IDisposable? _owner;
    private readonly byte[]? _own;

    internal Picture(string contentType, OwnedBuffer buffer) => (ContentType, Content, _owner) = (contentType, buffer.Memory, buffer);

    internal Picture(string contentType, byte[] content) => (ContentType, Content, _own) = (contentType, content, content);

    /// <summary><c>image/jpeg</c>, <c>image/png</c> or <c>image/webp</c>.</summary>
    public string ContentType { get; }

    /// <summary>The encoded picture.</summary>
    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Overwrites the picture.</summary>
    public void Dispose()
    {
        _owner?.Dispose();
        if (_own is not null)
            Array.Clear(_own);
    }

    internal static Picture Jpeg(byte[] content) => new("image/jpeg", content);

    /// <summary>The content type of what a browser shows as it is; null for anything else.</summary>
    internal static string? TypeOf(ReadOnlySpan<byte> photo) => photo switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        _ => null,
    };
}
